"""From the bytes of an untrusted file to an upright sRGB picture, within bounds."""

import io
import struct
import warnings
import zlib
from collections.abc import Callable

import numpy as np
from PIL import ExifTags, Image
from PIL.GifImagePlugin import GifImageFile
from PIL.WebPImagePlugin import WebPImageFile

from darkroom.bombs import check_pixels
from darkroom.colour import to_srgb
from darkroom.errors import DamagedPhoto, PhotoTooSmall, TooManyPixels
from darkroom.files import bmp, iso_media, jpeg, png, tiff
from darkroom.formats import format_of
from darkroom.picture import Bytes, Picture

MAX_PIXELS = 64_000_000
MIN_SIDE_PX = 8

# What Pillow and its plugins are known to raise on broken files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)

# Decoders are called by name: Image.open would try every plugin, and its pixel limit is one setting
# for the whole process. Each reads the header and refuses sizes above the cap; those that must
# decode pixels at once do it only then.
_OPEN: dict[str, Callable[[bytes, int], Image.Image]] = {
    "JPEG": jpeg.opened,
    "PNG": png.opened,
    "WebP": lambda data, _: WebPImageFile(io.BytesIO(data)),
    "HEIC": iso_media.heic,
    "AVIF": iso_media.avif,
    "TIFF": tiff.opened,
    "BMP": bmp.opened,
    "GIF": lambda data, _: GifImageFile(io.BytesIO(data)),
}


def decode_photo(data: bytes, max_pixels: int = MAX_PIXELS) -> Picture:
    """Decode the first frame of a photo: upright, 8-bit sRGB, existing transparency kept.

    Metadata (EXIF, GPS, XMP, profiles) is used and dropped. Refuses with a `PhotoRefused`.
    Not for several threads at once: Python's warnings are silenced for the whole process.
    """
    name = format_of(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = _OPEN[name](data, max_pixels)
            _check_size(image.size, max_pixels)
            image.load()
            rgb, alpha = to_srgb(image)
        except Image.DecompressionBombError as error:
            raise TooManyPixels(
                f"The photo has too many pixels; at most {max_pixels // 1_000_000} megapixels "
                "are processed.",
                {"maxPixels": max_pixels},
            ) from error
        except _BROKEN as error:
            raise DamagedPhoto(
                f"The {name} file is damaged or cut short. Export or upload it again.",
                {"found": name},
            ) from error
        turn = _orientation(name, image)
    turned = None if alpha is None else upright(alpha, turn)
    return Picture(upright(rgb, turn), turned, sent_as=name)


def upright(pixels: Bytes, orientation: int) -> Bytes:
    """Turn (height, width[, channels]) pixels as EXIF orientation 1-8 asks (Exif 2.32, 0x0112)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    check_pixels(width, height, max_pixels)
    if min(size) < MIN_SIDE_PX:
        raise PhotoTooSmall(
            f"The photo has only {width} x {height} pixels; each side needs at least "
            f"{MIN_SIDE_PX}.",
            {"width": width, "height": height, "minSide": MIN_SIDE_PX},
        )


def _orientation(name: str, image: Image.Image) -> int:
    """Read EXIF or XMP orientation; 1 when there is none or the metadata is broken.

    HEIC is turned by its decoder, which then clears the tag; TIFF is turned by Pillow, likewise.
    For AVIF Pillow puts the file's own rotation boxes in the tag's place.
    """
    try:
        exif = jpeg.exif_alone(image) if name == "JPEG" else image.getexif()
        value = exif.get(ExifTags.Base.Orientation, 1)
    except _BROKEN:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
