"""HEIC and AVIF (ISO/IEC 14496-12 and 23008-12): what the boxes tell of the picture."""

import io
import re
from collections.abc import Iterator
from fractions import Fraction

from PIL import Image

from darkroom import told
from darkroom.bombs import check_pixels

type Boxes = list[tuple[bytes, bytes]]


def heic(data: bytes, max_pixels: int) -> Image.Image:
    """Read the header of an HEIC file; its decoder turns and crops by itself."""
    from pi_heif import HeifImageFile

    meta = _meta(data, max_pixels)
    image: Image.Image = HeifImageFile(io.BytesIO(data))
    _note_colour(image, _of_primary(meta))
    return image


def avif(data: bytes, max_pixels: int) -> Image.Image:
    """Read the header of an AVIF file, and crop where the file asks for it: no decoder does."""
    from PIL.AvifImagePlugin import AvifImageFile

    meta = _meta(data, max_pixels)
    image: Image.Image = AvifImageFile(io.BytesIO(data))
    properties = _of_primary(meta)
    check_pixels(*image.size, max_pixels)
    if aperture := dict(properties).get(b"clap"):
        image = image.crop(_aperture(aperture, *image.size))
    _note_colour(image, properties)
    return image


def _meta(data: bytes, max_pixels: int) -> bytes:
    """Find the top-level `meta` box, empty when there is none; each `ispe` in it must be allowed.

    Decoders look at these sizes (23008-12, 6.5.3) only after they have made room for them.
    """
    meta = dict(_boxes(data)).get(b"meta", b"")
    for match in re.finditer(b"ispe\0\0\0\0(.{4})(.{4})", meta, re.DOTALL):
        width, height = (int.from_bytes(match[group]) for group in (1, 2))
        check_pixels(width, height, max_pixels)
    return meta


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Types and contents of the boxes side by side in some bytes (14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(data):
        size, kind, start = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, start = int.from_bytes(data[start : start + 8]), at + 16
        end = at + size if size else len(data)
        if end < start:
            return
        yield kind, data[start:end]
        at = end


def _of_primary(meta: bytes) -> Boxes:
    """Give the properties of the primary item, in their order (23008-12, 9.3)."""
    boxes = dict(_boxes(meta[4:]))
    if not {b"pitm", b"iprp"} <= boxes.keys():
        return []
    parts = dict(_boxes(boxes[b"iprp"]))
    known = list(_boxes(parts[b"ipco"]))
    primary = int.from_bytes(boxes[b"pitm"][4:])
    return [known[place - 1] for place in _places(parts[b"ipma"], primary) if place]


def _places(table: bytes, wanted: int) -> list[int]:
    """Places of an item's properties among all, from 1, as `ipma` lists them (23008-12, 9.3.2)."""
    id_bytes, place_bytes = (4 if table[0] else 2), (2 if table[3] & 1 else 1)
    at = 8
    for _ in range(int.from_bytes(table[4:8])):
        item, count = int.from_bytes(table[at : at + id_bytes]), table[at + id_bytes]
        at += id_bytes + 1
        places = [
            # The first bit says whether a reader must know the property.
            int.from_bytes(table[here : here + place_bytes]) & (128 << 8 * (place_bytes - 1)) - 1
            for here in range(at, at + count * place_bytes, place_bytes)
        ]
        if item == wanted:
            return places
        at += count * place_bytes
    return []


def _aperture(clap: bytes, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a clean aperture (14496-12, 12.1.4)."""
    numbers = [int.from_bytes(clap[at : at + 4], signed=at >= 16) for at in range(0, 32, 4)]
    wide, high, across, down = (Fraction(*numbers[at : at + 2]) for at in range(0, 8, 2))
    left, top = round(across + (width - wide) / 2), round(down + (height - high) / 2)
    right, bottom = left + int(wide), top + int(high)
    if not (0 <= left < right <= width and 0 <= top < bottom <= height):
        raise ValueError("The clean aperture lies outside the picture")
    return left, top, right, bottom


def _note_colour(image: Image.Image, properties: Boxes) -> None:
    """Keep what nclx tells (14496-12, 12.1.5); an ICC profile in the image counts before it."""
    for kind, body in properties:
        if kind == b"colr" and body[:4] == b"nclx":
            primaries, transfer = int.from_bytes(body[4:6]), int.from_bytes(body[6:8])
            image.info["told"] = told.by_code_points(primaries, transfer)
