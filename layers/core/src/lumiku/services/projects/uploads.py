"""Looking at uploads: how far one is, what became of each photo; and ending it early."""

from dataclasses import dataclass

from lumiku.domain.errors import BatchClosed, NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Upload, item_id
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import Clock
from lumiku.services.projects.keeping import Keeping
from lumiku.services.projects.ports import ProjectStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.ports import UploadPolicy

# A request puts so many files where they stay; the others wait for the next, or for the sweep.
KEPT_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload, its group and the photos of it."""

    upload: Upload
    group: Group
    jobs: list[Job]

    def item_of(self, job: Job) -> str | None:
        """Id of the item that a photo has become; None before, and if it never will."""
        is_kept = self.upload.ended or job.index in self.upload.kept
        if job.status is not Status.COMPLETED or not is_kept:
            return None
        return item_id(self.upload, job.index or 0)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Use cases of /projects/{id}/uploads/{id}. Another user's are `NotFound`."""

    store: ProjectStore
    grouping: Grouping
    keeping: Keeping
    clock: Clock

    def show(self, caller: Caller, project_id: str, upload_id: str) -> UploadView:
        """The upload, once some of the photos that are done have become items."""
        upload, group = self._owned(caller, project_id, upload_id)
        if not upload.ended:
            self.keeping.keep(upload, at_most=KEPT_AT_ONCE)
            upload = self.store.upload(project_id, upload_id) or upload
            group = self.grouping.owned(caller, upload_id)
        return UploadView(upload, group, self.grouping.groups.group_jobs(upload_id))

    def finish(self, caller: Caller, project_id: str, upload_id: str) -> UploadView:
        """No more photos will come; those that did not are given back. Repeating it is fine."""
        _, group = self._owned(caller, project_id, upload_id)
        if group.stage is not Stage.CLOSED:
            self.keeping.closing.finish(group)
        return self.show(caller, project_id, upload_id)

    def renew_policy(self, caller: Caller, project_id: str, upload_id: str) -> UploadPolicy:
        """A new form for the photos. `BatchClosed` once, or if, none are awaited."""
        _, group = self._owned(caller, project_id, upload_id)
        is_over = group.stage is Stage.CLOSED or self.clock() >= group.closes_at
        if is_over or not group.takes_uploads:
            raise BatchClosed(batch_id=upload_id)
        return self.grouping.permit(group)

    def _owned(self, caller: Caller, project_id: str, upload_id: str) -> tuple[Upload, Group]:
        owned_project(self.store, caller, project_id)
        missing = NotFound(
            Text(f"There is no upload {upload_id}.", f"Tidak ada unggahan {upload_id}.")
        )
        upload = self.store.upload(project_id, upload_id)
        if upload is None:
            raise missing
        try:
            return upload, self.grouping.owned(caller, upload_id)
        except NotFound:  # it was noted, and never paid for
            raise missing from None
