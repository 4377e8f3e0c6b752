"""What the API answers about batches. Fields this version does not know are ignored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from ._models import Answer, DownloadLink, JobError, Paged, UploadTicket

MIN_BATCH, MAX_BATCH = 2, 5000


class Payment(StrEnum):
    """How an order shall be paid: `auto` takes the plan if it covers all of it, else credits."""

    AUTO = "auto"
    CREDITS = "credits"
    SUBSCRIPTION = "subscription"


class PriceToday(Answer):
    """What an order would take from the account now, and whether its plan covers it.

    `credits` is 0 on a plan, and None if the order would be refused; `reason` says why a plan
    does not cover it.
    """

    covered: bool = False
    reason: str | None = None
    plan: str | None = None
    quota_left: int | None = None
    credits: int | None = None
    balance: int
    affordable: bool


class Price(Answer):
    """The price of some photos that are ordered together, in credits."""

    tier: str
    image_count: int
    base_credits_per_image: int
    base_total: int
    discount_percentage: int
    discount_amount: int
    final_total: int
    today: PriceToday


class BatchKey(Answer):
    """Where one photo of a batch is uploaded to: the value of `key` in the form.

    Empty for one that the service fetches.
    """

    index: int
    name: str
    key: Annotated[str, BeforeValidator(lambda key: key or "")]


class BatchSubmission(Answer):
    """A batch that was accepted and charged and now waits for its photos.

    The form of `upload` takes each photo, with `key` replaced by the photo's own; there is none
    where all are fetched.
    """

    batch_id: str
    total_images: int
    tier: str
    credits_used: int
    credits_remaining: int | None = None
    pricing_type: str
    status: str
    closes_at: AwareDatetime
    upload: UploadTicket | None = None
    files: Sequence[BatchKey]


class BatchStatus(StrEnum):
    """Where a batch stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchProgress(Answer):
    """`processed_images` are those with a result."""

    total_images: int
    processed_images: int
    failed_images: int
    percentage: int


class BatchCost(Answer):
    """What was charged, and what came back; the latter is None until the batch is over."""

    total_credits: int
    discount_percentage: int = 0
    credits_refunded: int | None = None


class BatchTiming(Answer):
    """`estimated_completion_at` follows from the speed measured so far."""

    started_at: AwareDatetime
    closes_at: AwareDatetime
    estimated_completion_at: AwareDatetime | None = None


class Batch(Answer):
    """Photos that were ordered together, on their way through the service.

    `hint` says what seems to be wrong with how they are sent.
    """

    batch_id: str
    # A status that a newer server invents stays readable as text.
    status: Annotated[BatchStatus | str, Field(union_mode="left_to_right")]
    tier: str
    progress: BatchProgress
    pricing: BatchCost
    timing: BatchTiming
    zip_url: str | None = None
    zip_size_bytes: int | None = None
    zip_parts: int | None = None
    completed_at: AwareDatetime | None = None
    hint: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in (BatchStatus.PENDING, BatchStatus.PROCESSING)


class BatchPage(Paged):
    """Some batches."""

    batches: Sequence[Batch]


class BatchItem(Answer):
    """One photo of a batch. Width and height in pixels, upright."""

    index: int
    job_id: str
    file_name: str
    status: str
    uploaded: bool
    error: JobError | None = None
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None


class BatchItems(Paged):
    """Some photos of a batch, in their order."""

    items: Sequence[BatchItem]


class ZipLink(DownloadLink):
    """Where one part of a batch's ZIP can be fetched, and all of them."""

    parts: Sequence[DownloadLink] = ()


@dataclass(frozen=True)
class BatchPhoto:
    """A photo to announce: its name, without folders, and its size."""

    name: str
    size_bytes: int


@dataclass(frozen=True)
class PhotoAt:
    """A photo that the service fetches from a public https address, and what it is called.

    Without a name it is called as the address ends.
    """

    url: str
    name: str | None = None


@dataclass(frozen=True)
class PhotoUpload:
    """A photo of a batch and the key it is uploaded to."""

    index: int
    path: Path
    key: str
