"""Saying names, SKUs and tags of many items at once, by a CSV file."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lumiku.domain.errors import NotFound
from lumiku.domain.people.callers import Caller
from lumiku.domain.projects.csv_lines import CsvLine, read_lines
from lumiku.domain.projects.items import Item
from lumiku.domain.texts import Text
from lumiku.services.projects.items import Items
from lumiku.services.projects.projects import owned_project

_NONE = Text("No item has this file name or SKU.", "Tidak ada item dengan nama file atau SKU ini.")
_SEVERAL = Text(
    "Several items have this file name or SKU.", "Beberapa item memiliki nama file atau SKU ini."
)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a line: the item that it was about, or why there is none."""

    number: int
    item_id: str | None
    problem: Text | None


@dataclass(frozen=True, slots=True)
class Importing:
    """The use case of POST /projects/{id}/items/import-csv."""

    items: Items

    def read(self, caller: Caller, project_id: str, data: bytes) -> list[Imported]:
        """Say of each item what its line says, and answer what became of each line.

        An item is found by its file name or, where the line has none, by its SKU. What a line
        leaves empty stays. Doing it again changes nothing.
        """
        owned_project(self.items.store, caller, project_id)
        lines = read_lines(data)
        self.items.admit(caller)
        items = {item.id: item for item in self.items.all(project_id)}
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for item in items.values():
            found["file_name", item.file_name.casefold()].append(item.id)
            if item.sku:
                found["sku", item.sku.casefold()].append(item.id)
        return [self._apply(caller, line, found, items) for line in lines]

    def _apply(
        self,
        caller: Caller,
        line: CsvLine,
        found: Mapping[tuple[str, str], list[str]],
        items: dict[str, Item],
    ) -> Imported:
        if line.problem:
            return Imported(line.number, None, line.problem)
        by = "file_name" if "file_name" in line.cells else "sku"
        meant = found.get((by, line.cells.get(by, "").casefold()), [])
        if len(meant) != 1:
            return Imported(line.number, None, _SEVERAL if meant else _NONE)
        said: dict[str, Any] = {
            name: line.cells[name] for name in ("name", "sku") if name in line.cells
        }
        if line.tags:
            said["tags"] = line.tags
        [item_id] = meant
        try:
            # Of an item that several lines are about, the last one counts.
            if any(getattr(items[item_id], name) != value for name, value in said.items()):
                items[item_id] = self.items.change(caller, item_id, lambda _: said)
        except NotFound:
            return Imported(line.number, None, _NONE)
        return Imported(line.number, item_id, None)
