"""JSON of uploads."""

from typing import Annotated, Literal, cast

from pydantic import ConfigDict, Discriminator, Field, Tag

from lumiku.apps.studio.uploads import MAX_FILES
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Language
from lumiku.domain.work.groups import Group, Photos, PlannedPhoto, Stage
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.reasons import reason
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.forms import MAX_NAME, REMOTE, SENT, FormFiles, photos_in, way
from lumiku.http.work.remote import RemotePhoto, kind
from lumiku.services.projects.uploads import UploadView
from lumiku.services.work.ordering import Placed
from lumiku.services.work.ports import UploadPolicy

ShownStatus = Literal["pending", "processing", "completed", "failed", "expired", "cancelled"]


class UploadFile(RequestBody):
    """A photo that will be uploaded."""

    name: str = Field(min_length=1, max_length=MAX_NAME, examples=["sepatu.jpg"])
    size: int = Field(
        strict=True, ge=1, description=f"Bytes, at most {MAX_UPLOAD_BYTES}", examples=[2457600]
    )

    def planned(self) -> PlannedPhoto:
        """The same, as the use case takes it."""
        return PlannedPhoto(name=self.name, size_bytes=self.size)


UploadPhoto = Annotated[
    Annotated[UploadFile, Tag(SENT)] | Annotated[RemotePhoto, Tag(REMOTE)], Discriminator(kind)
]


class UploadRequest(RequestBody):
    """The photos that will be uploaded, or that lie at addresses."""

    files: list[UploadPhoto] = Field(min_length=1, max_length=MAX_FILES)
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    def photos(self) -> Photos:
        """The same, as the use case takes it."""
        return tuple(file.planned() for file in self.files)


class PhotosForm(RequestBody):
    """A multipart form with the photos in it, at most 4.5 MB together."""

    model_config = ConfigDict(defer_build=True, arbitrary_types_allowed=True)

    file_field = "images"
    images: FormFiles = Field(min_length=1, max_length=MAX_FILES)
    expected_credits: int | None = Field(default=None, ge=0)

    def photos(self) -> Photos:
        """The same, as the use case takes it."""
        return photos_in(self.images)


UploadInput = Annotated[
    Annotated[UploadRequest, Tag("json")] | Annotated[PhotosForm, Tag("form")],
    Discriminator(way),
]


class ItemsForm(Body):
    """POST a multipart form to `url`: all `fields` first, the photo as `file` last."""

    url: str
    fields: dict[str, str]
    expires_at: Instant


class UploadKey(Body):
    """The key that one photo is uploaded to; null where it is fetched."""

    index: int
    name: str
    key: str | None


class UploadAccepted(Body):
    """The upload is paid for and waits for its photos."""

    upload_id: str
    project_id: str
    credits_used: int
    credits_remaining: int
    closes_at: Instant
    upload: ItemsForm | None = Field(
        description="POST each photo to `url` with `fields`, `key` replaced by the photo's own;"
        " null where the photos came with the request or are fetched"
    )
    files: list[UploadKey]


class UploadError(Body):
    """Why a photo is not kept."""

    code: str
    message: str


class UploadedFile(Body):
    """One photo of an upload; `itemId` once it is kept."""

    index: int
    name: str
    status: ShownStatus
    item_id: str | None
    error: UploadError | None


class UploadBody(Body):
    """An upload on its way; `completed` once every photo is an item or never will be one."""

    upload_id: str
    project_id: str
    status: Literal["open", "completed"]
    credits_used: int
    credits_refunded: int | None = Field(description="Once it is closed")
    created_at: Instant
    closes_at: Instant
    files: list[UploadedFile]
    hint: str | None = Field(description="What seems to be wrong with how the photos are sent")


def accepted_upload(
    placed: Placed[Group], project_id: str, photos: Photos, policy: UploadPolicy | None
) -> UploadAccepted:
    """What an upload that was taken in is answered with."""
    group = placed.order
    return UploadAccepted(
        upload_id=group.id,
        project_id=project_id,
        credits_used=group.price,
        credits_remaining=placed.balance,
        closes_at=group.closes_at,
        upload=ItemsForm.model_validate(policy) if policy else None,
        files=[
            UploadKey(
                index=index,
                name=photo.name,
                key=str(group.photo_key(index)) if group.awaits(photo) else None,
            )
            for index, photo in enumerate(photos)
        ],
    )


def upload_body(view: UploadView, language: Language) -> UploadBody:
    """An upload as its owner sees it, in the owner's language."""
    group, upload = view.group, view.upload
    return UploadBody(
        upload_id=group.id,
        project_id=upload.project_id,
        status="completed" if upload.ended and group.stage is Stage.CLOSED else "open",
        credits_used=group.price,
        credits_refunded=group.outcome.refund if group.outcome else None,
        created_at=group.created_at,
        closes_at=group.closes_at,
        files=[_file(view, job, language) for job in view.jobs],
        hint=group.hint.to(language) if group.hint else None,
    )


def _file(view: UploadView, job: Job, language: Language) -> UploadedFile:
    failure = job.failure if job.status.is_over else None
    return UploadedFile(
        index=job.index or 0,
        name=job.file_name,
        status=cast(ShownStatus, job.status.shown.value),
        item_id=view.item_of(job),
        error=UploadError(code=failure.code, message=reason(failure).to(language))
        if failure
        else None,
    )
