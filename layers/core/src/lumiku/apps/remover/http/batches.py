"""JSON of batches."""

from collections.abc import Sequence

from pydantic import Field

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.remover.http.jobs import JobError, ShownStatus, job_error, shown_status
from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Language, Text
from lumiku.http.bodies import Body
from lumiku.services.work.groups import BatchStatus, BatchView, Item
from lumiku.services.work.jobs import Link


class BatchProgress(Body):
    """`processedImages` are those with a result."""

    total_images: int
    processed_images: int
    failed_images: int
    percentage: int


class BatchCost(Body):
    """What was charged, and what came back when the batch closed."""

    total_credits: int
    discount_percentage: int
    credits_refunded: int | None


class BatchTiming(Body):
    """`estimatedCompletionAt` follows from the speed measured so far."""

    started_at: Instant
    closes_at: Instant
    estimated_completion_at: Instant | None


class BatchBody(Body):
    """One batch on its way. `zipUrl` is relative to the API and asks for the token."""

    batch_id: str
    status: BatchStatus
    tier: Tier
    progress: BatchProgress
    pricing: BatchCost
    timing: BatchTiming
    zip_url: str | None
    zip_size_bytes: int | None
    zip_parts: int | None = Field(description="Several for more than 500 photos")
    completed_at: Instant | None
    integrated_with: str | None = Field(description="The other app that it is of")
    return_to: str | None = Field(description="Where that wants people to be sent back to")
    hint: str | None = Field(
        description="What seems to be wrong with how the photos are sent: one came under no photo's"
        " key, as when `${filename}` is left in it"
    )


class BatchPage(Body):
    """Some batches, newest first; `nextCursor` asks for the next ones."""

    batches: list[BatchBody]
    next_cursor: str | None


class ItemBody(Body):
    """One photo of a batch."""

    index: int
    job_id: str
    file_name: str
    status: ShownStatus
    uploaded: bool
    error: JobError | None
    width: int | None
    height: int | None
    size_bytes: int | None
    completed_at: Instant | None
    thumbnail_url: str | None = Field(
        description="The result as WebP of at most 320 px a side, without an Authorization header;"
        " the URL stays the same for an hour"
    )


class ItemList(Body):
    """Photos of a batch, in their order; `nextCursor` asks for the next ones.

    Ask for what changes later with `since` = `asOf` of the first page.
    """

    items: list[ItemBody]
    next_cursor: str | None
    as_of: Instant


class ZipPart(Body):
    """GET `url` without an Authorization header until `expiresAt`."""

    url: str
    expires_at: Instant
    size_bytes: int
    file_name: str


class ZipBody(ZipPart):
    """One part of the ZIP, and all `parts`: several of a batch with more than 500 photos."""

    parts: list[ZipPart]


def batch_body(view: BatchView, language: Language) -> BatchBody:
    """A batch as its owner sees it, in the owner's language.

    After the close by its outcome, before by its tally.
    """
    group, tally, outcome = view.group, view.tally, view.group.outcome
    done = outcome.completed if outcome else tally.done
    failed = group.total - outcome.completed if outcome else tally.failed
    return BatchBody(
        batch_id=group.id,
        status=view.status,
        tier=Tier.of(group.product),
        progress=BatchProgress(
            total_images=group.total,
            processed_images=done,
            failed_images=failed,
            percentage=(done + failed) * 100 // group.total,
        ),
        pricing=BatchCost(
            total_credits=group.price,
            discount_percentage=price(Tier.of(group.product), group.total).discount_percent,
            credits_refunded=outcome.refund if outcome else None,
        ),
        timing=BatchTiming(
            started_at=group.created_at,
            closes_at=group.closes_at,
            estimated_completion_at=None if outcome else tally.eta(view.now),
        ),
        zip_url=f"{REMOVER_PREFIX}/batch/{group.id}/download" if group.archive else None,
        zip_size_bytes=group.archive.size_bytes if group.archive else None,
        zip_parts=group.archive.parts if group.archive else None,
        completed_at=group.closed_at,
        integrated_with=group.integrated_with,
        return_to=group.integration and group.integration.return_to,
        hint=group.hint.to(language) if group.hint else None,
    )


def item_body(item: Item, language: Language) -> ItemBody:
    """One photo as its owner sees it, in the owner's language."""
    job = item.job
    return ItemBody(
        index=job.index or 0,
        job_id=job.id,
        file_name=job.file_name,
        status=shown_status(job),
        uploaded=item.uploaded,
        error=job_error(job.failure, language) if job.failure else None,
        width=job.result.width_px if job.result else None,
        height=job.result.height_px if job.result else None,
        size_bytes=job.result.size_bytes if job.result else None,
        completed_at=job.completed_at,
        thumbnail_url=item.thumbnail_url,
    )


def zip_body(links: Sequence[Link], part: int) -> ZipBody:
    """What is told of the `part`th (from 1) of a batch's ZIPs."""
    parts = [ZipPart.model_validate(link) for link in links]
    return ZipBody(**parts[part - 1].model_dump(), parts=parts)


def no_such_part(part: int, parts: int) -> InvalidRequest:
    """The refusal of one that a batch does not have."""
    told = Text(
        f"There is no part {part}: this ZIP has {parts}.",
        f"Tidak ada bagian {part}: ZIP ini punya {parts}.",
    )
    return InvalidRequest.at("query.part", told)
