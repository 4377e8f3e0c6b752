"""An item: one photo that is kept in a project, with its thumbnails; and the uploads they come by.

An item's id has that of its project in it, and then its place there: the moment and the id of its
upload and its number in that. So no index is needed to find an item, and items are in order.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from lumiku.domain.instant import Instant, iso
from lumiku.domain.work.file_names import UNNAMED, extension, visible
from lumiku.domain.work.jobs import Job, Output
from photo_steps import Role

MAX_TAGS = 20
MAX_TAG = 40
MAX_ITEM_NAME = 200
MAX_SKU = 64
_ID = re.compile(r"item_(?P<project>[0-9a-f]{32})_(?P<place>[0-9a-f]{11}_[0-9a-f]{32}_\d{4})")


class ItemStatus(StrEnum):
    """How far an item is."""

    UPLOADED = "uploaded"
    PROCESSED = "processed"


class Item(BaseModel, frozen=True, defer_build=True):
    """A kept photo. `files` has the original as `result`, and smaller ones of it.

    `selected` is the variation that it is shown by; it is processed once it had one. `origin` is
    the job whose photo it was before, if it was imported.

    `version` counts changes of what people say of it: name, SKU, tags, favorite.
    """

    id: str
    user_id: str
    project_id: str
    file_name: str
    name: str
    sku: str | None = None
    tags: tuple[str, ...] = ()
    favorite: bool = False
    status: ItemStatus = ItemStatus.UPLOADED
    selected: str | None = None
    files: Mapping[Role, Output]
    version: int = 1
    origin: str | None = None
    created_at: Instant
    updated_at: Instant
    deleted_at: Instant | None = None

    @property
    def place(self) -> str:
        """Its place in its project, by time."""
        return f"{iso(self.created_at)}#{self.id}"

    @property
    def kept_under(self) -> str:
        """What the keys of all its files start with."""
        return f"kept/{self.user_id}/{self.project_id}/{self.id}/"

    @property
    def original(self) -> Output:
        """The photo as it was uploaded."""
        return self.files["result"]

    @property
    def size_bytes(self) -> int:
        """Of all its files together."""
        return sum(file.size_bytes for file in self.files.values())

    def matches(self, text: str) -> bool:
        """Whether name, SKU or a tag has `text` in it, in capitals or not."""
        said = (self.name, self.sku or "", *self.tags)
        return any(text.casefold() in one.casefold() for one in said)


class UnderWay(BaseModel, frozen=True, defer_build=True):
    """What a group does in a project: `id` is that of the group; `kept` are its jobs that are in.

    It has ended once every job of it is kept or never will be.
    """

    id: str
    project_id: str
    user_id: str
    created_at: Instant
    kept: frozenset[int] = frozenset()
    ended: bool = False


class Upload(UnderWay):
    """Photos on their way into a project."""


class Batch(UnderWay):
    """Items of a project that are processed together. Jobs without a result count as kept."""


def parsed(item_id: str) -> tuple[str, str] | None:
    """Project and place of an item of that id; None of what no item has as id."""
    found = _ID.fullmatch(item_id)
    return found and (f"project_{found['project']}", found["place"])


def item_id(upload: Upload, index: int) -> str:
    """Id of the item that the photo of that number becomes."""
    project = upload.project_id.removeprefix("project_")
    ms = int(upload.created_at.timestamp() * 1000)
    return f"item_{project}_{ms:011x}_{upload.id.rpartition('_')[2]}_{index:04d}"


def item_of(upload: Upload, job: Job, now: datetime) -> Item:
    """The item that a completed job of an upload becomes."""
    stem = job.file_name.rpartition(".")[0] or job.file_name
    item = Item(
        id=item_id(upload, job.index or 0),
        user_id=upload.user_id,
        project_id=upload.project_id,
        file_name=job.file_name,
        name=(visible(stem).strip() or UNNAMED)[:MAX_ITEM_NAME],
        files={},
        origin=job.source.origin,
        created_at=upload.created_at,
        updated_at=now,
    )
    files = {
        role: output.model_copy(
            update={"key": f"{item.kept_under}{_name(role)}.{extension(output.format)}"}
        )
        for role, output in job.outputs.items()
    }
    return item.model_copy(update={"files": files})


def _name(role: str) -> str:
    return "original" if role == "result" else role
