"""Pictures that leave for somebody else's model, and what comes back, as an alpha of ours.

What comes back is a stranger's file: it is decoded within the bounds of any photo, and refused
unless it shows this photo's subject.
"""

import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from darkroom.decode import decode_photo
from darkroom.errors import PhotoRefused
from darkroom.matte import full_size
from darkroom.picture import Bytes, Picture

type Shows = Literal["cutout", "mask", "backdrop", "filled", "relit"]

_JPEG_QUALITY = 92
# So few pixels cost little without loss, and JPEG's blocks of 8 would be large among them.
_PNG_PIXELS = 1 << 18
# A pixel from here on is subject; a picture without one shows nothing.
_SOLID = 128
# All of the picture at least this solid: the photo came back as it was sent.
_OPAQUE = 242
# Levels between the channels of what still is grey.
_GREY = 4
# Sides may be rounded, or be multiples of 8 or 32, but the picture must not be another one.
_ROUNDING_PX = 2
_ROUNDING_SHARE = 0.02


class Unusable(Exception):
    """What came back is no picture, or not the one that was wished for."""


class UnusableMatte(Unusable):
    """What came back is no picture, another photo's, or tells nothing of the subject."""


class NoSubject(UnusableMatte):
    """Nothing or everything is solid: the model did not tell this photo's subject from the rest."""


@dataclass(frozen=True)
class Sending:
    """A photo as a file for somebody else's model, with its size in pixels."""

    data: bytes
    content_type: Literal["image/jpeg", "image/png"]
    width: int
    height: int


def for_sending(rgb: Bytes, max_side_px: int) -> Sending:
    """Encode (height, width, 3) uint8 sRGB, its longer side at most `max_side_px`, no metadata.

    A small picture is a PNG, any other a JPEG with colours at full resolution.
    """
    image = Image.fromarray(rgb)
    image.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    if image.width * image.height <= _PNG_PIXELS:
        image.save(file, "PNG", compress_level=1)
        return Sending(file.getvalue(), "image/png", *image.size)
    image.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return Sending(file.getvalue(), "image/jpeg", *image.size)


def received_alpha(data: bytes, shows: Shows, width: int, height: int) -> Bytes:
    """Read a `cutout` or a `mask` of a photo of `width` x `height` as (height, width) uint8 alpha.

    A cut-out's alpha counts, a mask's brightness; where a mask was announced and a cut-out came,
    its alpha. Another size is brought to the photo's. `UnusableMatte` for a file that is not
    decoded within bounds, for other proportions and a mask with colours; `NoSubject` where nothing
    or everything is solid, as in a cut-out without alpha.
    """
    try:
        picture = decoded(data)
    except Unusable as unusable:
        raise UnusableMatte(str(unusable)) from unusable
    if not has_shape_of(picture.width, picture.height, width, height):
        size = f"{picture.width} x {picture.height}"
        raise UnusableMatte(f"{size} is not the shape of {width} x {height}")
    alpha = _alpha(picture, shows)
    if int(alpha.max()) < _SOLID:
        raise NoSubject("nothing in it is solid")
    if int(alpha.min()) >= _OPAQUE:
        raise NoSubject("all of it is solid")
    if alpha.shape == (height, width):
        return alpha
    return full_size(alpha * np.float32(1 / 255), width, height)


def decoded(data: bytes) -> Picture:
    """Decode a stranger's file; `Unusable` if it is not decoded within bounds."""
    try:
        return decode_photo(data)
    except PhotoRefused as refused:
        raise Unusable(f"{refused.code}: {refused.message}") from refused


def has_shape_of(width: int, height: int, of_width: int, of_height: int) -> bool:
    """A picture of these sides has the proportions of another one, but for rounding."""
    across = abs(width - height * of_width / of_height)
    down = abs(height - width * of_height / of_width)
    return min(across, down) <= _ROUNDING_PX or across <= _ROUNDING_SHARE * width


def _alpha(picture: Picture, shows: Shows) -> Bytes:
    if picture.alpha is not None:
        return picture.alpha
    if shows == "cutout":
        raise NoSubject("a cut-out without alpha")
    if int((picture.rgb.max(axis=2) - picture.rgb.min(axis=2)).max()) > _GREY:
        raise UnusableMatte("a mask with colours")
    return np.ascontiguousarray(picture.rgb[:, :, 1])
