"""What is wanted of each item of a batch: the same of all, or line by line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from lumiku.apps.studio.looks import Look
from lumiku.apps.studio.offers import Find
from lumiku.apps.studio.prices import MAX_BATCH
from lumiku.apps.studio.wanted import Wanted, of_look, of_template
from lumiku.domain.errors import UNREADABLE, InvalidRequest
from lumiku.domain.projects.csv_lines import table
from lumiku.domain.projects.items import Item
from lumiku.domain.texts import Text

_COLUMNS = {
    "sku": "item",
    "item": "item",
    "itemid": "item",
    "template": "template_id",
    "templateid": "template_id",
    "templat": "template_id",
    "color": "color",
    "colour": "color",
    "warna": "color",
}
_COLOUR = re.compile("#[0-9a-fA-F]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of a settings file; `place` is where it stands in the request.

    `item` is an id or a SKU. A template is applied as it is; with a colour on that colour. A colour
    alone replaces the background of what is wanted of all.
    """

    place: str
    item: str
    template_id: str | None = None
    color: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody orders of a project: `items` by id, or None for all of them.

    `only_named`: those that the file names, where nothing is wanted of all. `common` is wanted of
    all that no line of the file is about: a look or the id of a template.
    """

    items: Sequence[str] | None
    common: Look | str | None
    settings: Sequence[Setting] = ()
    only_named: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One item, and what is wanted of it."""

    item: Item
    wanted: Wanted


def read_settings(text: str) -> list[Setting]:
    """The lines of a CSV file; `InvalidRequest` if it is none."""
    place = "body.settingsCsv"
    columns, rows = table(text.encode(), _COLUMNS, field=place, header=_HEADER)
    if "item" not in columns or len(columns) < 2:
        raise InvalidRequest.at(place, _HEADER)
    found = []
    for number, cells in rows:
        told = {name: cells.get(name) for name in ("template_id", "color")}
        found.append(Setting(f"{place}.{number}", cells.get("item", ""), **told))
    return found


def lines_of(chosen: Chosen, items: Sequence[Item], find: Find) -> list[Line]:
    """What is wanted of each chosen item of `items`, which are those of the project.

    `InvalidRequest` tells all that is wrong, each with its line; nothing is ordered then.
    """
    errors: list[dict[str, object]] = []
    by_id = {item.id: item for item in items}
    wanted = _of_lines(chosen, items, find, errors)
    if chosen.items is not None:
        ids = list(chosen.items)
        twice = {one for one in ids if ids.count(one) > 1}
        for index, one in enumerate(ids):
            if one not in by_id:
                errors.append(_error(f"body.items.{index}", _NO_ITEM))
            elif one in twice:
                errors.append(_error(f"body.items.{index}", _TWICE))
        outside = [(one, place) for one, (place, _) in wanted.items() if one not in ids]
        errors += [_error(place, _NOT_CHOSEN) for _, place in outside]
    elif chosen.only_named and chosen.common is None:
        ids = list(wanted)
    else:
        ids = list(by_id)
    common = _common(chosen.common, find, errors)
    lines = []
    for one in ids:
        mine = wanted[one][1] if one in wanted else common
        if mine is None and not errors:
            errors.append(_error("body.workflow", _NOTHING_WANTED))
        if mine is not None and one in by_id:
            lines.append(Line(by_id[one], mine))
    if not ids and not errors:
        errors.append(_error("body.items", _NONE))
    if len(ids) > MAX_BATCH:
        errors.append(_error("body.items", _too_many(len(ids))))
    if errors:
        raise InvalidRequest(UNREADABLE, errors=errors[:MAX_BATCH])
    return lines


def _of_lines(
    chosen: Chosen, items: Iterable[Item], find: Find, errors: list[dict[str, object]]
) -> dict[str, tuple[str, Wanted]]:
    """What the file's lines want, by item, and where they stand."""
    named: Mapping[str, list[Item]] = defaultdict(list)
    for item in items:
        named[item.id].append(item)
        if item.sku:
            named[item.sku.casefold()].append(item)
    found: dict[str, tuple[str, Wanted]] = {}
    for setting in chosen.settings:
        meant = named.get(setting.item) or named.get(setting.item.casefold()) or []
        if len(meant) != 1:
            errors.append(_error(f"{setting.place}.item", _SEVERAL if meant else _NO_ITEM))
        elif meant[0].id in found:
            errors.append(_error(f"{setting.place}.item", _TWICE))
        wanted = _wanted(setting, chosen.common, find, errors)
        if wanted is not None and len(meant) == 1:
            found[meant[0].id] = setting.place, wanted
    return found


def _wanted(
    setting: Setting, common: Look | str | None, find: Find, errors: list[dict[str, object]]
) -> Wanted | None:
    if setting.color is not None and not _COLOUR.fullmatch(setting.color):
        errors.append(_error(f"{setting.place}.color", _NO_COLOUR))
        return None
    template_id = setting.template_id or (common if isinstance(common, str) else None)
    if template_id is not None:
        try:
            return of_template(template_id, find, colour=setting.color)
        except InvalidRequest:
            errors.append(_error(f"{setting.place}.templateId", _NO_TEMPLATE))
            return None
    if setting.color is None:
        errors.append(_error(setting.place, _SAYS_NOTHING))
        return None
    told = common.told if isinstance(common, Look) else {}
    background = {"action": "solid", "color": setting.color}
    try:
        return of_look(Look.model_validate({**told, "background": background}), find)
    except ValidationError:  # what is wrong with the common look is told where that stands
        return None


def _common(
    common: Look | str | None, find: Find, errors: list[dict[str, object]]
) -> Wanted | None:
    if common is None:
        return None
    is_look = isinstance(common, Look)
    try:
        return of_look(common, find) if isinstance(common, Look) else of_template(common, find)
    except InvalidRequest:
        field = "body.workflow.background.templateId" if is_look else "body.templateId"
        errors.append(_error(field, _NO_TEMPLATE))
        return None


def _error(field: str, message: Text) -> dict[str, object]:
    return {"field": field, "message": message}


def _too_many(items: int) -> Text:
    return Text(
        f"{items} items are too many; {MAX_BATCH} are allowed at once",
        f"{items} item terlalu banyak; paling banyak {MAX_BATCH} sekaligus",
    )


_NO_ITEM = Text(
    "No item of the project has this id or SKU",
    "Tidak ada item proyek dengan id atau SKU ini",
)
_SEVERAL = Text("Several items have this SKU", "Beberapa item memiliki SKU ini")
_TWICE = Text("This item is named more than once", "Item ini disebut lebih dari satu kali")
_NOT_CHOSEN = Text("This item is not among the chosen ones", "Item ini tidak termasuk yang dipilih")
_NO_TEMPLATE = Text("There is no such template", "Tidak ada templat ini")
_NO_COLOUR = Text("Not a colour such as #ffffff", "Bukan warna seperti #ffffff")
_SAYS_NOTHING = Text("Name a template or a colour", "Sebutkan templat atau warna")
_NOTHING_WANTED = Text(
    "Items without a line of their own need a workflow or a template",
    "Item tanpa baris sendiri memerlukan alur kerja atau templat",
)
_NONE = Text("There are no items", "Tidak ada item")
_HEADER = Text(
    "The first line names the columns: sku or item, and templateId or color; each once",
    "Baris pertama berisi nama kolom: sku atau item, serta templateId atau color;"
    " masing-masing satu kali",
)
