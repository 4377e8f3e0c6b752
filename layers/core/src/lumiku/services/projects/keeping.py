"""What becomes of uploads and generations, and of what is deleted.

Whatever a project owes somebody is a row that is due: an upload whose photos are not all kept yet,
a generation, an item, a variation or a project whose files are still there. Each look can be
repeated, by several at once.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from lumiku.domain.projects.items import Item, ItemStatus, UnderWay, Upload, item_of
from lumiku.domain.projects.variations import files_under, imported
from lumiku.domain.work.groups import Stage
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import Clock
from lumiku.services.projects.batches import SETTLED, BatchFinishing
from lumiku.services.projects.exports import remove_exports
from lumiku.services.projects.generations import Finishing
from lumiku.services.projects.ports import ProjectStore, VariationStore
from lumiku.services.work.closing import Closing
from lumiku.services.work.ports import GroupStore, PhotoMissing, PhotoStore
from lumiku.services.work.sweeping import look_at_each

AGAIN = timedelta(minutes=1)
# The items of a transaction; each is one of its at most 100 changes.
AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Keeping:
    """The use cases of keep_items, and of looking at an upload."""

    store: ProjectStore
    variations: VariationStore
    finishing: Finishing
    batches: BatchFinishing
    groups: GroupStore
    photos: PhotoStore
    closing: Closing
    clock: Clock

    def sweep(self, *, limit: int = 50) -> Counter[str]:
        """Look at up to `limit` things that are due; answers how many had which outcome."""
        due = self.store.due(self.clock(), limit=limit)
        return look_at_each([f"{project} {place}" for project, place in due], self._look)

    def _look(self, named: str) -> str | None:
        project_id, place = named.split()
        # First of all: what fails for ever must not stay ahead of the others.
        self.store.look_again(project_id, place, self.clock() + AGAIN)
        if place == "META":
            return self._remove_project(project_id)
        if place.startswith("UPLOAD#"):
            upload = self.store.upload(project_id, place.removeprefix("UPLOAD#"))
            return self.keep(upload) if upload else None
        if place.startswith("BATCH#"):
            batch = self.store.batch(project_id, place.removeprefix("BATCH#"))
            return self.batches.look(batch) if batch else None
        if place.startswith("GENERATION#"):
            job_id = place.removeprefix("GENERATION#")
            generation = self.variations.generation(project_id, job_id)
            return self.finishing.look(generation) if generation else None
        if place.startswith("OF#"):
            return self._remove_variation(project_id, place)
        item = self.store.item_at(project_id, place)
        if item is None or item.deleted_at is None:
            return None
        return self._remove_item(item, place, item.deleted_at)

    def keep(self, upload: Upload, *, at_most: int | None = None) -> str:
        """Make items of the photos of an upload that are done; answers how far it is.

        Its files are put under keys that follow from the photo, before the item is there: whoever
        does the same meanwhile, or dies in the middle, leaves nothing else.
        """
        project = self.store.project(upload.project_id)
        if project is None or project.deleted_at:
            return "project_deleted"
        group = self.groups.group(upload.id)
        if group is None:
            if self._is_settled(upload.created_at):
                self.store.forget(upload.project_id, f"UPLOAD#{upload.id}")
            return "upload_never_ordered"
        is_closed = group.stage is Stage.CLOSED
        jobs = self.groups.group_jobs(group.id)
        done = [
            job for job in jobs if job.status is Status.COMPLETED and job.index not in upload.kept
        ]
        is_rest = at_most is None or len(done) <= at_most
        for some in batched(done[:at_most], AT_ONCE, strict=False):
            if not self._keep(upload, list(some)):
                return "upload_kept_by_another"
        if not is_closed or not is_rest:
            return "upload_open"
        self.store.end(upload)
        return "upload_kept"

    def _keep(self, upload: Upload, jobs: list[Job]) -> bool:
        now, items = self.clock(), []
        for job in jobs:
            item = item_of(upload, job, now)
            for role, file in item.files.items():
                self.photos.copy(job.outputs[role].key, file.key)
            items.append((job.index or 0, self._with_removal(item)))
        return self.store.keep(upload, items)

    def _with_removal(self, item: Item) -> Item:
        """The item, with the result of the removal that it was imported with, if that is there."""
        removal = self.finishing.jobs.get(item.origin) if item.origin else None
        variation = imported(removal, item) if removal else None
        if removal is None or variation is None:
            return item
        try:
            for role, file in variation.files.items():
                self.photos.copy(removal.outputs[role].key, file.key)
        except PhotoMissing:  # results of jobs go after a week
            return item
        self.variations.add(variation)
        shown = {"selected": variation.id, "status": ItemStatus.PROCESSED}
        return item.model_copy(update=shown)

    def _remove_item(self, item: Item, place: str, deleted_at: datetime) -> str:
        self._delete_files(item.kept_under)
        self.variations.forget_belongings(item)
        if not self._is_settled(deleted_at):
            self.store.look_again(item.project_id, place, deleted_at + SETTLED + AGAIN)
            return "item_files_removed"
        self.store.forget(item.project_id, place)
        return "item_removed"

    def _remove_variation(self, project_id: str, place: str) -> str | None:
        variation = self.variations.variation_at(project_id, place)
        if variation is None or variation.deleted_at is None:
            return None
        found = self.store.item(variation.item_id)
        if found is not None:
            self._delete_files(files_under(found[1], variation.place))
        if not self._is_settled(variation.deleted_at):
            self.store.look_again(project_id, place, variation.deleted_at + SETTLED + AGAIN)
            return "variation_files_removed"
        self.store.forget(project_id, place)
        return "variation_removed"

    def _remove_project(self, project_id: str) -> str | None:
        project = self.store.project(project_id)
        if project is None or project.deleted_at is None:
            return None
        for one in (*self.store.uploads(project_id), *self.store.batches(project_id)):
            self._stop(one)
        for generation in self.variations.generations(project_id):
            self.finishing.look(generation)
        remove_exports(project, self.groups, self.photos, self.closing, self.clock())
        self._delete_files(project.kept_under)
        left = {f"UPLOAD#{upload.id}" for upload in self.store.uploads(project_id)}
        left |= {f"BATCH#{batch.id}" for batch in self.store.batches(project_id)}
        left |= {f"GENERATION#{one.id}" for one in self.variations.generations(project_id)}
        for place in self.store.places(project_id):
            if place not in left:
                self.store.forget(project_id, place)
        if left:
            return "project_emptied"
        if not self._is_settled(project.deleted_at):
            self.store.look_again(project_id, "META", project.deleted_at + SETTLED + AGAIN)
            return "project_emptied"
        self.store.forget(project_id, "META")
        return "project_removed"

    def _stop(self, one: UnderWay) -> None:
        """End what is under way in a deleted project; what is about to be paid for later."""
        group = self.groups.group(one.id)
        if group is not None and group.stage is not Stage.CLOSED:
            self.closing.cancel(group)
        elif group is not None or self._is_settled(one.created_at):
            self.store.end(one)

    def _delete_files(self, prefix: str) -> None:
        for key in self.photos.keys(prefix):
            self.photos.delete(key)

    def _is_settled(self, since: datetime) -> bool:
        return self.clock() - since > SETTLED
