"""What is in the ZIP of a group: its results, and a manifest that accounts for every photo."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from lumiku.domain.instant import Instant
from lumiku.domain.money.products import own_name
from lumiku.domain.work.csv_files import as_csv
from lumiku.domain.work.file_names import result_name, unique
from lumiku.domain.work.groups import Group, Verdict
from lumiku.domain.work.jobs import Failure, Job, Status

RESULT_GONE = Failure(
    code="result_gone",
    message="The result was deleted before the ZIP was made.",
)
_NOTES = {
    "no_subject": "Nothing stands out in this photo, so it was left whole.",
    "text_cut": "Not all words fitted, so they end in an ellipsis.",
}
_COLUMNS = ("source", "result", "status", "code", "message", "size_bytes", "seconds", "credits")


@dataclass(frozen=True, slots=True)
class Member:
    """One stored object in an archive: its key, its name there, its time and its size."""

    key: str
    name: str
    at: datetime
    size_bytes: int


class _Row(BaseModel):
    model_config = ConfigDict(
        defer_build=True, frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Line(_Row):
    """What became of one photo. `code` and `message` say why it is not as asked for."""

    source: str
    result: str | None
    status: Status
    code: str | None
    message: str | None
    size_bytes: int | None
    seconds: float | None
    credits: int


class Manifest(_Row):
    """All photos of a group in the order in which they were sent; credits add up to `charged`."""

    batch_id: str
    tier: str
    created_at: Instant
    closed_at: Instant | None
    credits_charged: int
    credits_refunded: int
    photos: tuple[Line, ...]

    def to_json(self) -> bytes:
        """UTF-8, camelCase, indented."""
        return self.model_dump_json(by_alias=True, indent=2).encode()

    def to_csv(self) -> bytes:
        """One line per photo."""
        rows = (photo.model_dump(mode="json") for photo in self.photos)
        return as_csv(_COLUMNS, ([cells[name] for name in _COLUMNS] for cells in rows))


def archive_prefix(group: Group) -> str:
    """What the keys of the group's ZIP, and of what lies beside it, start with."""
    return f"zip/{group.user_id}/{group.id}/"


def archive_key(group: Group) -> str:
    """Where the group's ZIP lies: always the same place, so that making it again replaces it."""
    return f"{archive_prefix(group)}results.zip"


def members(group: Group, jobs: Sequence[Job]) -> dict[str, Member]:
    """The results by their jobs' ids, in the order of the photos.

    What is made of pictures is called as it was ordered.
    """
    named = {} if group.asked is None else {"prefix": ""}
    done = [(job, job.result) for job in jobs if job.result and job.status is Status.COMPLETED]
    names = unique(result_name(job.file_name, output.format, **named) for job, output in done)
    return {
        job.id: Member(output.key, name, job.completed_at or group.created_at, output.size_bytes)
        for (job, output), name in zip(done, names, strict=True)
    }


def manifest(group: Group, jobs: Sequence[Job], verdict: Verdict, gone: Set[str]) -> Manifest:
    """Account for all jobs of a closed group; `gone` are keys of results that are not there."""
    there = {id_: found for id_, found in members(group, jobs).items() if found.key not in gone}
    return Manifest(
        batch_id=group.id,
        tier=own_name(group.product),
        created_at=group.created_at,
        closed_at=group.closed_at,
        credits_charged=group.price - verdict.outcome.refund,
        credits_refunded=verdict.outcome.refund,
        photos=tuple(_line(job, there.get(job.id), verdict.shares.get(job.id, 0)) for job in jobs),
    )


def _line(job: Job, member: Member | None, credits: int) -> Line:
    reason = job.failure
    if job.status is Status.COMPLETED:
        note = job.result.note if job.result else None
        reason = Failure(code=note, message=_NOTES.get(note, "")) if note else None
        reason = reason if member else RESULT_GONE
    return Line(
        source=job.file_name,
        result=member.name if member else None,
        status=job.status,
        code=reason.code if reason else None,
        message=reason.message if reason else None,
        size_bytes=member.size_bytes if member else None,
        seconds=None if job.processing_ms is None else job.processing_ms / 1000,
        credits=credits,
    )
