"""Putting the results of a closed group into ZIPs."""

from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from lumiku.domain.errors import NotFound
from lumiku.domain.texts import Text
from lumiku.domain.work.archives import Member, Part, archive_key, manifest, members, parted
from lumiku.domain.work.groups import Archive, Group, Stage
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.settling import Verdict, Worth, settle
from lumiku.services.work.ports import GroupStore

type Appendix = Callable[[Set[str]], Iterable[tuple[str, bytes]]]
type Opened = Callable[[Member, bytes], Iterable[tuple[str, bytes]]]
"""What of a stored object is put into the ZIP: files with their names there."""


def as_it_is(member: Member, data: bytes) -> Iterable[tuple[str, bytes]]:
    """The object itself."""
    yield member.name, data


@dataclass(frozen=True, slots=True)
class Contents:
    """What a ZIP is made of; see `Archives.write`."""

    members: Collection[Member]
    appendix: Appendix
    opened: Opened = as_it_is


type Pack = Callable[[Group, Sequence[Job], Verdict, Part], Contents]
"""Says what is in a ZIP of a closed group."""


def results(group: Group, jobs: Sequence[Job], verdict: Verdict, part: Part) -> Contents:
    """The results of a part, and manifests that account for its photos.

    No two results have the same name, in whatever parts of the group.
    """
    found = members(group, jobs)
    own = [jobs[place].id for place in part.photos]

    def manifests(gone: Set[str]) -> Iterable[tuple[str, bytes]]:
        account = manifest(group, jobs, verdict, part, gone)
        yield "manifest.json", account.to_json()
        yield "manifest.csv", account.to_csv()

    return Contents([found[job_id] for job_id in own if job_id in found], manifests)


@dataclass(frozen=True, slots=True)
class Packed:
    """A ZIP that was written, how many of its entries were found, and how many are `left`."""

    archive: Archive
    files: int
    left: int = 0


class Archives(Protocol):
    """Where ZIPs are written."""

    def write(self, key: str, contents: Contents, *, at: datetime) -> Packed:
        """Write a ZIP of stored objects, then of what the appendix makes, dated `at`.

        The appendix is called last, with the keys of the objects that are not there. The ZIP
        appears whole or not at all, and the same entries always give the same bytes.
        """


@dataclass(frozen=True, slots=True)
class Archiving:
    """The use case of zip_batch. It may be repeated, and gives the same ZIPs in the same places."""

    groups: GroupStore
    archives: Archives
    worth: Worth
    pack: Pack = results

    def archive(self, group_id: str) -> Packed:
        """Write the next ZIP of a closed group, or the last one again, and keep where it is.

        What the group has is known once all are there.
        """
        group = self.groups.group(group_id)
        if group is None or group.stage is not Stage.CLOSED or group.closed_at is None:
            raise NotFound(
                Text(
                    f"There is no closed batch {group_id}.",
                    f"Tidak ada batch {group_id} yang sudah ditutup.",
                )
            )
        jobs = self.groups.group_jobs(group_id)
        parts = parted(group, jobs)
        written = self.groups.archives(group_id)[: len(parts) - 1] if len(parts) > 1 else []
        part = parts[len(written)]
        contents = self.pack(group, jobs, settle(group, jobs, self.worth), part)
        packed = self.archives.write(archive_key(group, part), contents, at=group.closed_at)
        if part.of > 1:
            self.groups.keep_part(group, part.number, packed.archive)
        archives = [*written, packed.archive]
        if part.number == part.of:
            size_bytes = sum(one.size_bytes for one in archives)
            whole = Archive(key=archives[0].key, size_bytes=size_bytes, parts=part.of)
            self.groups.keep_archive(group_id, whole)
        return replace(packed, left=part.of - part.number)
