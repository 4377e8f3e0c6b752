"""An export: which files shall be made of pictures, and what became of each."""

import re
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from photo_steps.kinds import MIN_SIDE_PX, Format
from photo_steps.platforms import Destination, destinations
from photo_steps.rules import Check, FileRules
from photo_steps.studio import MAX_CANVAS_RATIO, MAX_CANVAS_SIDE_PX, Side
from photo_steps.workflows import Parameters, Workflow

type Size = tuple[Side, Side]
"""Width and height in pixels."""

SQUARES: tuple[Size, ...] = ((1080, 1080), (1200, 1200), (2400, 2400))
"""Sizes that are offered by name; others are custom ones."""
_NAMED = re.compile(r"([1-9]\d{1,3})(?:x([1-9]\d{1,3}))?")


def size_named(text: str) -> Size | None:
    """`original` (None), the side of a square, or width and height as `1200x800`.

    Raises `ValueError` with the reason in English and Indonesian.
    """
    if text == "original":
        return None
    found = _NAMED.fullmatch(text)
    size = (0, 0) if found is None else (int(found[1]), int(found[2] or found[1]))
    longer, shorter = max(size), min(size)
    if shorter < MIN_SIDE_PX or longer > MAX_CANVAS_SIDE_PX or longer > shorter * MAX_CANVAS_RATIO:
        raise ValueError(
            f"A size is `original`, 1080, 1200, 2400, or custom such as 1200x800: sides of "
            f"{MIN_SIDE_PX} to {MAX_CANVAS_SIDE_PX} px, one at most {MAX_CANVAS_RATIO} times the "
            "other.",
            f"Ukuran adalah `original`, 1080, 1200, 2400, atau khusus seperti 1200x800: sisi "
            f"{MIN_SIDE_PX} sampai {MAX_CANVAS_SIDE_PX} px, yang satu paling besar "
            f"{MAX_CANVAS_RATIO} kali yang lain.",
        )
    return size


class Target(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """One file of a picture: for a destination, at a size, or (neither) as large as it is."""

    format: Format
    destination: str | None = None
    size_px: Size | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.destination is not None and self.size_px is not None:
            raise ValueError("A destination has a size of its own.")
        if self.destination is not None and self.destination not in destinations():
            raise ValueError(
                f"There is no such destination; there are: {', '.join(destinations())}."
            )
        if self.size_px is not None and max(self.size_px) > MAX_CANVAS_RATIO * min(self.size_px):
            raise ValueError(f"One side can be at most {MAX_CANVAS_RATIO} times the other.")
        return self

    @property
    def place(self) -> Destination | None:
        """The destination itself."""
        return None if self.destination is None else destinations()[self.destination]

    @property
    def rules(self) -> FileRules:
        """What its file must keep."""
        if self.place is not None:
            return self.place.rules
        return FileRules(formats=(self.format,), exact_px=self.size_px)

    @property
    def canvas_px(self) -> Size | None:
        """The size that it is made at; None for the picture's own."""
        return self.size_px if self.place is None else self.place.size_px

    @property
    def label(self) -> str:
        """What it is for, in a word: a destination, a size or `original`."""
        if self.size_px is not None:
            return f"{self.size_px[0]}x{self.size_px[1]}"
        return self.destination or "original"


class ExportFiles(Parameters, step="export"):
    """Make all these files of the picture; they are the result, as one bundle."""

    targets: Annotated[tuple[Target, ...], Field(min_length=1)]


def targets_of(workflow: Workflow) -> tuple[Target, ...]:
    """The files that a workflow makes which ends with them."""
    return workflow[-1].read(ExportFiles).targets


def targets(
    formats: Sequence[Format], sizes: Sequence[Size | None], places: Sequence[str]
) -> tuple[Target, ...]:
    """Every size (None: the original) and every destination in every format, each once, in order.

    Without formats, a destination gets those that it likes best, and a size becomes PNG.
    """
    found = [
        Target(format=format, size_px=size) for size in sizes for format in (formats or ("png",))
    ]
    for name in places:
        wanted = formats or destinations()[name].formats
        found += [Target(format=format, destination=name) for format in wanted]
    return tuple(dict.fromkeys(found))


class Told(BaseModel, frozen=True, defer_build=True):
    """What could not be as it was ordered, by a code; `facts` are the numbers behind it."""

    code: str
    facts: dict[str, int | str] = {}


class Rendered(
    BaseModel, frozen=True, defer_build=True, ser_json_bytes="base64", val_json_bytes="base64"
):
    """One file that was made: `quality` is that of JPEG and WebP, `thumbnail` a small WebP."""

    target: Target
    width_px: Annotated[int, Field(ge=1)]
    height_px: Annotated[int, Field(ge=1)]
    size_bytes: Annotated[int, Field(ge=1)]
    quality: int | None
    checks: tuple[Check, ...]
    told: tuple[Told, ...]
    thumbnail: bytes

    @property
    def passes(self) -> bool:
        """Every rule that is no mere recommendation holds."""
        return all(check.outcome != "fail" for check in self.checks)
