"""Looking at exports: how far one is, its ZIP, its report."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.projects import Project
from lumiku.domain.texts import Text
from lumiku.domain.work.archives import archive_prefix
from lumiku.domain.work.groups import Archive, Group, Stage
from lumiku.domain.work.jobs import RESULT_DAYS, Job
from lumiku.services.clock import Clock
from lumiku.services.projects.ports import ProjectStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.closing import Closing
from lumiku.services.work.groups import BatchView, Groups
from lumiku.services.work.jobs import Link, link_to
from lumiku.services.work.ports import GroupStore, PhotoStore


def report_key(group: Group) -> str:
    """Where the report lies, beside the ZIP."""
    return f"{archive_prefix(group)}report.html"


_AT_ONCE = 25


def remove_exports(
    project: Project, groups: GroupStore, photos: PhotoStore, closing: Closing, now: datetime
) -> None:
    """End the exports of a deleted project, and remove the ZIPs that are still there."""
    for group in groups.newest_groups(project.user_id, before=None, at_once=_AT_ONCE):
        if now >= group.created_at + RESULT_DAYS:
            return
        if not group.is_whole or (group.asked or {})["projectId"] != project.id:
            continue
        if group.stage is not Stage.CLOSED:
            closing.cancel(group)
        for key in photos.keys(archive_prefix(group)):
            photos.delete(key)


@dataclass(frozen=True, slots=True)
class Exports:
    """Use cases of /exports/{id} and below. Another user's export is `NotFound`."""

    groups: Groups
    projects: ProjectStore
    photos: PhotoStore
    clock: Clock

    def show(self, caller: Caller, export_id: str, *, wait_s: int = 0) -> BatchView:
        """The export; with `wait_s` as soon as it is over, or after that many seconds."""
        self._owned(caller, export_id)
        return self.groups.show(caller, export_id, wait_s=wait_s)

    def jobs(self, view: BatchView) -> list[Job]:
        """Its pictures, in their order."""
        return self.groups.groups.group_jobs(view.group.id)

    def cancel(self, caller: Caller, export_id: str) -> BatchView:
        """Pictures that nobody has begun are left out; see `Groups.cancel`."""
        self._owned(caller, export_id)
        return self.groups.cancel(caller, export_id)

    def download(self, caller: Caller, export_id: str) -> Link:
        """A link to the ZIP. `BatchNotCompleted` before there is one, `ResultExpired` after.

        `NotFound` once its project is deleted, and the ZIP with it.
        """
        group = self._owned(caller, export_id)
        owned_project(self.projects, caller, str((group.asked or {})["projectId"]))
        return self.groups.download(caller, export_id)

    def report(self, caller: Caller, export_id: str) -> Link:
        """A link to the report, as `download` gives one to the ZIP."""
        group = self._owned(caller, export_id)
        self.download(caller, export_id)
        key, name = report_key(group), f"{group.id}-report.html"
        size = len(self.photos.read(key).data)
        until, now = group.created_at + RESULT_DAYS, self.clock()
        report = Archive(key=key, size_bytes=size)
        return link_to(self.photos, report, name, "text/html", now=now, kept_until=until)

    def _owned(self, caller: Caller, export_id: str) -> Group:
        missing = NotFound(
            Text(f"There is no export {export_id}.", f"Tidak ada ekspor {export_id}.")
        )
        try:
            group = self.groups.grouping.owned(caller, export_id)
        except NotFound:
            raise missing from None
        if not group.is_whole:
            raise missing
        return group
