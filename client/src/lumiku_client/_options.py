"""What a result shall be."""

import re
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from pydantic.alias_generators import to_camel

_COLOUR = re.compile(r"transparent|white|black|#[0-9a-fA-F]{6}")


class Format(StrEnum):
    """What kind of file a result is."""

    PNG = "png"
    WEBP = "webp"
    JPEG = "jpeg"


class Output(StrEnum):
    """What a result shows: the subject, or its alpha in grey."""

    CUTOUT = "cutout"
    MASK = "mask"


@dataclass(frozen=True)
class Options:
    """How results differ from cut-outs as PNG, whole and at the photo's size.

    background  transparent, white, black or #rrggbb; without it transparent, of a JPEG white
    crop        margin around the subject in percent of its longer side, 0 to 50; None: whole
    max_size    longest side in pixels, 64 to 16383; never enlarges

    Raises ValueError for a background that is no colour or does not go with the rest.
    """

    format: Format | str = Format.PNG
    background: str | None = None
    crop: int | None = None
    output: Output | str = Output.CUTOUT
    max_size: int | None = None

    def __post_init__(self) -> None:
        if self.background is None:
            return
        if not _COLOUR.fullmatch(self.background):
            raise ValueError("The background is transparent, white, black or a colour as #ffffff.")
        if self.output == Output.MASK:
            raise ValueError("A mask has no background.")
        if self.format == Format.JPEG and self.background == "transparent":
            raise ValueError("JPEG has no transparency: name a colour for the background.")

    @property
    def extension(self) -> str:
        """What names of results end in."""
        return "jpg" if self.format == Format.JPEG else str(self.format)

    def body(self) -> dict[str, Any]:
        """The fields of a request, without those that change nothing."""
        values = asdict(self)
        return {
            to_camel(field.name): values[field.name]
            for field in fields(self)
            if values[field.name] != field.default
        }


PLAIN = Options()
