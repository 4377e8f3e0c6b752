"""The one thing that every step takes and gives."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from photo_steps import Format

# Alpha below this (of 255) is nothing to see.
FAINT = 13
# Bounds the memory of conversions at full size: only a strip exists twice.
_STRIP_PIXELS = 1 << 20

type Bytes = NDArray[np.uint8]
type Floats = NDArray[np.float32]
# What a person should know of a result that is not quite what was asked for.
type Note = Literal["no_subject"]
type Colour = tuple[int, int, int]
# Whatever may be behind a subject.
type Backdrop = Colour


@dataclass(frozen=True)
class Picture:
    """An upright picture: a subject, and what is behind it.

    `rgb` is (height, width, 3) uint8, 0-255, sRGB, straight (not multiplied by alpha).
    `alpha` is (height, width) uint8, 0 transparent to 255 opaque, or None when all is opaque.
    `backdrop` shows where alpha lets it: a colour (red, green, blue, 0-255, sRGB), or None for
    nothing. The two stay apart until the picture is saved (`compose.composed`).
    `note` is "no_subject" when nothing stood out, so that the picture was left whole.
    `is_grey` says that the three channels are equal, so that a file needs only one of them.
    `format` is that of the file that the picture shall become, `sent_as` of the one that it came
    in, as `formats` names it. With `is_kept` it becomes that very file.
    """

    rgb: Bytes
    alpha: Bytes | None = None
    backdrop: Backdrop | None = None
    note: Note | None = None
    is_grey: bool = False
    format: Format = "png"
    sent_as: str = ""
    is_kept: bool = False

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.rgb.shape[0])

    @property
    def cover(self) -> Bytes:
        """Alpha, which is 255 everywhere where all is opaque."""
        if self.alpha is not None:
            return self.alpha
        return np.full((self.height, self.width), 255, np.uint8)


def strips(height: int, width: int) -> list[tuple[int, int]]:
    """Cut `height` rows into (top, bottom) ranges of about a million pixels each."""
    rows = max(1, _STRIP_PIXELS // width)
    return [(top, min(top + rows, height)) for top in range(0, height, rows)]
