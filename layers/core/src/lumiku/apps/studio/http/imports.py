"""JSON of importing background removals."""

from typing import Annotated, Literal

from pydantic import Field

from lumiku.apps.studio.http.uploads import UploadError
from lumiku.apps.studio.imports import Import, Imported
from lumiku.apps.studio.uploads import MAX_FILES
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body, RequestBody

_Id = Annotated[str, Field(max_length=128)]


class ImportRequest(RequestBody):
    """Removals of the caller whose photos shall become items; a batch means all its photos."""

    job_ids: list[_Id] = Field(default=[], max_length=MAX_FILES)
    batch_ids: list[_Id] = Field(default=[], max_length=MAX_FILES)
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )


class ImportedPhoto(Body):
    """What became of one removal."""

    id: str = Field(description="Of the job, or of a batch that cannot be imported")
    status: Literal["importing", "imported", "refused"] = Field(
        description="`imported`: its photo was an item of the project before"
    )
    item_id: str | None = Field(description="The item that its photo is, or will be once kept")
    error: UploadError | None


class ImportAccepted(Body):
    """What is imported; the upload's own route tells how far that is."""

    upload_id: str | None = Field(description="null where there was nothing to import")
    project_id: str
    credits_used: int
    closes_at: Instant | None
    photos: list[ImportedPhoto]


def accepted_import(done: Import, project_id: str, language: Language) -> ImportAccepted:
    """What an import is answered with, in a language."""
    group = done.placed.order if done.placed else None
    return ImportAccepted(
        upload_id=group.id if group else None,
        project_id=project_id,
        credits_used=group.price if group else 0,
        closes_at=group.closes_at if group else None,
        photos=[_photo(photo, language) for photo in done.photos],
    )


def _photo(photo: Imported, language: Language) -> ImportedPhoto:
    refusal = photo.refusal
    if refusal is not None:
        error = UploadError(code=refusal.code, message=refusal.detail.to(language))
        return ImportedPhoto(id=photo.id, status="refused", item_id=None, error=error)
    status: Literal["importing", "imported"] = "imported" if photo.is_kept else "importing"
    return ImportedPhoto(id=photo.id, status=status, item_id=photo.item_id, error=None)
