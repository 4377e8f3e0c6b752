"""What the API answers. Fields this version does not know are ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Tier(StrEnum):
    """Quality of a cut-out, the cheapest first."""

    BASIC = "basic"
    STANDARD = "standard"
    PROFESSIONAL = "professional"
    INDUSTRY = "industry"


class JobStatus(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Answer(BaseModel):
    """The `data` of an answer."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )


class Session(Answer):
    """A login that succeeded. `expires_in` is in seconds; `refresh_token` gets another token."""

    token: str = Field(repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    expires_in: int


class Workspace(Answer):
    """An account that one may act for, by whose address it is, and one's role there."""

    workspace_id: str
    owner: str | None
    role: str


class Workspaces(Answer):
    """All of them."""

    workspaces: Sequence[Workspace]


class GrantedCredits(Answer):
    """Credits of a plan's month that expire together."""

    credits: int
    expires_at: AwareDatetime


class Credits(Answer):
    """What the account can spend, in whole credits: `bought` ones stay, `granted` ones expire.

    Granted ones are used first, the next to expire before the others.
    """

    balance: int
    bought: int = 0
    granted: Sequence[GrantedCredits] = ()
    currency: str = "credits"


class UploadTicket(Answer):
    """A form that S3 accepts once filled with the photo: fields first, the file last."""

    url: str
    fields: Mapping[str, str] = Field(repr=False)
    expires_at: AwareDatetime


class Submission(Answer):
    """A job that was accepted and charged and now waits for its photo."""

    job_id: str
    status: str
    tier: str
    credits_used: int
    credits_remaining: int | None = None
    pricing_type: str
    upload: UploadTicket


class JobError(Answer):
    """Why a job failed: a stable code, and a sentence for a person."""

    code: str
    message: str


class JobMetadata(Answer):
    """Facts of photo and result: sizes in bytes, width and height in pixels, upright."""

    original_size: int | None = None
    processed_size: int | None = None
    width: int | None = None
    height: int | None = None
    format: str | None = None


class ProviderFault(Answer):
    """A hosted provider that did not answer: the entry of the route, and the kind of reason."""

    entry: str
    kind: str


class Receipt(Answer):
    """How a result was made: by which entry of the tier's route, `local` or a hosted model.

    `weights` are SHA-256 by model, of local results. Costs, in millionths of a US dollar, are
    told to administrators only.
    """

    entry: str
    provider: str
    model: str | None = None
    request_id: str | None = None
    weights: Mapping[str, str] = {}
    tries: int = 0
    faults: Sequence[ProviderFault] = ()
    stage_ms: Mapping[str, int] = {}
    provider_cost_micro_usd: int | None = None
    lambda_cost_micro_usd: int | None = None
    credits: int = 0


class Job(Answer):
    """One photo on its way through the service.

    `credits_used` is what it costs now, so 0 once the whole price is among `credits_refunded`.
    `warnings` are codes of what is not as asked for: `no_subject` for a photo left whole.
    """

    job_id: str
    batch_id: str | None = None
    # A status that a newer server invents stays readable as text.
    status: Annotated[JobStatus | str, Field(union_mode="left_to_right")]
    tier: str
    file_name: str
    credits_used: int
    credits_refunded: int = 0
    pricing_type: str = "credits"
    created_at: AwareDatetime
    completed_at: AwareDatetime | None = None
    processing_time_ms: int | None = None
    error: JobError | None = None
    metadata: JobMetadata | None = None
    warnings: Sequence[str] = ()
    receipt: Receipt | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.completed_at is not None or self.status not in (
            JobStatus.PENDING,
            JobStatus.PROCESSING,
        )


class Paged(Answer):
    """Some of a list, and the cursor of what follows."""

    next_cursor: str | None = None


class JobPage(Paged):
    """Some jobs."""

    jobs: list[Job]


class DownloadLink(Answer):
    """Where a result can be fetched for a short time, without a token."""

    url: str = Field(repr=False)
    expires_at: AwareDatetime
    size_bytes: int | None = None
    file_name: str | None = None
    content_type: str | None = None


@dataclass(frozen=True)
class Result:
    """A finished job and the file its cut-out was written to."""

    job: Job
    path: Path


class Stage(StrEnum):
    """What is being done for a photo right now."""

    SUBMITTING = "submitting"
    UPLOADING = "uploading"
    QUEUED = "queued"
    PROCESSING = "processing"
    DOWNLOADING = "downloading"


@dataclass(frozen=True)
class Progress:
    """A moment in the life of a photo. The byte counts are of the transfer under way."""

    stage: Stage
    job_id: str | None = None
    credits_used: int = 0
    done_bytes: int = 0
    total_bytes: int = 0
