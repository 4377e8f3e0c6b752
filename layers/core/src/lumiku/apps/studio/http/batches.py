"""JSON of batches of items."""

from typing import Annotated, Any, Literal

from pydantic import Field, RootModel, field_validator
from pydantic_core import PydanticCustomError

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.http.generations import (
    Asked,
    GenerationBody,
    GenerationError,
    ShownStatus,
    asked_body,
    failure_body,
)
from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.prices import MAX_BATCH
from lumiku.apps.studio.settings import Chosen, Setting, read_settings
from lumiku.domain.instant import Instant
from lumiku.domain.projects.variations import variation_id
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body, RequestBody
from lumiku.services.projects.batches import KeptItem
from lumiku.services.work.groups import BatchView

BatchStatus = Literal["pending", "processing", "paused", "completed", "failed", "cancelled"]
type ItemId = Annotated[str, Field(min_length=1, max_length=128)]
MAX_CSV_CHARACTERS = 100_000


class SettingInput(RequestBody):
    """What is wanted of one item, in place of what is wanted of all.

    A template is applied as it is; with a colour on that colour. A colour alone replaces the
    background.
    """

    item: ItemId = Field(description="Id or SKU of the item", examples=["SEPATU-42"])
    template_id: str | None = Field(default=None, min_length=1, max_length=64)
    color: str | None = Field(default=None, max_length=16, examples=["#ffffff"])


class GenerationBatchInput(RequestBody):
    """Which items of the project shall be processed, and what shall become of them."""

    items: list[ItemId] | Literal["all"] | None = Field(
        default=None,
        description="Ids, or `all`. Without it those that the settings name, where nothing is"
        " wanted of all, else all",
    )
    workflow: Look | None = Field(default=None, description="What is wanted of all")
    template_id: str | None = Field(
        default=None, min_length=1, max_length=64, description="In place of `workflow`"
    )
    settings: list[SettingInput] = Field(default_factory=list, max_length=MAX_BATCH)
    settings_csv: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_CSV_CHARACTERS,
        description="In place of `settings`: a CSV file with the columns sku (or item), templateId"
        " and color",
    )
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    @field_validator("items")
    @classmethod
    def _are_some(cls, items: list[str] | str | None) -> list[str] | str | None:
        if isinstance(items, list) and not 1 <= len(items) <= MAX_BATCH:
            raise PydanticCustomError("batch_size", "?", {"max": MAX_BATCH})
        return items

    @field_validator("template_id")
    @classmethod
    def _is_one(cls, template_id: str | None, info: Any) -> str | None:
        if template_id is not None and info.data.get("workflow") is not None:
            raise PydanticCustomError("only_one_of", "?", {"other": "workflow"})
        return template_id

    @field_validator("settings_csv")
    @classmethod
    def _is_one_file(cls, text: str | None, info: Any) -> str | None:
        if text is not None and info.data.get("settings"):
            raise PydanticCustomError("only_one_of", "?", {"other": "settings"})
        return text

    def chosen(self) -> Chosen:
        """The same, as the use case takes it; `InvalidRequest` if the CSV file is none."""
        lines = [
            Setting(f"body.settings.{index}", one.item, one.template_id, one.color)
            for index, one in enumerate(self.settings)
        ]
        if self.settings_csv is not None:
            lines = read_settings(self.settings_csv)
        items = self.items if isinstance(self.items, list) else None
        named = self.items is None and bool(lines)
        return Chosen(items, self.workflow or self.template_id, lines, only_named=named)

    def request(self, key: str | None, request_id: str) -> Request:
        """What comes with it."""
        return Request(key, self.expected_credits, request_id)


class GenerationProgress(Body):
    """`processedItems` are those with a result."""

    total_items: int
    processed_items: int
    failed_items: int
    percentage: int


class GenerationItem(Body):
    """One item of a batch; `variationId` once its result is kept."""

    index: int
    generation_id: str
    item_id: str
    file_name: str
    status: ShownStatus
    variation_id: str | None
    asked: Asked
    error: GenerationError | None
    completed_at: Instant | None
    thumbnail_url: str | None = Field(
        description="The result as WebP of at most 320 px a side, without an Authorization header;"
        " the URL stays the same for an hour"
    )


class GenerationBatch(Body):
    """A look or template on its way to several items."""

    generation_id: str
    project_id: str
    is_batch: Literal[True] = True
    status: BatchStatus
    progress: GenerationProgress
    credits_used: int
    credits_refunded: int | None = Field(description="Once it is closed")
    created_at: Instant
    estimated_completion_at: Instant | None = Field(description="By the speed so far")
    paused_until: Instant | None = Field(
        description="While it is paused: when it is cancelled unless it is resumed"
    )
    completed_at: Instant | None
    items: list[GenerationItem] | None = Field(
        description="Those that are over since `since`, else all; null in lists"
    )
    as_of: Instant = Field(description="For the next `since`")


class AnyGeneration(RootModel[GenerationBody | GenerationBatch]):
    """The generation of one item, or a batch."""


class GenerationPage(Body):
    """Some generations and batches, newest first; `nextCursor` asks for the next ones."""

    generations: list[GenerationBody | GenerationBatch]
    next_cursor: str | None


class GenerationBatchOrdered(Body):
    """The batch is paid for, and on its way."""

    credits_used: int
    credits_remaining: int
    generation: GenerationBatch


def batch_body(
    view: BatchView,
    language: Language,
    items: list[KeptItem] | None = None,
) -> GenerationBatch:
    """A batch as its owner sees it."""
    group, tally, outcome = view.group, view.tally, view.group.outcome
    done = outcome.completed if outcome else tally.done
    failed = group.total - outcome.completed if outcome else tally.failed
    is_moving = outcome is None and not group.is_paused
    return GenerationBatch(
        generation_id=group.id,
        project_id=group.project_id or "",
        status=view.shown,
        progress=GenerationProgress(
            total_items=group.total,
            processed_items=done,
            failed_items=failed,
            percentage=(done + failed) * 100 // group.total,
        ),
        credits_used=group.price - (outcome.refund if outcome else 0),
        credits_refunded=outcome.refund if outcome else None,
        created_at=group.created_at,
        estimated_completion_at=tally.eta(view.now) if is_moving else None,
        paused_until=group.pause.ends_at if group.is_paused else None,
        completed_at=group.closed_at,
        items=None if items is None else [_item(one, language) for one in items],
        as_of=view.now,
    )


def _item(one: KeptItem, language: Language) -> GenerationItem:
    job = one.item.job
    item_id = job.for_item.item_id if job.for_item else ""
    return GenerationItem(
        index=job.index or 0,
        generation_id=job.id,
        item_id=item_id,
        file_name=job.file_name,
        status=job.status.shown.value,
        variation_id=variation_id(job, item_id) if one.is_kept else None,
        asked=asked_body(job),
        error=failure_body(job, language),
        completed_at=job.completed_at,
        thumbnail_url=one.item.thumbnail_url,
    )
