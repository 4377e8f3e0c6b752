"""Putting the results of a closed group into one ZIP."""

from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.errors import NotFound
from lumiku.domain.texts import Text
from lumiku.domain.work.archives import Member, archive_key, manifest, members
from lumiku.domain.work.groups import Archive, Group, Stage, Verdict, Worth, settle
from lumiku.domain.work.jobs import Job
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


type Pack = Callable[[Group, Sequence[Job], Verdict], Contents]
"""Says what is in the ZIP of a closed group."""


def results(group: Group, jobs: Sequence[Job], verdict: Verdict) -> Contents:
    """The results of a group, and manifests that account for every photo."""

    def manifests(gone: Set[str]) -> Iterable[tuple[str, bytes]]:
        account = manifest(group, jobs, verdict, gone)
        yield "manifest.json", account.to_json()
        yield "manifest.csv", account.to_csv()

    return Contents(members(group, jobs).values(), manifests)


@dataclass(frozen=True, slots=True)
class Packed:
    """A ZIP that was written, and how many of its entries were found."""

    archive: Archive
    files: int


class Archives(Protocol):
    """Where ZIPs are written."""

    def write(self, key: str, contents: Contents, *, at: datetime) -> Packed:
        """Write a ZIP of stored objects, then of what the appendix makes, dated `at`.

        The appendix is called last, with the keys of the objects that are not there. The ZIP
        appears whole or not at all, and the same entries always give the same bytes.
        """


@dataclass(frozen=True, slots=True)
class Archiving:
    """The use case of zip_batch. It may be repeated, and gives the same ZIP in the same place."""

    groups: GroupStore
    archives: Archives
    worth: Worth
    pack: Pack = results

    def archive(self, group_id: str) -> Packed:
        """Write the ZIP of a closed group, and keep where it is."""
        group = self.groups.group(group_id)
        if group is None or group.stage is not Stage.CLOSED or group.closed_at is None:
            raise NotFound(
                Text(
                    f"There is no closed batch {group_id}.",
                    f"Tidak ada batch {group_id} yang sudah ditutup.",
                )
            )
        jobs = self.groups.group_jobs(group_id)
        contents = self.pack(group, jobs, settle(group, jobs, self.worth))
        packed = self.archives.write(archive_key(group), contents, at=group.closed_at)
        self.groups.keep_archive(group_id, packed.archive)
        return packed
