"""What the use cases of projects need from the outside."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.projects.items import Batch, Item, UnderWay, Upload
from lumiku.domain.projects.projects import Project
from lumiku.domain.projects.variations import Generation, KeptCutOut, PaidFor, Variation


class ProjectStore(Protocol):
    """Projects, the items in them, and the uploads that they come by.

    What is deleted is still answered by id, as `deleted_at` tells, until it is gone.
    """

    def add(self, project: Project) -> bool:
        """Put a new project; answers False if there is one of that id."""

    def project(self, project_id: str) -> Project | None:
        """The project of that id, consistently read."""

    def newest_projects(
        self, user_id: str, *, before: str | None, at_once: int
    ) -> Iterator[Project]:
        """The user's projects, newest first, from before a place on, but those that are deleted.

        Read as they are taken, so many at once; may be a moment old.
        """

    def save(self, project: Project) -> bool:
        """Put what people say of it, if the stored version is one less; answers whether it was.

        A project that was deleted is left alone.
        """

    def delete(self, project: Project, at: datetime) -> bool:
        """Delete a project; answers False if it changed or took an order since it was read."""

    def begin(self, one: UnderWay) -> bool:
        """Note it before it is paid for; answers False if its project is not there.

        Repeating it changes nothing.
        """

    def uploads(self, project_id: str) -> list[Upload]:
        """The project's uploads that are under way, consistently read."""

    def upload(self, project_id: str, upload_id: str) -> Upload | None:
        """The project's upload of that id, consistently read."""

    def batches(self, project_id: str) -> list[Batch]:
        """The project's batches that are under way, consistently read."""

    def batch(self, project_id: str, batch_id: str) -> Batch | None:
        """The project's batch of that id, consistently read."""

    def end(self, one: UnderWay) -> None:
        """Note that every job of it is kept or never will be."""

    def item(self, item_id: str) -> tuple[Project, Item] | None:
        """The item of that id with its project, consistently read."""

    def some_items(self, item_ids: Sequence[str]) -> list[Item]:
        """Those of at most 100 items that are there and not deleted, consistently read."""

    def items(self, project_id: str, *, before: str | None, at_once: int) -> Iterator[Item]:
        """The project's items, newest first, from before a place on; consistently read.

        Those that are deleted too. Read as they are taken, so many at once.
        """

    def keep(self, upload: Upload, items: Sequence[tuple[int, Item]]) -> bool:
        """Put new items, each with its number in the upload, and count them.

        Answers False, and nothing happened, if one was kept before or the project is deleted.
        """

    def save_item(self, item: Item) -> bool:
        """Put what people say of it, if the stored version is one less; answers whether it was."""

    def delete_item(self, item: Item, at: datetime) -> bool:
        """Delete an item and count it no more; answers False if it is not as it was read."""

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Up to `limit` things to look after, the longest due first, as project and sort key."""

    def look_again(self, project_id: str, place: str, at: datetime) -> None:
        """Look after it again at that time, if it is there."""

    def forget(self, project_id: str, place: str) -> None:
        """Remove a row; one that is not there is fine."""

    def item_at(self, project_id: str, place: str) -> Item | None:
        """The item of that sort key."""

    def places(self, project_id: str) -> list[str]:
        """Sort keys of all rows of a project but its own."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """All that an item has besides its photo; `variations` newest first, without deleted ones."""

    variations: tuple[Variation, ...] = ()
    cut_outs: tuple[KeptCutOut, ...] = ()
    paid_for: tuple[PaidFor, ...] = ()

    def shown(self, item: Item) -> Variation | None:
        """The variation that the item is shown by: the selected one, else the newest."""
        selected = (one for one in self.variations if one.id == item.selected)
        return next(selected, next(iter(self.variations), None))

    def cut_out(self, name: str) -> KeptCutOut | None:
        """The one of that name."""
        return next((one for one in self.cut_outs if one.name == name), None)


class VariationStore(Protocol):
    """What items became, and the generations that are at it.

    Generations are noted by the transaction that pays for them (`StartGeneration`).
    """

    def belongings(self, item: Item) -> Belongings:
        """All that the item has, consistently read."""

    def add(self, variation: Variation) -> None:
        """Put a variation of an item that is about to be there; nothing if it was put before."""

    def generations(self, project_id: str) -> list[Generation]:
        """The project's generations that are under way, consistently read."""

    def generation(self, project_id: str, job_id: str) -> Generation | None:
        """The one of that job, while it is under way."""

    def keep(
        self,
        generation: Generation,
        item: Item,
        variation: Variation | None,
        cut_out: KeptCutOut | None,
    ) -> bool:
        """End a generation with what it made; a variation becomes the selected one of its item.

        Answers False, and nothing happened, if that was done before or the item is not there.
        """

    def keep_of_batch(
        self,
        batch: Batch,
        index: int,
        item: Item,
        variation: Variation,
        cut_out: KeptCutOut | None,
        paid_for: PaidFor | None,
    ) -> bool:
        """Keep what the job of that number made, and what was paid for with it, as `keep` does."""

    def note_kept(self, batch: Batch, indexes: Collection[int]) -> None:
        """Note that jobs of those numbers leave nothing to keep."""

    def cut_outs_of(self, items: Sequence[Item], name: str) -> dict[str, KeptCutOut]:
        """Kept cut-outs of that name of at most 100 items, by item; consistently read."""

    def forget_generation(self, generation: Generation) -> None:
        """End a generation that leaves nothing."""

    def variation(self, variation_id: str) -> Variation | None:
        """The variation of that id, also one that is deleted until it is gone."""

    def variation_at(self, project_id: str, place: str) -> Variation | None:
        """The variation of that sort key, as `due` names it."""

    def select(self, item: Item, variation: Variation) -> bool:
        """Show the item by that variation; answers False if one of them is not there."""

    def delete_variation(self, item: Item, variation: Variation, at: datetime) -> bool:
        """Delete a variation, and select none in its place.

        Answers False if it, or what the item has selected, is not as it was read.
        """

    def forget_belongings(self, item: Item) -> None:
        """Remove the rows of all that the item has."""
