"""JSON of generations and variations."""

from typing import Any, Literal, cast

from pydantic import Field

from lumiku.apps.studio.downloads import Fetched
from lumiku.apps.studio.looks import HOSTED, PROCEDURAL
from lumiku.domain.instant import Instant
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Item, parsed
from lumiku.domain.projects.variations import Variation, variation_id
from lumiku.domain.texts import Language
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.reasons import reason
from lumiku.http.bodies import Body
from lumiku.http.work.receipts import CostedReceiptBody, ReceiptBody, receipt_body
from photo_steps.scenes import PAINT_ROUTES

ShownStatus = Literal["pending", "processing", "completed", "failed", "expired", "cancelled"]


class Asked(Body):
    """What was ordered, and all that makes the same picture again with the receipt's weights."""

    workflow: dict[str, Any] | None = Field(default=None, description="As it was ordered")
    template_id: str | None = Field(default=None, description="Of a template that was applied")
    template_version: str | None = Field(default=None, description="Changes with the template")
    variation_id: str | None = Field(default=None, description="The one that was enlarged")
    tier: str | None = Field(default=None, description="Of a removal by the background remover")
    color: str | None = Field(default=None, description="In place of the template's backdrop")
    seed: int | None = Field(default=None, description="Of a scene that was computed")
    source: str | None = Field(
        default=None,
        description="Of a scene from words: `procedural`: it was computed, no model painted it;"
        " `ai`: a provider paints it",
    )


class GenerationError(Body):
    """Why there is no variation."""

    code: str
    message: str


class GenerationBody(Body):
    """A look or template on its way to one item; `variationId` once it is completed."""

    generation_id: str
    project_id: str
    item_id: str
    variation_id: str | None
    status: ShownStatus
    asked: Asked
    credits_used: int
    credits_refunded: int
    created_at: Instant
    completed_at: Instant | None
    error: GenerationError | None
    warnings: list[str] = Field(description="What is not as asked for")
    receipt: CostedReceiptBody | ReceiptBody | None = Field(description="Once it is completed")


class VariationBody(Body):
    """A finished picture of an item; the URL needs no token and stays the same for an hour."""

    variation_id: str
    item_id: str
    generation_id: str = Field(description="Of one that was imported, the removal's job")
    is_selected: bool
    asked: Asked
    credits_used: int
    width: int
    height: int
    size_bytes: int
    format: str
    warnings: list[str] = Field(description="What is not as asked for")
    weights: dict[str, str] = Field(
        description="SHA-256 of the files of the local models that ran, by model"
    )
    thumbnail_url: str | None = Field(description="WebP of at most 320 px a side")
    created_at: Instant


class VariationPage(Body):
    """Some variations, newest first; `nextCursor` asks for the next ones."""

    variations: list[VariationBody]
    next_cursor: str | None


class Ordered(Body):
    """The order: on its way, or made before, then free and with its `variation`."""

    credits_used: int
    credits_remaining: int | None = Field(description="None where nothing was charged")
    generation: GenerationBody | None
    variation: VariationBody | None


class VariationLink(Body):
    """GET `url` without an Authorization header until `expiresAt`."""

    variation_id: str
    url: str
    expires_at: Instant
    size_bytes: int
    file_name: str
    content_type: str


def asked_body(made: Job | Variation) -> Asked:
    """What was ordered of an item; of a scene that we painted in a provider's place, that."""
    told = made.for_item if isinstance(made, Job) else made
    shown, receipt = Asked.model_validate(told.asked if told else {}), made.receipt
    if shown.source == HOSTED and receipt is not None and receipt.are_ours(PAINT_ROUTES):
        return shown.model_copy(update={"source": PROCEDURAL})
    return shown


def failure_body(job: Job, language: Language) -> GenerationError | None:
    """Why a job that is over has no result."""
    if job.failure is None or not job.status.is_over:
        return None
    return GenerationError(code=job.failure.code, message=reason(job.failure).to(language))


def variation_link(fetched: Fetched) -> VariationLink:
    """What a download answers."""
    link = fetched.link
    return VariationLink(
        variation_id=fetched.variation.id,
        url=link.url,
        expires_at=link.expires_at,
        size_bytes=link.size_bytes,
        file_name=link.file_name,
        content_type=link.content_type,
    )


def generation_body(job: Job, caller: Caller, language: Language) -> GenerationBody:
    """A generation as its owner, who asks, sees it."""
    item_id = job.for_item.item_id if job.for_item else ""
    project_id, _ = parsed(item_id) or ("", "")
    is_done = job.status is Status.COMPLETED
    return GenerationBody(
        generation_id=job.id,
        project_id=project_id,
        item_id=item_id,
        variation_id=variation_id(job, item_id) if is_done else None,
        status=cast(ShownStatus, job.status.shown.value),
        asked=asked_body(job),
        credits_used=job.price - job.refunded,
        credits_refunded=job.refunded,
        created_at=job.created_at,
        completed_at=job.completed_at,
        error=failure_body(job, language),
        warnings=[job.result.note] if job.result and job.result.note else [],
        receipt=receipt_body(job, caller),
    )


def variation_body(variation: Variation, item: Item, thumbnail_url: str | None) -> VariationBody:
    """A variation as its owner sees it."""
    result, receipt = variation.result, variation.receipt
    return VariationBody(
        variation_id=variation.id,
        item_id=variation.item_id,
        generation_id=variation.generation_id,
        is_selected=item.selected == variation.id,
        asked=asked_body(variation),
        credits_used=variation.credits,
        width=result.width_px,
        height=result.height_px,
        size_bytes=result.size_bytes,
        format=result.format,
        warnings=[variation.note] if variation.note else [],
        weights=dict(receipt.weights) if receipt else {},
        thumbnail_url=thumbnail_url,
        created_at=variation.created_at,
    )
