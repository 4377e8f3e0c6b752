"""Finding, changing and deleting the items of projects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import STUDIO
from lumiku.domain.projects.items import Item, ItemStatus, parsed
from lumiku.domain.projects.projects import check_version
from lumiku.domain.texts import Text
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Accounts
from lumiku.services.people.admission import admit_order
from lumiku.services.people.ports import Paces
from lumiku.services.projects.ports import ProjectStore
from lumiku.services.projects.projects import changed, owned_project
from lumiku.services.work.listing import Page, at_once, page, place_of
from lumiku.services.work.ports import PhotoStore

type Change = Callable[[Item], Mapping[str, Any]]
"""What is said anew of an item."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which items of a project are wanted; None is any."""

    tag: str | None = None
    favorite: bool | None = None
    status: ItemStatus | None = None
    text: str | None = None

    def wants(self, item: Item) -> bool:
        """Whether it is one of them."""
        return (
            item.deleted_at is None
            and (self.tag is None or self.tag.casefold() in map(str.casefold, item.tags))
            and self.favorite in (None, item.favorite)
            and self.status in (None, item.status)
            and (self.text is None or item.matches(self.text))
        )


@dataclass(frozen=True, slots=True)
class Items:
    """Use cases of /items/{id} and of a project's items. Another user's are `NotFound`."""

    store: ProjectStore
    accounts: Accounts
    paces: Paces
    photos: PhotoStore
    clock: Clock

    def page(
        self, caller: Caller, project_id: str, sought: Sought, *, limit: int, cursor: str | None
    ) -> Page[Item]:
        """Some of the project's items, newest first."""
        owned_project(self.store, caller, project_id)
        before = place_of(cursor)
        found = parsed(before.partition("#")[2]) if before else None
        read = at_once(limit, is_filtered=sought != Sought())
        items = self.store.items(project_id, before=found[1] if found else None, at_once=read)
        return page(((item.place, item) for item in items), sought.wants, limit=limit)

    def all(self, project_id: str) -> Iterator[Item]:
        """All items of a project, newest first."""
        found = self.store.items(project_id, before=None, at_once=500)
        return filter(Sought().wants, found)

    def get(self, caller: Caller, item_id: str) -> Item:
        """The caller's item."""
        found = self.store.item(item_id)
        if found is not None:
            project, item = found
            is_there = project.deleted_at is None and item.deleted_at is None
            if is_there and item.user_id == caller.account:
                return item
        raise NotFound(Text(f"There is no item {item_id}.", f"Tidak ada item {item_id}."))

    def urls(self, item: Item) -> dict[str, str]:
        """Where its smaller files are shown, by role."""
        now = self.clock()
        smaller = {role: file for role, file in item.files.items() if role != "result"}
        return {role: self.photos.shown(file.key, now=now) for role, file in smaller.items()}

    def change(
        self, caller: Caller, item_id: str, said: Change, version: int | None = None
    ) -> Item:
        """Say it of the item. `VersionChanged` if it is not at `version`, where one is named."""
        get = partial(self.get, caller, item_id)
        return changed(get, self.store.save_item, said, version, self.clock)

    def delete(self, caller: Caller, item_id: str, version: int | None = None) -> None:
        """Delete the item at once and, soon after, its files."""
        while True:
            item = self.get(caller, item_id)
            check_version(version, item.version)
            if self.store.delete_item(item, self.clock()):
                return

    def admit(self, caller: Caller) -> None:
        """Count a change of many items as one order; `TooManyRequests` at the account's limit."""
        limit = self.accounts.account(caller.account).limit(STUDIO)
        admit_order(self.paces, caller, limit, self.clock())

    def each(
        self, caller: Caller, project_id: str, item_ids: Sequence[str], said: Change | None
    ) -> tuple[list[str], list[str]]:
        """Say it of each of the project's items, or delete them where nothing is said.

        Answers the ids of those that were there, and of those that were not. Counts as one order.
        """
        owned_project(self.store, caller, project_id)
        self.admit(caller)
        there, missing = [], []
        for item_id in dict.fromkeys(item_ids):
            found = parsed(item_id)
            try:
                if found is None or found[0] != project_id:
                    missing.append(item_id)
                    continue
                if said is None:
                    self.delete(caller, item_id)
                else:
                    self.change(caller, item_id, said)
            except NotFound:
                missing.append(item_id)
            else:
                there.append(item_id)
        return there, missing
