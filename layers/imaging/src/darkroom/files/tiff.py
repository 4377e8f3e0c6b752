"""TIFF (6.0, and BigTIFF): which page is the photo, and who reads its samples.

The mode that Pillow gives an image does not tell how its samples lie, and some layouts it reads
wrongly without a word. So the tags decide: up to 8 bits, and colours of 16, side by side are
Pillow's; of other unsigned samples of grey, RGB and CMYK it only takes away the compression, and
`tiff_samples` reads them; all else is refused by its name. (tifffile needs imagecodecs for LZW:
together 81 MB, more than is left in the layer.)
"""

import io
import struct
from collections.abc import Iterator

from PIL import ExifTags, Image, ImagePalette
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from darkroom.bombs import check_pixels
from darkroom.errors import UnsupportedLayout
from darkroom.files.tiff_samples import (
    CHANNELS,
    PLAIN_COMPRESSIONS,
    PREDICTORS,
    Layout,
    is_readable,
    read,
)
from darkroom.formats import unsupported

_MAX_PAGES = 32
_NEW_SUBFILE_TYPE, _REDUCED_OR_MASK = 254, 1 | 4
_OLD_SUBFILE_TYPE, _REDUCED = 255, 2
_DNG_VERSION = 50706
_SENSOR_PHOTOMETRICS = (32803, 34892)
_RGB, _PALETTE, _CMYK, _YCBCR, _LAB = 2, 3, 5, 6, 8
_COLOUR_MAP, _YCBCR_SUBSAMPLING = 320, 530
# CCITT for 1 bit, JPEG old and new.
_OTHER_COMPRESSIONS = {2, 3, 4, 6, 7}
_UNKNOWN_TO_PILLOW = ("unknown pixel mode", "unknown data organization")


def opened(data: bytes, max_pixels: int) -> Image.Image:
    """Read the header of the page that is the photo; what Pillow cannot read, with its pixels.

    A layout that nobody here reads is refused by its name, a raw file as what it is.
    """
    start, tags = _photo(data)
    layout = Layout.of(tags)
    check_pixels(layout.width, layout.height, max_pixels)
    if _is_pillows(layout, tags) and data[:4] != b"MM\0+":
        try:
            image: Image.Image = TiffImageFile(io.BytesIO(_beginning_at(start, data)))
            if layout.photometric == _PALETTE:
                _see_to_palette(image, tags)
            return image
        except SyntaxError as error:
            if str(error) not in _UNKNOWN_TO_PILLOW:
                raise
    if not is_readable(layout):
        raise UnsupportedLayout(str(layout))
    image = read(data, tags, layout)
    image.info |= {"icc_profile": tags.get(ExifTags.Base.InterColorProfile), "xmp": tags.get(700)}
    if ExifTags.Base.Orientation in tags:
        image.getexif()[ExifTags.Base.Orientation] = tags[ExifTags.Base.Orientation]
    return image


def _see_to_palette(image: Image.Image, tags: ImageFileDirectory_v2) -> None:
    """Take a palette for one of 8 bits where it would be all black in 16, as libtiff does."""
    levels = tags.get(_COLOUR_MAP, ())
    if max(levels, default=256) < 256:
        image.palette = ImagePalette.raw("RGB;L", bytes(levels))


def _photo(data: bytes) -> tuple[int, ImageFileDirectory_v2]:
    """Where the first page starts that is neither a smaller copy nor a mask, and its tags."""
    for start, tags in _pages(data):
        photometric = tags.get(ExifTags.Base.PhotometricInterpretation)
        if _DNG_VERSION in tags or photometric in _SENSOR_PHOTOMETRICS:
            break
        is_reduced = tags.get(_NEW_SUBFILE_TYPE, 0) & _REDUCED_OR_MASK
        if not is_reduced and tags.get(_OLD_SUBFILE_TYPE) != _REDUCED:
            return start, tags
    raise unsupported("camera raw (DNG, NEF, ARW)")


def _pages(data: bytes) -> Iterator[tuple[int, ImageFileDirectory_v2]]:
    # Pillow sees BigTIFF only in the header of a little-endian file.
    header = b"II+\0" + data[4:16] if _is_big(data) else data[:8]
    file = io.BytesIO(data)
    tags = ImageFileDirectory_v2(header, data[:2])
    for _ in range(_MAX_PAGES):
        start = tags.next
        if not start:
            return
        file.seek(start)
        tags = ImageFileDirectory_v2(header, data[:2])
        tags.load(file)
        yield start, tags


def _beginning_at(start: int, data: bytes) -> bytes:
    """Give the file with this page as its first."""
    order = "<" if data[:2] == b"II" else ">"
    at, kind = (8, "Q") if _is_big(data) else (4, "I")
    place = struct.pack(order + kind, start)
    end = at + len(place)
    return data if data[at:end] == place else data[:at] + place + data[end:]


def _is_big(data: bytes) -> bool:
    return 43 in data[2:4]


def _is_pillows(layout: Layout, tags: ImageFileDirectory_v2) -> bool:
    """Say whether Pillow may read this: it is known to be right, or says that it cannot."""
    is_deep_colour = layout.bits == 16 and layout.photometric in (_RGB, _CMYK)
    if not (layout.bits in (1, 2, 4, 8) or is_deep_colour):
        return False
    if not layout.is_unsigned or not layout.are_inks_cmyk or layout.predictor not in PREDICTORS:
        return False
    if layout.photometric not in (*CHANNELS, _PALETTE, _YCBCR, _LAB):
        return False
    if layout.compression in _OTHER_COMPRESSIONS:
        return True
    if layout.compression not in PLAIN_COMPRESSIONS or layout.in_planes:
        return False
    if layout.photometric == _YCBCR:
        # Without compression, it takes every pixel to have its own colour.
        return layout.compression != 1 or tags.get(_YCBCR_SUBSAMPLING) == (1, 1)
    return layout.fill_order == 1 or layout.photometric not in CHANNELS
