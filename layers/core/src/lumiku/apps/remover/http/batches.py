"""JSON of batches."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.remover.http.jobs import JobError, ShownStatus, UploadForm, job_error, shown_status
from lumiku.apps.remover.http.options import FormOptions, JsonOptions
from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import MAX_BATCH, MIN_BATCH, Tier, price
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.instant import Instant
from lumiku.domain.money.quotas import Payment
from lumiku.domain.texts import Language, Text
from lumiku.domain.work.groups import LARGE_FROM, Group, Photos, PlannedPhoto
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.forms import MAX_NAME, REMOTE, SENT, FormFiles, photos_in, way
from lumiku.http.work.remote import RemotePhoto, kind
from lumiku.services.work.groups import BatchStatus, BatchView, Item
from lumiku.services.work.jobs import Link
from lumiku.services.work.ordering import Placed
from lumiku.services.work.ports import UploadPolicy

# A guess before the first photo is done: what a photo takes in the slowest tier, in parallel.
SECONDS_PER_PHOTO = 4


class BatchFile(RequestBody):
    """A photo that will be uploaded."""

    name: str = Field(min_length=1, max_length=MAX_NAME, examples=["shoe.jpg"])
    size: int = Field(strict=True, ge=1, description="Bytes", examples=[2457600])

    def planned(self) -> PlannedPhoto:
        """The same, as the use case takes it."""
        return PlannedPhoto(name=self.name, size_bytes=self.size)


BatchPhoto = Annotated[
    Annotated[BatchFile, Tag(SENT)] | Annotated[RemotePhoto, Tag(REMOTE)], Discriminator(kind)
]


class BatchRequest(JsonOptions):
    """The photos, which will be uploaded or lie at addresses, and what shall be made of them."""

    tier: Tier
    files: list[BatchPhoto] = Field(min_length=MIN_BATCH, max_length=MAX_BATCH)
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )
    payment: Payment = Payment.AUTO

    def batch(self) -> NewBatch:
        """The same, as the use case takes it."""
        photos = tuple(file.planned() for file in self.files)
        return NewBatch(self.tier, photos, self.payment, self.options())


class BatchForm(FormOptions):
    """A multipart form with the photos in it, at most 4.5 MB together."""

    model_config = ConfigDict(defer_build=True, arbitrary_types_allowed=True)

    file_field = "images"
    images: FormFiles = Field(min_length=MIN_BATCH, max_length=LARGE_FROM - 1)
    tier: Tier
    expected_credits: int | None = Field(default=None, ge=0)
    payment: Payment = Payment.AUTO

    def batch(self) -> NewBatch:
        """The same, as the use case takes it."""
        return NewBatch(self.tier, photos_in(self.images), self.payment, self.options())


BatchInput = Annotated[
    Annotated[BatchRequest, Tag("json")] | Annotated[BatchForm, Tag("form")],
    Discriminator(way),
]


class BatchPricing(Body):
    """What the batch costs, and how that came about."""

    base_credits_per_image: int
    base_total: int
    discount_percentage: int
    discount_amount: int
    final_total: int
    credits_per_image_after_discount: float = Field(description="Two decimals, for display")


class FileKey(Body):
    """The key that one photo is uploaded to; null where none is: it is fetched, or a retry's."""

    index: int
    name: str
    key: str | None


class BatchAccepted(Body):
    """The batch is paid for and waits for its photos."""

    batch_id: str
    total_images: int
    tier: Tier
    pricing: BatchPricing
    credits_used: int
    credits_remaining: int
    pricing_type: str
    estimated_completion_minutes: int
    status: BatchStatus
    created_at: Instant
    closes_at: Instant
    upload: UploadForm | None = Field(
        description="POST each photo to `url` with `fields`, `key` replaced by the photo's own"
    )
    files: list[FileKey]


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


def accepted_batch_body(
    placed: Placed[Group], photos: Photos, upload: UploadPolicy | None
) -> BatchAccepted:
    """What POST /batch answers for `photos`; without `upload` when they are there already."""
    group = placed.order
    tier = Tier.of(group.product)
    full = price(tier, group.total)
    return BatchAccepted(
        batch_id=group.id,
        total_images=group.total,
        tier=tier,
        pricing=BatchPricing(
            base_credits_per_image=full.base_per_photo,
            base_total=full.base_total,
            discount_percentage=full.discount_percent,
            discount_amount=full.discount,
            final_total=full.total,
            credits_per_image_after_discount=full.hundredths_per_photo / 100,
        ),
        credits_used=group.price,
        credits_remaining=placed.balance,
        pricing_type=group.pricing_type,
        estimated_completion_minutes=-(-group.total * SECONDS_PER_PHOTO // 60),
        status=BatchStatus.PENDING,
        created_at=group.created_at,
        closes_at=group.closes_at,
        upload=UploadForm.model_validate(upload) if upload else None,
        files=[
            FileKey(
                index=index,
                name=photo.name,
                key=str(group.photo_key(index)) if group.awaits(photo) else None,
            )
            for index, photo in enumerate(photos)
        ],
    )


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
