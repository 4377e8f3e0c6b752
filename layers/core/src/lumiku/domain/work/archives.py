"""What is in the ZIPs of a group: its results, and manifests that account for every photo."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from lumiku.domain.instant import Instant
from lumiku.domain.money.products import own_name
from lumiku.domain.work.csv_files import as_csv
from lumiku.domain.work.file_names import result_name, unique
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Failure, Job, Status
from lumiku.domain.work.settling import Verdict

RESULT_GONE = Failure(
    code="result_gone",
    message="The result was deleted before the ZIP was made.",
)
_NOTES = {
    "no_subject": "Nothing stands out in this photo, so it was left whole.",
    "text_cut": "Not all words fitted, so they end in an ellipsis.",
}
_COLUMNS = ("source", "result", "status", "code", "message", "size_bytes", "seconds", "credits")


PART_PHOTOS = 500
PART_BYTES = 2 * 1024**3
_BESIDE_BYTES = 4096
"""More than names, headers and lines of the manifests need for one photo."""


@dataclass(frozen=True, slots=True)
class Part:
    """One ZIP of a group, the `number`th (from 1) `of` so many: the places of its `photos`."""

    number: int
    of: int
    photos: range


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
    """The photos of a ZIP in the order in which they were sent; credits add up to `charged`."""

    batch_id: str
    part: int
    parts: int
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
    """What the keys of the group's ZIPs, and of what lies beside them, start with."""
    return f"zip/{group.user_id}/{group.id}/"


def parted(group: Group, jobs: Sequence[Job]) -> list[Part]:
    """The ZIPs of a closed group with these jobs, which are all of it; the same every time.

    One that is not large has one, whatever its size; others have parts of at most 500 photos and
    2 GiB, in the order of the photos.
    """
    if not group.is_large:
        return [Part(1, 1, range(len(jobs)))]
    firsts, held_bytes = [0], 0
    for place, job in enumerate(jobs):
        size_bytes = _BESIDE_BYTES + (job.result.size_bytes if job.result else 0)
        photos = place - firsts[-1]
        if photos == PART_PHOTOS or (photos and held_bytes + size_bytes > PART_BYTES):
            firsts.append(place)
            held_bytes = 0
        held_bytes += size_bytes
    spans = zip(firsts, [*firsts[1:], len(jobs)], strict=True)
    return [Part(n, len(firsts), range(*span)) for n, span in enumerate(spans, 1)]


def numbered(stem: str, number: int, of: int) -> str:
    """Name of a ZIP, with its number where there are several."""
    return f"{stem}.zip" if of == 1 else f"{stem}-{number:02d}.zip"


def archive_key(group: Group, part: Part) -> str:
    """Where a ZIP lies: always the same place, so that making it again replaces it."""
    return archive_prefix(group) + numbered("results", part.number, part.of)


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


def manifest(
    group: Group, jobs: Sequence[Job], verdict: Verdict, part: Part, gone: Set[str]
) -> Manifest:
    """Account for the photos of one ZIP of a closed group, whose jobs are all given.

    `gone` are keys of results that are not there.
    """
    there = {id_: found for id_, found in members(group, jobs).items() if found.key not in gone}
    own = [jobs[place] for place in part.photos]
    charged = sum(verdict.shares.get(job.id, 0) for job in own)
    return Manifest(
        batch_id=group.id,
        part=part.number,
        parts=part.of,
        tier=own_name(group.product),
        created_at=group.created_at,
        closed_at=group.closed_at,
        credits_charged=charged,
        credits_refunded=sum(job.price for job in own) - charged,
        photos=tuple(_line(job, there.get(job.id), verdict.shares.get(job.id, 0)) for job in own),
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
