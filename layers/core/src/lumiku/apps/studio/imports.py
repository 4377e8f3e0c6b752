"""Importing finished background removals: their photos become items of a project."""

from collections.abc import Sequence
from dataclasses import dataclass

from lumiku.apps.studio.generations import Request
from lumiku.apps.studio.prices import OrderKind
from lumiku.apps.studio.uploads import MAX_FILES, Intake, UploadOrders
from lumiku.domain.errors import InvalidRequest, JobNotCompleted, NotFound, Refusal, ResultExpired
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import REFUSED
from lumiku.domain.projects.items import Upload, item_id
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, PlannedPhoto
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import Clock
from lumiku.services.people.admission import admit
from lumiku.services.projects.items import Items
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.grouping import GROUP_UPLOAD_TIME, Grouping
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.jobs import Jobs
from lumiku.services.work.ordering import Placed


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one removal: the item that its photo is, or will be once it is kept.

    Or why there is none; then `id` may be that of a batch.
    """

    id: str
    item_id: str | None = None
    is_kept: bool = False
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """What was ordered, None if there was nothing to order, and what became of each removal."""

    placed: Placed[Group] | None
    photos: list[Imported]


@dataclass(frozen=True, slots=True)
class Imports:
    """The use case of POST /projects/{id}/items/import: `jobs` and `batches` are those of removals.

    An import is an upload whose photos are there already: measured, kept, priced and settled as
    one.
    """

    orders: UploadOrders
    items: Items
    jobs: Jobs
    batches: Grouping
    clock: Clock

    def order(
        self,
        caller: Caller,
        project_id: str,
        job_ids: Sequence[str],
        batch_ids: Sequence[str],
        request: Request,
    ) -> Import:
        """Charge for the photos of finished removals and let them become items.

        Each is taken or refused for itself, with `NotFound`, `JobNotCompleted` or `ResultExpired`.
        One whose photo is an item of the project, or on its way to become one, is not ordered
        again. `InvalidRequest` where none or more than `MAX_FILES` are meant; else refused as
        `Ordering.place` says. The same key finds the same import.
        """
        project = owned_project(self.orders.store, caller, project_id)
        try:
            meant = self._meant(caller, job_ids, batch_ids)
        except InvalidRequest:
            admit(self.items.paces, caller.account, REFUSED, self.clock())
            raise
        known = self._known(project_id)
        fresh = {id: job for id, job in meant.items() if isinstance(job, Job) and id not in known}
        asked = fingerprint({"project": project_id, "jobs": [*job_ids], "batches": [*batch_ids]})
        # Without a key, twins of a request that come before it is noted are the same import.
        key = request.key or f"{project.begun} {asked}"
        upload_id = row_id("upload", caller.account, "POST /projects/items/import", key)
        placed = None
        if fresh or self.orders.grouping.groups.group(upload_id) is not None:
            photos = tuple(map(_planned, fresh.values()))
            intake = Intake(OrderKind.IMPORT, upload_id, asked, photos, GROUP_UPLOAD_TIME)
            placed = self.orders.place(caller, project, intake, request)
            known = self._of(self.orders.store.upload(project_id, upload_id)) | known
        else:
            admit(self.items.paces, caller.account, REFUSED, self.clock())
        return Import(
            placed,
            [
                Imported(id, refusal=found) if isinstance(found, Refusal) else known[id]
                for id, found in meant.items()
                if isinstance(found, Refusal) or id in known
            ],
        )

    def _meant(
        self, caller: Caller, job_ids: Sequence[str], batch_ids: Sequence[str]
    ) -> dict[str, Job | Refusal]:
        """Each removal that is named, or is of a batch that is, and can be imported.

        More than `MAX_FILES` of batches are refused before they are read.
        """
        batches = {batch_id: self._batch(caller, batch_id) for batch_id in batch_ids}
        groups = {id: found for id, found in batches.items() if isinstance(found, Group)}
        if (photos := sum(group.total for group in groups.values())) > MAX_FILES:
            raise _too_many(photos)
        meant: dict[str, Job | Refusal] = {}
        for job_id in job_ids:
            try:
                meant[job_id] = self._checked(self.jobs.get(caller, job_id))
            except NotFound as refusal:
                meant[job_id] = refusal
        meant |= {id: found for id, found in batches.items() if isinstance(found, Refusal)}
        for batch_id in groups:
            meant |= {
                job.id: self._checked(job) for job in self.batches.groups.group_jobs(batch_id)
            }
        if not 1 <= len(meant) <= MAX_FILES:
            raise _too_many(len(meant))
        return meant

    def _batch(self, caller: Caller, batch_id: str) -> Group | Refusal:
        try:
            return self.batches.owned(caller, batch_id)
        except NotFound as refusal:
            return refusal

    def _checked(self, job: Job) -> Job | Refusal:
        if job.is_test:
            return NotFound(
                Text(
                    f"{job.id} is a test; its results cannot be kept.",
                    f"{job.id} adalah uji coba; hasilnya tidak dapat disimpan.",
                )
            )
        if job.status is not Status.COMPLETED:
            return JobNotCompleted(job_id=job.id, status=job.status.shown)
        if self.clock() >= job.expires_at:
            return ResultExpired(expired_at=job.expires_at)
        return job

    def _known(self, project_id: str) -> dict[str, Imported]:
        """Removals whose photos are items of the project, or are being imported into it."""
        known: dict[str, Imported] = {}
        for upload in self.orders.store.uploads(project_id):
            known |= self._of(upload)
        for item in self.items.all(project_id):
            if item.origin is not None:
                known[item.origin] = Imported(item.origin, item.id, is_kept=True)
        return known

    def _of(self, upload: Upload | None) -> dict[str, Imported]:
        """The removals of one import, none of another upload."""
        if upload is None:
            return {}
        return {
            job.source.origin: Imported(job.source.origin, item_id(upload, job.index or 0))
            for job in self.orders.grouping.groups.group_jobs(upload.id)
            if job.source.origin is not None
        }


def _planned(removal: Job) -> PlannedPhoto:
    return PlannedPhoto(
        name=removal.file_name,
        size_bytes=removal.declared_bytes,
        key=removal.source.key,
        origin=removal.id,
    )


def _too_many(photos: int) -> InvalidRequest:
    return InvalidRequest(
        Text(
            f"{photos} photos cannot be imported at once; 1 to {MAX_FILES} can.",
            f"{photos} foto tidak dapat diimpor sekaligus; 1 sampai {MAX_FILES} dapat.",
        ),
        photos=photos,
        allowed=MAX_FILES,
    )
