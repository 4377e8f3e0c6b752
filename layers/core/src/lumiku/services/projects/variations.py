"""Looking at generations and at what items became; choosing and deleting variations."""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter

from lumiku.domain.errors import Busy, NotFound
from lumiku.domain.instant import iso
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.items import Item, parsed
from lumiku.domain.projects.variations import Variation, missing_variation, parsed_variation
from lumiku.domain.texts import Text
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import Clock
from lumiku.services.projects.generations import Finishing
from lumiku.services.projects.items import Items
from lumiku.services.projects.ports import VariationStore
from lumiku.services.projects.projects import owned_project
from lumiku.services.work.groups import BatchView, Groups
from lumiku.services.work.jobs import Jobs
from lumiku.services.work.listing import Page, at_once, page, place_of
from lumiku.services.work.ports import PhotoStore

TRIES = 20
"""Each that fails is another choice or deletion that went through."""


@dataclass(frozen=True, slots=True)
class Variations:
    """Use cases of /generations, /items/{id}/variations and /variations/{id}.

    What is another account's is `NotFound`, like none at all.
    """

    items: Items
    store: VariationStore
    finishing: Finishing
    jobs: Jobs
    groups: Groups
    photos: PhotoStore
    clock: Clock

    def generation(self, caller: Caller, job_id: str, *, wait_s: int = 0) -> Job:
        """The generation; with `wait_s` as soon as it is over or after that many seconds.

        One that is completed has become a variation by then, unless its item is gone.
        """
        missing = NotFound(
            Text(f"There is no generation {job_id}.", f"Tidak ada pemrosesan {job_id}.")
        )
        try:
            job = self.jobs.get(caller, job_id, wait_s=wait_s)
        except NotFound:
            raise missing from None
        found = parsed(job.for_item.item_id) if job.for_item else None
        if found is None or job.is_free or not (job.for_item and job.for_item.identity):
            raise missing
        if job.status is Status.COMPLETED and (note := self.store.generation(found[0], job_id)):
            self.finishing.look(note)
        return job

    def generations(
        self,
        caller: Caller,
        app: str,
        *,
        products: Collection[str],
        project_id: str | None,
        status: str | None,
        limit: int,
        cursor: str | None,
    ) -> Page[Job | BatchView]:
        """Some of the caller's generations of the last days and batches, newest first."""
        if project_id is not None:
            owned_project(self.items.store, caller, project_id)
        under = f"item_{project_id.removeprefix('project_')}_" if project_id else ""
        before, read = place_of(cursor), at_once(limit, is_filtered=True)
        found = self.jobs.jobs.newest_jobs(caller.account, before=before, at_once=read)
        ranked: list[Iterator[tuple[str, Job | BatchView]]] = [
            ((job.place, job) for job in found),
            self.groups.views(caller, app, before=before, at_once=read),
        ]

        def wanted(one: Job | BatchView) -> bool:
            if isinstance(one, BatchView):
                return one.group.project_id is not None and (
                    project_id in (None, one.group.project_id) and status in (None, one.shown)
                )
            return (
                one.app == app
                and one.product in products
                and status in (None, one.status.shown)
                and one.for_item is not None
                and one.for_item.item_id.startswith(under)
            )

        merged = heapq.merge(*ranked, key=itemgetter(0), reverse=True)
        return page(merged, wanted, limit=limit)

    def of_item(
        self, caller: Caller, item_id: str, *, limit: int, cursor: str | None
    ) -> tuple[Item, Page[Variation]]:
        """Some of the item's variations, newest first."""
        item = self.items.get(caller, item_id)
        before = place_of(cursor)
        there = [
            (f"{iso(one.created_at)}#{one.place}", one)
            for one in self.store.belongings(item).variations
            if before is None or one.place < before.partition("#")[2]
        ]
        return item, page(there, lambda _: True, limit=limit)

    def select(self, caller: Caller, variation_id: str) -> tuple[Item, Variation]:
        """Show its item by it."""
        item, variation = self._owned(caller, variation_id)
        if not self.store.select(item, variation):
            self._owned(caller, variation_id)  # which says what is not there any more
            raise Busy
        return item.model_copy(update={"selected": variation.id}), variation

    def delete(self, caller: Caller, variation_id: str) -> None:
        """Delete it at once and, soon after, its files."""
        for _ in range(TRIES):
            item, variation = self._owned(caller, variation_id)
            if self.store.delete_variation(item, variation, self.clock()):
                return
        raise Busy

    def shown(self, variation: Variation) -> str | None:
        """Where it is shown small."""
        file = variation.files.get("thumbnail")
        return self.photos.shown(file.key, now=self.clock()) if file else None

    def _owned(self, caller: Caller, variation_id: str) -> tuple[Item, Variation]:
        found = parsed_variation(variation_id)
        variation = self.store.variation(variation_id) if found else None
        if found is None or variation is None or variation.deleted_at is not None:
            raise missing_variation(variation_id)
        try:
            return self.items.get(caller, found[0]), variation
        except NotFound:
            raise missing_variation(variation_id) from None
