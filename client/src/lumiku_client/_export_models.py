"""What the API answers about exports. Fields this version does not know are ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import AwareDatetime

from ._models import Answer, JobError


@dataclass(frozen=True)
class ExportFiles:
    """Which files are made of each picture.

    sizes         `original`, `1080`, `1200`, `2400` (squares) or others as `1200x800`
    destinations  places by id, as `Exports.platforms` lists them
    watermark     a text over every file, on plans that have it
    """

    formats: Sequence[str] = ()
    sizes: Sequence[str] = ()
    destinations: Sequence[str] = ()
    watermark: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """The same in the words of the API."""
        said: dict[str, Any] = {
            "formats": list(self.formats),
            "sizes": list(self.sizes),
            "destinations": list(self.destinations),
            "watermark": {"text": self.watermark} if self.watermark else None,
        }
        return {name: value for name, value in said.items() if value}


class ExportPicture(Answer):
    """One picture of an export."""

    item_id: str
    name: str
    status: str
    error: JobError | None = None


class Export(Answer):
    """Files of pictures on their way into a ZIP, which can be fetched until `expires_at`."""

    export_id: str
    project_id: str
    status: str
    total_pictures: int
    done_pictures: int
    failed_pictures: int
    files_per_picture: int
    size_bytes: int | None = None
    credits_used: int
    credits_refunded: int | None = None
    created_at: AwareDatetime
    completed_at: AwareDatetime | None = None
    expires_at: AwareDatetime
    pictures: Sequence[ExportPicture] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in ("pending", "processing")


class ExportOrdered(Answer):
    """An export that is paid for."""

    credits_used: int
    credits_remaining: int
    export: Export


class PlatformRule(Answer):
    """A rule that files are measured by; `is_confirmed` if somebody published it."""

    rule: str
    name: str
    source: str
    date: str
    strength: str
    strength_name: str
    is_confirmed: bool
    is_advice: bool
    note: str | None = None


class Destination(Answer):
    """A place where pictures are shown, width and height in pixels."""

    id: str
    name: str
    width: int
    height: int
    background: str
    formats: Sequence[str]
    limits: Mapping[str, Any] = {}
    rules: Sequence[PlatformRule] = ()


class Platform(Answer):
    """A platform; several of its destinations cost as much as one."""

    id: str
    destinations: Sequence[Destination]


class Platforms(Answer):
    """All of them."""

    platforms: Sequence[Platform]
