"""JSON of exports."""

from typing import Annotated, Literal, Self, cast

from pydantic import AfterValidator, Field, model_validator

from lumiku.apps.studio.exports import MAX_PICTURES, Wished
from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.http.files import NOTHING, FilesInput, said
from lumiku.apps.studio.http.generations import (
    GenerationError,
    ShownStatus,
    failure_body,
)
from lumiku.domain.instant import Instant
from lumiku.domain.projects.export_names import DEFAULT_PATTERN, Folders, wrong
from lumiku.domain.texts import Language
from lumiku.domain.work.jobs import RESULT_DAYS, Job
from lumiku.http.bodies import Body
from lumiku.services.work.groups import BatchView
from lumiku.services.work.jobs import Link
from photo_steps.exports import targets_of


def _pattern(text: str) -> str:
    if error := wrong(text):
        raise said(error)
    return text


type ItemId = Annotated[str, Field(min_length=1, max_length=128)]


class ExportInput(FilesInput):
    """Which pictures of a project, as which files, and how these are called."""

    items: Annotated[list[ItemId], Field(min_length=1, max_length=MAX_PICTURES)] | Literal["all"]
    name_pattern: Annotated[str, Field(max_length=200), AfterValidator(_pattern)] = Field(
        default=DEFAULT_PATTERN,
        description="Fields: sku, name, platform, size, format, date, n",
    )
    folders: Folders = "none"
    expected_credits: int | None = Field(
        default=None, strict=True, ge=0, description="Refuse with 409 if today's price is another"
    )

    @model_validator(mode="after")
    def _makes_something(self) -> Self:
        if not self.targets():
            raise said(NOTHING)
        return self

    def wished(self, language: Language) -> Wished:
        """The same, as the use case takes it."""
        named = self.items if isinstance(self.items, list) else None
        return Wished(
            named, self.targets(), self.name_pattern, self.folders, language, self.watermark
        )

    def request(self, key: str | None, request_id: str) -> Request:
        """What comes with it."""
        return Request(key, self.expected_credits, request_id)


class ExportPicture(Body):
    """One picture of an export."""

    item_id: str
    name: str
    status: ShownStatus
    error: GenerationError | None


class ExportBody(Body):
    """Files of pictures on their way into a ZIP, which is kept for 7 days."""

    export_id: str
    project_id: str
    status: Literal["pending", "processing", "completed", "failed", "cancelled"]
    total_pictures: int
    done_pictures: int
    failed_pictures: int
    files_per_picture: int
    size_bytes: int | None = Field(description="Of the ZIP, once there is one")
    credits_used: int
    credits_refunded: int | None = Field(description="Once it is closed")
    created_at: Instant
    completed_at: Instant | None
    expires_at: Instant
    pictures: list[ExportPicture]


class ExportOrdered(Body):
    """The export is paid for, and on its way."""

    credits_used: int
    credits_remaining: int
    export: ExportBody


class ExportLink(Body):
    """GET `url` without an Authorization header until `expiresAt`."""

    export_id: str
    url: str
    expires_at: Instant
    size_bytes: int
    file_name: str
    content_type: str


def export_body(view: BatchView, jobs: list[Job], language: Language) -> ExportBody:
    """An export as its owner sees it."""
    group, tally, outcome = view.group, view.tally, view.group.outcome
    done = outcome.completed if outcome else tally.done
    return ExportBody(
        export_id=group.id,
        project_id=str((group.asked or {})["projectId"]),
        status=view.status.value,
        total_pictures=group.total,
        done_pictures=done,
        failed_pictures=group.total - done if outcome else tally.failed,
        files_per_picture=len(targets_of(group.workflow)),
        size_bytes=group.archive.size_bytes if group.archive else None,
        credits_used=group.price - (outcome.refund if outcome else 0),
        credits_refunded=outcome.refund if outcome else None,
        created_at=group.created_at,
        completed_at=group.closed_at,
        expires_at=group.created_at + RESULT_DAYS,
        pictures=[_picture(job, language) for job in jobs],
    )


def export_link(export_id: str, link: Link) -> ExportLink:
    """A link as the routes answer it."""
    return ExportLink(
        export_id=export_id,
        url=link.url,
        expires_at=link.expires_at,
        size_bytes=link.size_bytes,
        file_name=link.file_name,
        content_type=link.content_type,
    )


def _picture(job: Job, language: Language) -> ExportPicture:
    told = job.for_item
    return ExportPicture(
        item_id=told.item_id if told else "",
        name=str(told.asked["name"]) if told else "",
        status=cast(ShownStatus, job.status.shown.value),
        error=failure_body(job, language),
    )
