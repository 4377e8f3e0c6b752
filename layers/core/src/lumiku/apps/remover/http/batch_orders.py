"""JSON and forms by which batches are ordered."""

from typing import Annotated

from pydantic import ConfigDict, Discriminator, Field, Tag

from lumiku.apps.remover.http.jobs import UploadForm
from lumiku.apps.remover.http.options import FormOptions, JsonOptions
from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import MAX_BATCH, MIN_BATCH, Tier, price
from lumiku.domain.instant import Instant
from lumiku.domain.money.quotas import Payment
from lumiku.domain.work.groups import LARGE_FROM, Group, Photos, PlannedPhoto
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.forms import MAX_NAME, REMOTE, SENT, FormFiles, photos_in, way
from lumiku.http.work.remote import RemotePhoto, kind
from lumiku.services.work.groups import BatchStatus
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
