"""Refuse files that would cost far more than they show, before any decoder sees them."""

import re

from darkroom.errors import DamagedPhoto, TooManyPixels

# A progressive JPEG of a camera or an editor has about ten scans; each scan costs a full pass.
MAX_JPEG_SCANS = 200
# Every marker that has a length; not stuffing, restarts, fill bytes or start of image.
_SEGMENT = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
_START_OF_SCAN = 0xDA
_END_OF_IMAGE = 0xD9


def check_before_opening(name: str, data: bytes, max_pixels: int) -> None:
    """Look at the container only; decoders check what they can read themselves."""
    if name in ("AVIF", "HEIC"):
        _check_declared_pixels(data, max_pixels)
    elif name == "JPEG" and _jpeg_scans(data) > MAX_JPEG_SCANS:
        raise DamagedPhoto(
            f"The JPEG file has more than {MAX_JPEG_SCANS} scans. Export it again as a baseline "
            "JPEG.",
            {"found": "JPEG"},
        )


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    """Refuse a size that holds more pixels than are processed."""
    if width * height > max_pixels:
        raise TooManyPixels(
            f"The photo has {width} x {height} pixels; at most {max_pixels // 1_000_000} "
            "megapixels are processed.",
            {"width": width, "height": height, "maxPixels": max_pixels},
        )


def _check_declared_pixels(data: bytes, max_pixels: int) -> None:
    """Compare each `ispe` size of an ISO media file (ISO/IEC 23008-12, 6.5.3) with the cap."""
    for match in re.finditer(b"ispe\0\0\0\0(.{4})(.{4})", _meta_box(data), re.DOTALL):
        width, height = (int.from_bytes(match[group]) for group in (1, 2))
        check_pixels(width, height, max_pixels)


def _meta_box(data: bytes) -> bytes:
    """Find the top-level `meta` box; empty when there is none."""
    at = 0
    while at + 8 <= len(data):
        size = _box_size(data, at)
        if data[at + 4 : at + 8] == b"meta":
            return data[at : at + size]
        if size < 8:
            break
        at += size
    return b""


def _box_size(data: bytes, at: int) -> int:
    """Size of a box in bytes, its header among them (ISO/IEC 14496-12, 4.2)."""
    match int.from_bytes(data[at : at + 4]):
        case 0:
            return len(data) - at
        case 1:
            return int.from_bytes(data[at + 8 : at + 16])
        case size:
            return size


def _jpeg_scans(data: bytes) -> int:
    """Count the scans of the first image by walking its markers (ITU-T T.81, annex B)."""
    scans = 0
    at = 2
    while (found := _SEGMENT.search(data, at)) and scans <= MAX_JPEG_SCANS:
        marker = data[found.start() + 1]
        if marker == _END_OF_IMAGE:
            break
        scans += marker == _START_OF_SCAN
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
    return scans
