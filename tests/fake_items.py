"""Items, what they became and the generations that are at it, in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lumiku.domain.projects.items import Batch, Item
from lumiku.domain.projects.projects import Project
from lumiku.domain.projects.variations import Generation, KeptCutOut, PaidFor, Variation
from lumiku.services.projects.ports import Belongings
from lumiku.services.transactions import Change, ItemChanged, StartGeneration, TakeBack


@dataclass
class FakeItems:
    """One project's items, as `ProjectStore` and `VariationStore` have them."""

    the_project: Project | None = None
    items: dict[str, Item] = field(default_factory=dict)
    notes: dict[str, Generation] = field(default_factory=dict)
    paid: dict[tuple[str, str, str], PaidFor] = field(default_factory=dict)
    cut_outs: dict[tuple[str, str], KeptCutOut] = field(default_factory=dict)
    variations: dict[str, Variation] = field(default_factory=dict)
    batch_notes: dict[str, Batch] = field(default_factory=dict)

    def check(self, change: Change) -> None:
        """Refuse what the rows would."""
        if not isinstance(change, StartGeneration):
            return
        told = change.for_item
        relied_on = told.relies_on and (told.item_id, *told.relies_on)
        if not self._is_there(told.item_id) or (relied_on and relied_on not in self.paid):
            raise ItemChanged

    def apply(self, change: Change) -> None:
        """Do what the rows would."""
        if isinstance(change, StartGeneration):
            job, told = change.job, change.for_item
            self.notes[job.id] = Generation(id=job.id, item_id=told.item_id, is_free=job.is_free)
            if told.holds is not None:
                note = PaidFor(name=told.holds, job_id=job.id)
                self.paid[told.item_id, told.holds, job.id] = note
        if isinstance(change, TakeBack):
            told = change.for_item
            self.paid.pop((told.item_id, told.holds or "", change.job.id), None)

    def item(self, item_id: str) -> tuple[Project, Item] | None:
        found = self.items.get(item_id)
        return (self.the_project, found) if self.the_project and found else None

    def project(self, _: str) -> Project | None:
        return self.the_project

    def delete_item(self, item: Item, at: datetime) -> bool:
        self.items[item.id] = item.model_copy(update={"deleted_at": at})
        return True

    def belongings(self, item: Item) -> Belongings:
        there = [v for v in self.variations.values() if v.item_id == item.id and not v.deleted_at]
        return Belongings(
            tuple(sorted(there, key=lambda v: v.place, reverse=True)),
            tuple(one for (owner, _), one in self.cut_outs.items() if owner == item.id),
            tuple(one for (owner, *_), one in self.paid.items() if owner == item.id),
        )

    def generations(self, _: str) -> list[Generation]:
        return list(self.notes.values())

    def generation(self, _: str, job_id: str) -> Generation | None:
        return self.notes.get(job_id)

    def keep(
        self,
        generation: Generation,
        item: Item,
        variation: Variation | None,
        cut_out: KeptCutOut | None,
    ) -> bool:
        if generation.id not in self.notes or not self._is_there(item.id):
            return False
        del self.notes[generation.id]
        self._keep(item, variation, cut_out)
        return True

    def _keep(self, item: Item, variation: Variation | None, cut_out: KeptCutOut | None) -> None:
        if variation is not None:
            self.variations[variation.id] = variation
            update = {"selected": variation.id}
            self.items[item.id] = self.items[item.id].model_copy(update=update)
        if cut_out is not None:
            self.cut_outs[item.id, cut_out.name] = cut_out

    def begin(self, one: Batch) -> bool:
        if self.the_project is None or self.the_project.deleted_at:
            return False
        self.batch_notes.setdefault(one.id, one)
        return True

    def batches(self, _: str) -> list[Batch]:
        return [one for one in self.batch_notes.values() if not one.ended]

    def batch(self, _: str, batch_id: str) -> Batch | None:
        return self.batch_notes.get(batch_id)

    def end(self, one: Batch) -> None:
        self._note(one, ended=True)

    def forget(self, _: str, place: str) -> None:
        self.batch_notes.pop(place.removeprefix("BATCH#"), None)

    def some_items(self, item_ids: Iterable[str]) -> list[Item]:
        return [self.items[one] for one in item_ids if self._is_there(one)]

    def cut_outs_of(self, items: Iterable[Item], name: str) -> dict[str, KeptCutOut]:
        return {i.id: self.cut_outs[i.id, name] for i in items if (i.id, name) in self.cut_outs}

    def keep_of_batch(
        self,
        batch: Batch,
        index: int,
        item: Item,
        variation: Variation,
        cut_out: KeptCutOut | None,
        paid_for: PaidFor | None,
    ) -> bool:
        if index in self.batch_notes[batch.id].kept or not self._is_there(item.id):
            return False
        self.note_kept(batch, {index})
        self._keep(item, variation, cut_out)
        if paid_for is not None:
            self.paid[item.id, paid_for.name, paid_for.job_id] = paid_for
        return True

    def note_kept(self, batch: Batch, indexes: Iterable[int]) -> None:
        self._note(batch, kept=self.batch_notes[batch.id].kept | frozenset(indexes))

    def _note(self, batch: Batch, **update: object) -> None:
        self.batch_notes[batch.id] = self.batch_notes[batch.id].model_copy(update=update)

    def forget_generation(self, generation: Generation) -> None:
        self.notes.pop(generation.id, None)

    def delete_variation(self, _: Item, variation: Variation, at: datetime) -> bool:
        self.variations[variation.id] = variation.model_copy(update={"deleted_at": at})
        return True

    def add(self, variation: Variation) -> None:
        self.variations.setdefault(variation.id, variation)

    def all_variations(self) -> Iterable[Variation]:
        """Deleted ones too."""
        return self.variations.values()

    def _is_there(self, item_id: str) -> bool:
        return item_id in self.items and self.items[item_id].deleted_at is None
