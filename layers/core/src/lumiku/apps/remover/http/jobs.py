"""JSON of jobs and of the permission to upload a photo."""

from typing import Annotated, Literal, cast

from pydantic import ConfigDict, Discriminator, Field, Tag

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.remover.http.options import FormOptions, JsonOptions
from lumiku.apps.remover.ordering import NewPhoto
from lumiku.apps.remover.prices import Tier
from lumiku.domain.instant import Instant
from lumiku.domain.money.quotas import Payment
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Language
from lumiku.domain.work.jobs import Failure, Job
from lumiku.domain.work.photos import MAX_PHOTO_BYTES
from lumiku.domain.work.reasons import reason
from lumiku.http.bodies import Body
from lumiku.http.forms import REMOTE, FormFile, way
from lumiku.http.work.receipts import CostedReceiptBody, ReceiptBody, receipt_body
from lumiku.http.work.remote import MAX_URL, kind, name_in
from lumiku.services.work.jobs import Links
from lumiku.services.work.ordering import Placed
from lumiku.services.work.ports import UploadPolicy

ShownStatus = Literal["pending", "processing", "completed", "failed", "expired", "cancelled"]

MAX_NAME = 255
"""Characters of a file name; a longer one is cut where a form brings it."""

_PAYMENT = "auto: the plan if it covers the photo, else credits; otherwise only what is named"


class RemoveRequest(JsonOptions):
    """The photo that will be uploaded, how good the cut-out and what the result shall be."""

    file_name: str = Field(min_length=1, max_length=MAX_NAME, examples=["shoe.jpg"])
    file_size: int = Field(
        strict=True, ge=1, description=f"Bytes, at most {MAX_PHOTO_BYTES}", examples=[2457600]
    )
    content_type: str = Field(default="", max_length=127, examples=["image/jpeg"])
    tier: Tier
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    payment: Payment = Field(default=Payment.AUTO, description=_PAYMENT)

    def photo(self) -> NewPhoto:
        """The same, as the use case takes it."""
        return NewPhoto(
            self.file_name,
            self.file_size,
            self.content_type,
            self.tier,
            self.payment,
            options=self.options(),
        )


class RemoveByUrl(JsonOptions):
    """Where the photo lies, how good the cut-out and what the result shall be."""

    url: str = Field(
        min_length=1,
        max_length=MAX_URL,
        description="Public and https; fetched within 15 seconds",
        examples=["https://shop.example/photos/shoe.jpg"],
    )
    file_name: str | None = Field(
        default=None, min_length=1, max_length=MAX_NAME, description="Else as the address ends"
    )
    tier: Tier
    expected_credits: int | None = Field(default=None, strict=True, ge=0)
    payment: Payment = Field(default=Payment.AUTO, description=_PAYMENT)

    def photo(self) -> NewPhoto:
        """The same, as the use case takes it; it may be as large as any."""
        name = self.file_name or name_in(self.url)
        return NewPhoto(name, MAX_PHOTO_BYTES, "", self.tier, self.payment, self.options())


class RemoveForm(FormOptions):
    """A multipart form with the photo in it, at most 4.5 MB."""

    model_config = ConfigDict(defer_build=True, arbitrary_types_allowed=True)

    file_field = "image"
    image: FormFile
    tier: Tier
    expected_credits: int | None = Field(default=None, ge=0)
    payment: Payment = Field(default=Payment.AUTO, description=_PAYMENT)

    def photo(self) -> NewPhoto:
        """The same, as the use case takes it."""
        return NewPhoto(
            (self.image.filename or "photo")[:MAX_NAME],
            len(self.image.content),
            self.image.content_type or "",
            self.tier,
            self.payment,
            self.options(),
        )


def _way(body: object) -> str:
    return REMOTE if way(body) == "json" and kind(body) == REMOTE else way(body)


RemoveInput = Annotated[
    Annotated[RemoveRequest, Tag("json")]
    | Annotated[RemoveByUrl, Tag(REMOTE)]
    | Annotated[RemoveForm, Tag("form")],
    Discriminator(_way),
]


class UploadForm(Body):
    """POST a multipart form to `url`: all `fields` first, the photo as `file` last."""

    url: str
    fields: dict[str, str]
    expires_at: Instant


class JobLinks(Body):
    """Where to go on."""

    self: str
    download: str


class RemoveAccepted(Body):
    """The job is paid for and waits for its photo."""

    job_id: str
    status: ShownStatus
    tier: Tier
    credits_used: int
    credits_remaining: int
    pricing_type: str
    upload: UploadForm | None
    links: JobLinks


class JobError(Body):
    """Why there is no result."""

    code: str
    message: str


class JobMetadata(Body):
    """Sizes in bytes and pixels; `format` of the result."""

    original_size: int
    processed_size: int
    width: int
    height: int
    format: str


_WARNINGS = Field(
    description="What is not as asked for. `no_subject`: nothing stood out, the photo is left whole"
)


class Removed(Body):
    """The finished result of a photo that came as a form; the URLs work for 15 minutes."""

    job_id: str
    original_url: str
    processed_url: str
    credits_used: int
    pricing_type: str
    processing_time_ms: int
    tier: Tier
    metadata: JobMetadata
    warnings: list[str] = _WARNINGS


class JobBody(Body):
    """One photo on its way."""

    job_id: str
    batch_id: str | None = Field(description="Of a batch's photo")
    status: ShownStatus
    tier: Tier
    file_name: str
    credits_used: int = Field(
        description="Of a batch's photo its share of what was ordered; what the batch cost in the"
        " end is decided when it closes"
    )
    credits_refunded: int
    pricing_type: str
    created_at: Instant
    completed_at: Instant | None
    processing_time_ms: int | None
    error: JobError | None
    metadata: JobMetadata | None
    warnings: list[str] = _WARNINGS
    receipt: CostedReceiptBody | ReceiptBody | None = Field(description="Once there is a result")


class JobPage(Body):
    """Some jobs, newest first; `nextCursor` asks for the next ones."""

    jobs: list[JobBody]
    next_cursor: str | None


class DownloadLink(Body):
    """GET `url` without an Authorization header until `expiresAt`."""

    url: str
    expires_at: Instant
    size_bytes: int
    file_name: str
    content_type: str


def removed_body(job: Job, links: Links, caller: Caller, language: Language) -> Removed:
    """What POST /remove answers to a form whose result is there in time."""
    shown = job_body(job, caller, language)
    return Removed.model_validate(
        {
            **shown.model_dump(),
            "original_url": links.original,
            "processed_url": links.processed,
        }
    )


def accepted_body(placed: Placed[Job], upload: UploadPolicy | None) -> RemoveAccepted:
    """What POST /remove answers; without `upload` when the photo is there already."""
    job = placed.order
    path = f"{REMOVER_PREFIX}/jobs/{job.id}"
    return RemoveAccepted(
        job_id=job.id,
        status=shown_status(job),
        tier=Tier.of(job.product),
        credits_used=job.price,
        credits_remaining=placed.balance,
        pricing_type=job.pricing_type,
        upload=UploadForm.model_validate(upload) if upload else None,
        links=JobLinks(self=path, download=f"{path}/download"),
    )


def shown_status(job: Job) -> ShownStatus:
    """A job's status as its owner sees it."""
    return cast(ShownStatus, job.status.shown.value)


def job_error(failure: Failure, language: Language) -> JobError:
    """Why there is no result, in a language."""
    return JobError(code=failure.code, message=reason(failure).to(language))


def job_body(job: Job, caller: Caller, language: Language) -> JobBody:
    """A job as its owner, who asks, sees it, in the owner's language."""
    over = job.status.is_over
    return JobBody(
        job_id=job.id,
        batch_id=job.group_id,
        status=shown_status(job),
        tier=Tier.of(job.product),
        file_name=job.file_name,
        credits_used=job.price - job.refunded,
        credits_refunded=job.refunded,
        pricing_type=job.pricing_type,
        created_at=job.created_at,
        completed_at=job.completed_at,
        processing_time_ms=job.processing_ms if job.result else None,
        error=job_error(job.failure, language) if job.failure and over else None,
        metadata=JobMetadata(
            original_size=job.source.size_bytes or job.declared_bytes,
            processed_size=job.result.size_bytes,
            width=job.result.width_px,
            height=job.result.height_px,
            format=job.result.format,
        )
        if job.result
        else None,
        warnings=[job.result.note] if job.result and job.result.note else [],
        receipt=receipt_body(job, caller),
    )
