"""What a marketplace asks of a finished file."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from photo_steps.kinds import Format

type RuleName = Literal[
    "format",
    "size",
    "aspectRatio",
    "bytes",
    "fill",
    "pureWhite",
    "sRGB",
    "noAlpha",
    "noMetadata",
]
type Percent = Annotated[int, Field(ge=0, le=100)]


class FileRules(BaseModel, frozen=True, defer_build=True, extra="forbid"):
    """Rules for one file; those that are not given are not checked.

    `fill_percent` is the least and the most that the subject's box takes of the side that it fills
    first.
    """

    formats: tuple[Format, ...] = ()
    min_side_px: int | None = None
    max_side_px: int | None = None
    aspect_ratio: tuple[int, int] | None = None
    max_bytes: int | None = None
    fill_percent: tuple[Percent, Percent] | None = None
    pure_white: bool = False
    srgb: bool = True
    no_alpha: bool = False
    no_metadata: bool = True


class Check(BaseModel, frozen=True, defer_build=True):
    """One rule: what was measured in the written file, what is required, and whether it holds."""

    rule: RuleName
    measured: str
    required: str
    holds: bool
