"""Looking at exports: how far one is, its ZIP, its report."""

from dataclasses import dataclass

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Archive, Group
from lumiku.domain.work.jobs import RESULT_DAYS, Job
from lumiku.services.clock import Clock
from lumiku.services.work.groups import BatchView, Groups
from lumiku.services.work.jobs import Link, link_to
from lumiku.services.work.ports import PhotoStore


def report_key(group: Group) -> str:
    """Where the report lies, beside the ZIP."""
    return f"zip/{group.user_id}/{group.id}/report.html"


@dataclass(frozen=True, slots=True)
class Exports:
    """Use cases of GET /exports/{id} and below. Another user's export is `NotFound`."""

    groups: Groups
    photos: PhotoStore
    clock: Clock

    def show(self, caller: Caller, export_id: str, *, wait_s: int = 0) -> BatchView:
        """The export; with `wait_s` as soon as it is over, or after that many seconds."""
        self._owned(caller, export_id)
        return self.groups.show(caller, export_id, wait_s=wait_s)

    def jobs(self, view: BatchView) -> list[Job]:
        """Its pictures, in their order."""
        return self.groups.groups.group_jobs(view.group.id)

    def download(self, caller: Caller, export_id: str) -> Link:
        """A link to the ZIP. `BatchNotCompleted` before there is one, `ResultExpired` after."""
        self._owned(caller, export_id)
        return self.groups.download(caller, export_id)

    def report(self, caller: Caller, export_id: str) -> Link:
        """A link to the report, as `download` gives one to the ZIP."""
        group = self._owned(caller, export_id)
        self.groups.download(caller, export_id)
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
