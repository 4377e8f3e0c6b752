"""What becomes of batches of items: each result is kept as soon as somebody looks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Batch, Item
from lumiku.domain.projects.variations import PaidFor
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import Clock
from lumiku.services.projects.generations import Finishing
from lumiku.services.projects.ports import ProjectStore, VariationStore
from lumiku.services.work.closing import Closing
from lumiku.services.work.groups import BatchView, Groups
from lumiku.services.work.groups import Item as GroupItem
from lumiku.services.work.pausing import Pausing
from lumiku.services.work.ports import GroupStore, PhotoMissing

# Longer than anybody may be at it: after that nobody puts files of what is deleted.
SETTLED = timedelta(hours=1)
# A request puts so many results where they stay; the others wait for the next, or for the sweep.
KEPT_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class BatchFinishing:
    """Follows batches: of keep_items, and of looking at one. Each look can be repeated."""

    store: ProjectStore
    variations: VariationStore
    finishing: Finishing
    groups: GroupStore
    closing: Closing
    clock: Clock

    def look(self, batch: Batch, *, at_most: int | None = None) -> str:
        """Keep what is done of it, up to `at_most` results; answers how far it is.

        What nobody has begun of an item that is not there any more is given back when it closes.
        """
        project = self.store.project(batch.project_id)
        if project is None or project.deleted_at:
            return "project_deleted"
        group = self.groups.group(batch.id)
        if group is None:
            if self.clock() - batch.created_at > SETTLED:
                self.store.forget(batch.project_id, f"BATCH#{batch.id}")
            return "batch_never_ordered"
        jobs = [job for job in self.groups.group_jobs(group.id) if job.index not in batch.kept]
        there = self._items(jobs)
        self._cancel(group, jobs, there)
        over = [job for job in jobs if job.status.is_over]
        done = [job for job in over if job.result is not None and _item_id(job) in there]
        if lost := {job.index or 0 for job in over} - {job.index or 0 for job in done}:
            self.variations.note_kept(batch, lost)
        for job in done[:at_most]:
            self._keep(batch, job, there[_item_id(job)])
        is_rest = at_most is None or len(done) <= at_most
        if group.stage is not Stage.CLOSED or not is_rest or len(over) < len(jobs):
            return "batch_open"
        self.store.end(batch)
        return "batch_kept"

    def _items(self, jobs: Collection[Job]) -> dict[str, Item]:
        found = self.store.some_items([_item_id(job) for job in jobs])
        return {item.id: item for item in found}

    def _cancel(self, group: Group, jobs: Collection[Job], there: Collection[str]) -> None:
        gone = {job.id for job in jobs if job.status.is_unbegun and _item_id(job) not in there}
        if gone:
            self.closing.cancel(group, only=gone)

    def _keep(self, batch: Batch, job: Job, item: Item) -> None:
        try:
            variation, cut_out = self.finishing.copied(job, item)
        except PhotoMissing:  # results of jobs go after a week
            self.variations.note_kept(batch, {job.index or 0})
            return
        if variation is None:
            raise ValueError(job.id)
        held = job.for_item.holds if job.for_item else None
        paid_for = PaidFor(name=held, job_id=job.id) if held else None
        self.variations.keep_of_batch(batch, job.index or 0, item, variation, cut_out, paid_for)


@dataclass(frozen=True, slots=True)
class KeptItem:
    """An item of a batch, and whether its result has become a variation."""

    item: GroupItem
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Batches:
    """Use cases of /generations/{id} and below, of batches. Another user's is `NotFound`."""

    finishing: BatchFinishing
    groups: Groups
    pausing: Pausing

    def show(
        self, caller: Caller, group_id: str, *, known_tag: str | None = None, wait_s: int = 0
    ) -> BatchView:
        """As `Groups.show`; some of what is done has become variations by then."""
        self._look(self._owned(caller, group_id))
        return self.groups.show(caller, group_id, known_tag=known_tag, wait_s=wait_s)

    def items(
        self, caller: Caller, view: BatchView, *, since: datetime | None = None
    ) -> list[KeptItem]:
        """As `Groups.items`, and which of them are kept."""
        items, _ = self.groups.items(caller, view.group.id, since=since)
        batch = self.finishing.store.batch(view.group.project_id or "", view.group.id)
        kept = batch.kept if batch else frozenset()
        return [
            KeptItem(item, item.job.status is Status.COMPLETED and item.job.index in kept)
            for item in items.shown
        ]

    def pause(self, caller: Caller, group_id: str) -> BatchView:
        """As `Pausing.pause`."""
        self.pausing.pause(self._owned(caller, group_id))
        return self.show(caller, group_id)

    def resume(self, caller: Caller, group_id: str) -> BatchView:
        """As `Pausing.resume`."""
        self.pausing.resume(self._owned(caller, group_id))
        return self.show(caller, group_id)

    def cancel(self, caller: Caller, group_id: str) -> BatchView:
        """As `Groups.cancel`."""
        self._owned(caller, group_id)
        self.groups.cancel(caller, group_id)
        return self.show(caller, group_id)

    def _look(self, group: Group) -> None:
        batch = self.finishing.store.batch(group.project_id or "", group.id)
        if batch is not None and not batch.ended:
            self.finishing.look(batch, at_most=KEPT_AT_ONCE)

    def _owned(self, caller: Caller, group_id: str) -> Group:
        missing = NotFound(
            Text(f"There is no generation {group_id}.", f"Tidak ada pemrosesan {group_id}.")
        )
        try:
            group = self.groups.grouping.owned(caller, group_id)
        except NotFound:
            raise missing from None
        if group.project_id is None:
            raise missing
        return group


def _item_id(job: Job) -> str:
    return job.for_item.item_id if job.for_item else ""
