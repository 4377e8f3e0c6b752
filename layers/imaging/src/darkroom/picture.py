"""The one thing that every step takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from photo_steps import FileKind
from photo_steps.scenes import InScene
from photo_steps.studio import OnGradient, Shadow, Watermark

# Alpha below this (of 255) is nothing to see.
FAINT = 13
# Bounds the memory of conversions at full size: only a strip exists twice.
_STRIP_PIXELS = 1 << 20

type Bytes = NDArray[np.uint8]
type Floats = NDArray[np.float32]
# What a person should know of a result that is not quite what was asked for.
type Note = Literal["no_subject", "text_cut"]
type Colour = tuple[int, int, int]
type Edge = Literal["top", "bottom", "left", "right"]
# Whatever may be behind a subject: painted when the picture is saved, at the size it has then.
type Backdrop = Colour | OnGradient | InScene | Painting
type Fact = int | str


@dataclass(frozen=True)
class Painting:
    """A scene that somebody else's model painted, for a canvas of its shape: (h, w, 3) uint8 sRGB.

    `like` is the scene that it was asked to be: a shadow falls as in that.
    """

    rgb: Bytes
    like: InScene


@dataclass(frozen=True)
class Remark:
    """What a step found, or could not do as it was told; `facts` are the numbers behind it."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """An upright picture: a subject, and what is behind it.

    `rgb` is (height, width, 3) uint8, 0-255, sRGB, straight (not multiplied by alpha).
    `alpha` is (height, width) uint8, 0 transparent to 255 opaque, or None when all is opaque.
    `backdrop` shows where alpha lets it: a colour (red, green, blue, 0-255, sRGB), what is to be
    painted there, or None for nothing. `shadow` falls on it, `mark` is written over all. They stay
    apart until the picture is saved (`compose.composed`), so that every step before knows the
    subject alone, and no step has to move more than that.
    `cut_at` are the edges of the photo that cut the subject, once something has moved it away from
    them. `lit_from` is where its light comes from, -100 left to 100 right. `seen` is a small copy
    of the photo before it was cut out, with the alpha that it was given: (h, w, 4) uint8.
    `note` is "no_subject" when nothing stood out, so that the picture was left whole, and
    "text_cut" when not all words fitted.
    `is_grey` says that the three channels are equal, so that a file needs only one of them.
    `format` is that of the file that the picture shall become, `sent_as` of the one that it came
    in, as `formats` names it. With `is_kept` it becomes that very file.
    """

    rgb: Bytes
    alpha: Bytes | None = None
    backdrop: Backdrop | None = None
    note: Note | None = None
    is_grey: bool = False
    format: FileKind = "png"
    sent_as: str = ""
    is_kept: bool = False
    shadow: Shadow | None = None
    mark: Watermark | None = None
    cut_at: frozenset[Edge] | None = None
    lit_from: int | None = None
    seen: Bytes | None = None
    remarks: tuple[Remark, ...] = ()

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

    def remarked(self, code: str, **facts: Fact) -> Self:
        """The same picture with one remark more."""
        return replace(self, remarks=(*self.remarks, Remark(code, facts)))


def strips(height: int, width: int) -> list[tuple[int, int]]:
    """Cut `height` rows into (top, bottom) ranges of about a million pixels each."""
    rows = max(1, _STRIP_PIXELS // width)
    return [(top, min(top + rows, height)) for top in range(0, height, rows)]
