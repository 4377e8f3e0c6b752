"""What the API answers about pictures of items. Fields this version does not know are ignored."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from ._looks import Look
from ._models import Answer, JobError, JobStatus, Paged, Receipt
from ._studio_models import Lacking


class Asked(Answer):
    """What was ordered, and all that makes the same picture again with the receipt's weights."""

    workflow: Mapping[str, Any] | None = None
    template_id: str | None = None
    template_version: str | None = None
    color: str | None = None
    seed: int | None = None
    source: str | None = None

    def is_for(self, look: Look) -> bool:
        """Whether that look was ordered."""
        return (self.template_id, self.workflow) == (look.template_id, look.workflow)


class Generation(Answer):
    """A look on its way to one item; `variation_id` once it is completed.

    `credits_used` is what it costs now, so 0 once the whole price is among `credits_refunded`.
    """

    generation_id: str
    project_id: str
    item_id: str
    variation_id: str | None = None
    # A status that a newer server invents stays readable as text.
    status: Annotated[JobStatus | str, Field(union_mode="left_to_right")]
    asked: Asked
    credits_used: int
    credits_refunded: int = 0
    created_at: AwareDatetime
    completed_at: AwareDatetime | None = None
    error: JobError | None = None
    warnings: Sequence[str] = ()
    receipt: Receipt | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in (JobStatus.PENDING, JobStatus.PROCESSING)


class GenerationProgress(Answer):
    """How far a batch is. `processed_items` are those with a result."""

    total_items: int
    processed_items: int
    failed_items: int
    percentage: int


class BatchedItem(Answer):
    """One item of a batch; `variation_id` once its result is kept. The URL needs no token."""

    index: int
    generation_id: str
    item_id: str
    file_name: str
    status: Annotated[JobStatus | str, Field(union_mode="left_to_right")]
    variation_id: str | None = None
    asked: Asked
    error: JobError | None = None
    completed_at: AwareDatetime | None = None
    thumbnail_url: str | None = None


class GenerationBatch(Answer):
    """A look, or a look for each, on its way to several items of a project.

    `status` may be `paused` too, until `paused_until` at most. `credits_used` is what it costs now;
    `items` are not told in lists.
    """

    generation_id: str
    project_id: str
    is_batch: Literal[True]
    status: str
    progress: GenerationProgress
    credits_used: int
    credits_refunded: int | None = None
    created_at: AwareDatetime
    estimated_completion_at: AwareDatetime | None = None
    paused_until: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    items: Sequence[BatchedItem] | None = None

    @property
    def unkept(self) -> Sequence[BatchedItem]:
        """Items that are done, but whose results are not variations yet."""
        return [
            item
            for item in self.items or ()
            if item.status == JobStatus.COMPLETED and item.variation_id is None
        ]

    @property
    def is_over(self) -> bool:
        """Whether it is closed, and what is done is kept."""
        return self.completed_at is not None and not self.unkept


class BatchOrdered(Answer):
    """A batch that is paid for."""

    credits_used: int
    credits_remaining: int
    generation: GenerationBatch


class GenerationPage(Paged):
    """Some generations and batches."""

    generations: Sequence[Generation | GenerationBatch]


class Variation(Answer):
    """A finished picture of an item, width and height in pixels. The URL needs no token."""

    variation_id: str
    item_id: str
    generation_id: str
    is_selected: bool
    asked: Asked
    credits_used: int
    width: int
    height: int
    size_bytes: int
    format: str
    warnings: Sequence[str] = ()
    weights: Mapping[str, str] = {}
    thumbnail_url: str | None = None
    created_at: AwareDatetime


class VariationPage(Paged):
    """Some variations."""

    variations: Sequence[Variation]


class Ordered(Answer):
    """A generation that was ordered, or the variation that was made before and costs nothing."""

    credits_used: int
    credits_remaining: int | None = None
    generation: Generation | None = None
    variation: Variation | None = None


class Preview(Answer):
    """A small picture of what an order would make, as a `data:` URL of a WebP, once it is ready."""

    status: str
    image: str | None = Field(default=None, repr=False)
    width: int | None = None
    height: int | None = None
    is_marked: bool = False
    not_in_plan: Lacking | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is there."""
        return self.image is not None

    @property
    def data(self) -> bytes:
        """The WebP."""
        return b64decode((self.image or "").partition(",")[2])


@dataclass(frozen=True)
class Made:
    """A picture of an item, and what it cost. Without a generation it was made before."""

    variation_id: str
    generation_id: str | None
    credits: int
    warnings: Sequence[str] = ()
