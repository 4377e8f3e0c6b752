"""Putting the results of a closed group into one ZIP."""

from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.errors import NotFound
from lumiku.domain.work.archives import Entry, archive_key, entries, manifest
from lumiku.domain.work.groups import Archive, Group, Stage
from lumiku.domain.work.jobs import Job

type Appendix = Callable[[Set[str]], Mapping[str, bytes]]


class Groups(Protocol):
    """Groups, their jobs and their archives."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""

    def group_jobs(self, group_id: str) -> list[Job]:
        """All jobs of the group by index, consistently read."""

    def keep_archive(self, group_id: str, archive: Archive) -> None:
        """Keep where the group's ZIP is."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A ZIP that was written, and how many of its entries were found."""

    archive: Archive
    files: int


class Archives(Protocol):
    """Where ZIPs are written."""

    def write(
        self, key: str, entries: Collection[Entry], appendix: Appendix, *, at: datetime
    ) -> Packed:
        """Write a ZIP of stored objects, then of what `appendix` makes, dated `at`.

        `appendix` is called with the keys of the objects that are not there. The ZIP appears
        whole or not at all, and the same entries always give the same bytes.
        """


@dataclass(frozen=True, slots=True)
class Archiving:
    """The use case of zip_batch. It may be repeated, and gives the same ZIP in the same place."""

    groups: Groups
    archives: Archives

    def archive(self, group_id: str) -> Packed:
        """Write the ZIP of a closed group, and keep where it is."""
        group = self.groups.group(group_id)
        if group is None or group.stage is not Stage.CLOSED or group.closed_at is None:
            raise NotFound(f"There is no closed batch {group_id}.")
        jobs = self.groups.group_jobs(group_id)

        def manifests(gone: Set[str]) -> Mapping[str, bytes]:
            account = manifest(group, jobs, gone)
            return {"manifest.json": account.to_json(), "manifest.csv": account.to_csv()}

        packed = self.archives.write(
            archive_key(group), entries(group, jobs).values(), manifests, at=group.closed_at
        )
        self.groups.keep_archive(group_id, packed.archive)
        return packed
