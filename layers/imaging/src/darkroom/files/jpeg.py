"""JPEG (ITU-T T.81): which kinds are read, and files that lack only their last marker."""

import io
import re
from collections.abc import Iterator

import numpy as np
from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile

from darkroom import told
from darkroom.bombs import check_pixels
from darkroom.errors import UnsupportedLayout
from darkroom.picture import strips

# A progressive JPEG of a camera or an editor has about ten scans; each scan costs a full pass.
MAX_SCANS = 200
# Every marker that has a length; not stuffing, restarts, fill bytes or start of image.
_SEGMENT = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
# Start of frame by process; what is not here is lossless, hierarchical or no frame (table B.1).
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF}
_COEFFICIENTS = 64


def opened(data: bytes, max_pixels: int) -> Image.Image:
    """Read the header of a JPEG, or refuse a kind that no decoder here reads by its name."""
    found = list(_segments(data))
    scans = [body for marker, body in found if marker == _START_OF_SCAN]
    if len(scans) > MAX_SCANS:
        raise UnsupportedLayout(f"JPEG with more than {MAX_SCANS} scans")
    frame = next(
        ((marker, body) for marker, body in found if marker in _FRAMES | _OTHER_FRAMES), None
    )
    if frame is not None:
        _check_frame(*frame)
    image: Image.Image = JpegImageFile(io.BytesIO(data))
    marker, rest = found[-1] if found else (0, b"")
    if frame is not None and marker == _END_OF_IMAGE:
        check_pixels(*image.size, max_pixels)
        if _ends_in_nothing(image):
            image = _ended(data[: len(data) - len(rest) - 2])
    # Half a marker at the end is not left out: there, the file was cut.
    elif frame is not None and not data.endswith(b"\xff") and _is_whole(frame[1], scans):
        check_pixels(*image.size, max_pixels)
        image = _ended(data)
    if _is_adobe_rgb(image):
        image.info["told"] = told.ADOBE_RGB
    return image


def exif_alone(image: Image.Image) -> Image.Exif:
    """EXIF of a JPEG without the orientation that Pillow borrows from XMP where EXIF has none.

    Editors that turn the pixels leave a stale one in XMP; viewers do not look at it.
    """
    exif = Image.Exif()
    exif.load(image.info.get("exif", b""))
    return exif


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers of the first image and what belongs to each, to its end or one scan too many.

    To the end of the image belongs all that follows.
    """
    at, scans = 2, 0
    while (match := _SEGMENT.search(data, at)) and scans <= MAX_SCANS:
        marker, at = data[match.start() + 1], match.end()
        if marker == _END_OF_IMAGE:
            yield marker, data[at:]
            return
        scans += marker == _START_OF_SCAN
        end = at + int.from_bytes(data[at : at + 2])
        yield marker, data[at + 2 : end]
        at = end


def _check_frame(marker: int, body: bytes) -> None:
    """Refuse what is no JPEG of 8 bits in one, three or four channels (T.81, B.2.2)."""
    if marker in _OTHER_FRAMES:
        raise UnsupportedLayout("JPEG of the lossless or hierarchical kind")
    bits, channels = body[0], body[5]
    if bits != 8:
        raise UnsupportedLayout(f"JPEG with {bits} bits a channel")
    if channels not in (1, 3, 4):
        raise UnsupportedLayout(f"JPEG with {channels} channels")


def _is_whole(frame: bytes, scans: list[bytes]) -> bool:
    """Say whether scans bring every coefficient of every channel to its last bit (T.81, G.1)."""
    done = {
        (channel, coefficient)
        for scan in scans
        if scan[-1] & 15 == 0
        for channel in scan[1 : 1 + 2 * scan[0] : 2]
        for coefficient in range(scan[-3], scan[-2] + 1)
    }
    return len(done) == frame[5] * _COEFFICIENTS


def _ends_in_nothing(image: Image.Image) -> bool:
    """Say whether the last block is as a decoder leaves it that got no data: all grey."""
    width, height = image.size
    last = np.asarray(image.crop(((width - 1) & ~7, (height - 1) & ~7, width, height)))
    return bool(((last == 127) | (last == 128)).all())


def _ended(data: bytes) -> Image.Image:
    """Decode a file without its last marker, if nothing but that is missing.

    Decoders invent what is missing from a scan. So the file is decoded twice, with and without
    noise behind it (in each restart interval too): if pixels are missing, they differ.
    """
    noise = np.random.default_rng(1).integers(0, 255, 256, np.uint8).tobytes()
    tail = b"".join(noise + bytes((0xFF, restart)) for restart in range(0xD0, 0xD8)) + noise
    end = bytes((0xFF, _END_OF_IMAGE))
    image, other = (JpegImageFile(io.BytesIO(data + rest + end)) for rest in (b"", tail))
    for top, bottom in strips(image.height, image.width):
        box = (0, top, image.width, bottom)
        if (np.asarray(image.crop(box)) != np.asarray(other.crop(box))).any():
            raise EOFError("The last scan is cut short")
    return image


def _is_adobe_rgb(image: Image.Image) -> bool:
    """Say whether EXIF tells Adobe RGB: not sRGB, and option file R03 of DCF 2.0."""
    try:
        exif = exif_alone(image)
        space = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.ColorSpace)
        index = exif.get_ifd(ExifTags.IFD.Interop).get(ExifTags.Interop.InteropIndex)
    except (OSError, SyntaxError, ValueError, LookupError, TypeError):
        return False
    return space != 1 and index in ("R03", b"R03")
