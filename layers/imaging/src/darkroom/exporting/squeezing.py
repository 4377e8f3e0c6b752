"""A file that is not larger than it may be: less quality first, then fewer pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from darkroom.picture import Picture
from photo_steps import Format
from photo_steps.kinds import MIN_SIDE_PX

_LEAST_QUALITY = 60
_SMALLER = 0.9


type Encode = Callable[[Picture, Format, int], bytes]
"""Makes a file of a picture in a format and a quality."""


@dataclass(frozen=True)
class Limit:
    """At most so many bytes. Fewer pixels only down to `min_side_px`; None: never fewer."""

    max_bytes: int | None = None
    min_side_px: int | None = None


@dataclass(frozen=True)
class Squeezed:
    """A file, the picture in it, and at which quality."""

    data: bytes
    picture: Picture
    quality: int


def squeezed(
    picture: Picture,
    format: Format,
    quality: int,
    limit: Limit,
    reduced: Callable[[int, int], Picture],
    encode: Encode,
) -> Squeezed:
    """Encode a finished picture within a limit, or as near to it as can be.

    The quality is the best from 60 up to `quality` that fits. Where none does, as in a PNG always,
    `reduced` makes the picture again with at most nine tenths of its width and height.
    """

    def at(quality: int) -> Squeezed:
        return Squeezed(encode(picture, format, quality), picture, quality)

    least = quality if format == "png" else min(quality, _LEAST_QUALITY)
    while True:
        made = _best(at, least, quality, limit.max_bytes)
        if limit.max_bytes is None or limit.min_side_px is None:
            return made
        if len(made.data) <= limit.max_bytes:
            return made
        scale = min(_SMALLER, math.sqrt(limit.max_bytes / len(made.data)))
        width = math.floor(picture.width * scale)
        height = round(width * picture.height / picture.width)
        if min(width, height) < max(limit.min_side_px, MIN_SIDE_PX):
            return made
        picture = reduced(width, height)


def _best(
    at: Callable[[int], Squeezed], least: int, highest: int, max_bytes: int | None
) -> Squeezed:
    """The file of the highest quality that fits, found by bisection; that of `least` if none."""
    made = at(highest)
    if max_bytes is None or len(made.data) <= max_bytes or least == highest:
        return made
    made = at(least)
    while len(made.data) <= max_bytes and highest - made.quality > 1:
        other = at((made.quality + highest) // 2)
        if len(other.data) <= max_bytes:
            made = other
        else:
            highest = other.quality
    return made
