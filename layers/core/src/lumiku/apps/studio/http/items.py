"""JSON of items."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag

from lumiku.domain.instant import Instant
from lumiku.domain.projects.csv_lines import MAX_LINES
from lumiku.domain.projects.items import (
    MAX_ITEM_NAME,
    MAX_SKU,
    MAX_TAG,
    MAX_TAGS,
    Item,
    ItemStatus,
)
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.field_errors import LINE
from lumiku.http.forms import FormFile, way
from lumiku.services.projects.importing import Imported
from lumiku.services.projects.items import Change

MAX_AT_ONCE = 100
MAX_CSV = 1_000_000
_Name = Annotated[str, Field(min_length=1, max_length=MAX_ITEM_NAME, pattern=LINE)]
_Sku = Annotated[str, Field(min_length=1, max_length=MAX_SKU, pattern=LINE, examples=["SPT-0007"])]
_Tag = Annotated[str, Field(min_length=1, max_length=MAX_TAG, pattern=LINE, examples=["lebaran"])]
_Tags = Annotated[
    tuple[_Tag, ...],
    Field(max_length=MAX_TAGS),
    AfterValidator(lambda tags: tuple(dict.fromkeys(tags))),
]
_Ids = Annotated[
    list[Annotated[str, Field(max_length=128)]], Field(min_length=1, max_length=MAX_AT_ONCE)
]


class ItemChange(RequestBody):
    """What is said anew of an item; what is left out stays, `null` takes away."""

    name: _Name = ""
    sku: _Sku | None = None
    tags: _Tags = ()
    favorite: bool = False

    def said(self, _: Item) -> Mapping[str, Any]:
        """Only what was sent, of any item."""
        return self.model_dump(exclude_unset=True)


class BulkChange(RequestBody):
    """What is said anew of each of these items; or they are deleted."""

    item_ids: _Ids
    delete: bool = Field(default=False, description="Delete them; nothing else is looked at then")
    favorite: bool | None = None
    add_tags: _Tags = ()
    remove_tags: _Tags = ()

    def said(self, item: Item) -> Mapping[str, Any]:
        """What changes of one of them; no more than the first tags are kept."""
        kept = [tag for tag in item.tags if tag not in self.remove_tags]
        tags = tuple(dict.fromkeys([*kept, *self.add_tags]))[:MAX_TAGS]
        favorite = item.favorite if self.favorite is None else self.favorite
        return {"tags": tags, "favorite": favorite}

    @property
    def change(self) -> Change | None:
        """The same, as the use case takes it."""
        return None if self.delete else self.said


class CsvRequest(RequestBody):
    """A CSV file as text."""

    csv: str = Field(max_length=MAX_CSV, examples=["file_name,sku\nsepatu.jpg,SPT-0007\n"])

    @property
    def data(self) -> bytes:
        """The file."""
        return self.csv.encode(errors="replace")


class CsvForm(RequestBody):
    """A CSV file: UTF-8, with commas or semicolons."""

    model_config = ConfigDict(defer_build=True, arbitrary_types_allowed=True)

    file_field = "file"
    file: FormFile

    @property
    def data(self) -> bytes:
        """The file."""
        content: bytes = self.file.content
        return content


CsvInput = Annotated[
    Annotated[CsvRequest, Tag("json")] | Annotated[CsvForm, Tag("form")], Discriminator(way)
]


class ProjectItem(Body):
    """A kept photo; the URLs need no token and stay the same for an hour."""

    item_id: str
    project_id: str
    file_name: str
    name: str
    sku: str | None
    tags: list[str]
    favorite: bool
    status: ItemStatus
    selected_variation_id: str | None
    version: int
    width: int
    height: int
    size_bytes: int
    format: str
    thumbnail_url: str | None = Field(description="WebP of at most 320 px a side")
    view_url: str | None = Field(description="WebP of at most 1,280 px a side")
    created_at: Instant
    updated_at: Instant


class ProjectItemPage(Body):
    """Some items, newest first; `nextCursor` asks for the next ones."""

    items: list[ProjectItem]
    next_cursor: str | None


class BulkDone(Body):
    """Which items were there, and which were not."""

    done: list[str]
    not_found: list[str]


class ImportedLine(Body):
    """What became of a line of the file."""

    line: int
    item_id: str | None
    problem: str | None


class ImportBody(Body):
    """What became of the file, line by line."""

    changed: int
    failed: int
    lines: list[ImportedLine] = Field(description=f"At most {MAX_LINES}")


def item_body(item: Item, urls: Mapping[str, str]) -> ProjectItem:
    """An item as its owner sees it; `urls` are where its files are shown."""
    original = item.original
    return ProjectItem(
        **item.model_dump(include=set(ProjectItem.model_fields) - {"size_bytes"}),
        item_id=item.id,
        selected_variation_id=item.selected,
        width=original.width_px,
        height=original.height_px,
        size_bytes=original.size_bytes,
        format=original.format,
        thumbnail_url=urls.get("thumbnail"),
        view_url=urls.get("view"),
    )


def import_body(lines: list[Imported], language: Language) -> ImportBody:
    """The report of an import, in a language."""
    shown = [
        ImportedLine(
            line=line.number,
            item_id=line.item_id,
            problem=line.problem.to(language) if line.problem else None,
        )
        for line in lines
    ]
    failed = sum(line.problem is not None for line in lines)
    return ImportBody(changed=len(lines) - failed, failed=failed, lines=shown)
