"""Samples of a TIFF page whose layout Pillow does not know.

Pillow only takes away the compression: it is given a page of 8-bit grey whose pixels are the bytes
of the real one. What they mean is worked out here.
"""

import io
import struct
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from darkroom.picture import Bytes, strips

# Channels by photometric interpretation: white is zero, black is zero, RGB, CMYK.
CHANNELS = {0: 1, 1: 1, 2: 3, 5: 4}
# Of bytes, without loss: none, LZW, deflate (two numbers), PackBits, LZMA, Zstandard.
PLAIN_COMPRESSIONS = {1, 5, 8, 32946, 32773, 34925, 50000}
_WHITE_IS_ZERO, _RGB, _CMYK = 0, 2, 5
# Those that whole numbers may have.
_NO_PREDICTOR, _HORIZONTAL = PREDICTORS = 1, 2
_PREDICTED = {5, 8, 32946, 34925, 50000}
_NAMES = {0: "white is zero", 1: "grey", 2: "RGB", 3: "palette", 5: "CMYK", 6: "YCbCr", 8: "Lab"}
_NAMES |= {9: "ICC Lab", 10: "ITU Lab", 32844: "LogL", 32845: "LogLuv"}
_FORMATS = {1: "unsigned", 2: "signed", 3: "floating point", 4: "unsigned"}
# Straight and multiplied alpha of 6.0, "ExtraSamples", by what Pillow calls them.
_ALPHA = {2: "A", 1: "a"}


@dataclass(frozen=True)
class Layout:
    """How a page keeps its samples. `bits` and `format` are 0 where channels differ in them."""

    width: int
    height: int
    photometric: int
    samples: int
    bits: int
    format: int
    extras: tuple[int, ...]
    in_planes: bool
    compression: int
    predictor: int
    fill_order: int
    are_inks_cmyk: bool
    is_big_endian: bool
    tile_width: int | None

    @classmethod
    def of(cls, tags: ImageFileDirectory_v2) -> Self:
        """Read the tags of a page, with the defaults of TIFF 6.0."""

        def numbers(tag: int, *default: int) -> tuple[int, ...]:
            value: Any = tags.get(tag, default)
            return tuple(value) if isinstance(value, tuple) else (value,)

        def one(values: tuple[int, ...]) -> int:
            return values[0] if len(set(values)) == 1 else 0

        bits = numbers(258, 1)
        samples = numbers(277, 1)[0]
        photometric = numbers(262, 0)[0]
        compression = numbers(259, 1)[0]
        extras = numbers(338)
        if photometric == _RGB and samples == 4 and not extras:
            # Not legal, but common; Pillow takes it the same way.
            extras = (2,)
        tiled = numbers(322) if 324 in tags else ()
        return cls(
            width=numbers(256)[0],
            height=numbers(257)[0],
            photometric=photometric,
            samples=samples,
            bits=one(bits),
            format=one(numbers(339, 1)),
            extras=extras,
            in_planes=numbers(284, 1)[0] == 2,
            compression=compression,
            predictor=numbers(317, 1)[0] if compression in _PREDICTED else _NO_PREDICTOR,
            fill_order=numbers(266, 1)[0],
            are_inks_cmyk=photometric != _CMYK or numbers(332, 1)[0] == 1,
            is_big_endian=tags.prefix == b"MM",
            tile_width=tiled[0] if tiled else None,
        )

    @property
    def is_unsigned(self) -> bool:
        """Say whether samples are whole numbers from 0."""
        return self.format in (1, 4)

    @property
    def alpha(self) -> int:
        """What the first extra channel is: 1 alpha that colours are multiplied with, 2 straight."""
        return self.extras[0] if self.extras and self.extras[0] in _ALPHA else 0

    def __str__(self) -> str:
        colours = _NAMES.get(self.photometric, f"photometric {self.photometric}")
        bits = f"{self.samples} x {self.bits or 'mixed'} bits"
        kind = _FORMATS.get(self.format, f"sample format {self.format}")
        order = "in planes" if self.in_planes else "interleaved"
        return (
            f"TIFF ({colours}, {bits}, {kind}, {order}, compression {self.compression}, "
            f"predictor {self.predictor})"
        )


def is_readable(layout: Layout) -> bool:
    """Say whether `read` gives the right levels for this layout."""
    channels = CHANNELS.get(layout.photometric, layout.samples + 1)
    return (
        channels <= layout.samples
        and 1 <= layout.bits <= 16
        and layout.is_unsigned
        and layout.compression in PLAIN_COMPRESSIONS
        and (
            layout.predictor == _NO_PREDICTOR
            or (layout.predictor == _HORIZONTAL and layout.bits in (8, 16))
        )
        and layout.are_inks_cmyk
        and not (layout.photometric == _CMYK and layout.alpha)
    )


def read(data: bytes, tags: ImageFileDirectory_v2, layout: Layout) -> Image.Image:
    """Decode a readable page to 8 bits: L, LA, La, RGB, RGBA, RGBa or CMYK."""
    colours = CHANNELS[layout.photometric]
    kept = colours + bool(layout.alpha)
    levels = np.empty((layout.height, layout.width, kept), np.uint8)
    together = 1 if layout.in_planes else layout.samples
    for plane in range(kept if layout.in_planes else 1):
        page = TiffImageFile(io.BytesIO(_as_bytes(data, tags, layout, plane)))
        packed = np.asarray(page)
        for top, bottom in strips(layout.height, layout.width * together):
            values = _values(packed[top:bottom], layout, together)[..., :kept]
            if layout.photometric == _WHITE_IS_ZERO and plane == 0:
                values[..., 0] = (1 << layout.bits) - 1 - values[..., 0]
            levels[top:bottom, :, plane : plane + values.shape[2]] = _scaled(values, layout.bits)
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[colours] + _ALPHA.get(layout.alpha, "")
    return Image.frombytes(mode, (layout.width, layout.height), levels)


def _as_bytes(data: bytes, tags: ImageFileDirectory_v2, layout: Layout, plane: int) -> bytes:
    """Write a first page into the file: the bytes of one plane (or of all) as 8-bit grey."""
    bits = layout.bits * (1 if layout.in_planes else layout.samples)

    def of_plane(tag: int) -> list[int]:
        found = list(tags.get(tag, ()))
        each = len(found) // layout.samples if layout.in_planes else len(found)
        return found[plane * each : (plane + 1) * each]

    page = {256: [-(-layout.width * bits // 8)], 257: [layout.height], 258: [8], 262: [1], 277: [1]}
    page |= {259: [layout.compression], 266: [layout.fill_order]}
    if layout.tile_width is None:
        rows = min(tags.get(278, layout.height), layout.height)
        page |= {273: of_plane(273), 278: [rows], 279: of_plane(279)}
    else:
        page |= {322: [layout.tile_width * bits // 8], 323: [tags[323]]}
        page |= {324: of_plane(324), 325: of_plane(325)}
    start = len(data) + len(data) % 2
    table, rest = struct.pack("<H", len(page)), b""
    at = start + 2 + 12 * len(page) + 4
    for tag, values in sorted(page.items()):
        packed = struct.pack(f"<{len(values)}I", *values)
        is_short = len(values) == 1
        place = packed if is_short else struct.pack("<I", at + len(rest))
        table += struct.pack("<HHI", tag, 4, len(values)) + place
        rest += b"" if is_short else packed
    header = struct.pack("<2sHI", b"II", 42, start)
    return header + data[8:].ljust(start - 8, b"\0") + table + bytes(4) + rest


def _values(packed: Bytes, layout: Layout, together: int) -> NDArray[np.unsignedinteger[Any]]:
    """Take samples out of rows of bytes: (rows, width, samples), 0 to 2 ** bits - 1."""
    count = layout.width * together
    values: NDArray[np.unsignedinteger[Any]]
    if layout.bits == 16:
        values = np.ascontiguousarray(packed).view(">u2" if layout.is_big_endian else "<u2")
        values = values.astype(np.uint16)
    elif layout.bits == 8:
        values = packed.copy()
    else:
        ones = np.unpackbits(packed, axis=1, count=count * layout.bits)
        weights = (1 << np.arange(layout.bits)[::-1]).astype(np.uint16)
        values = ones.reshape(-1, count, layout.bits) @ weights
    values = values.reshape(-1, layout.width, together)
    if layout.predictor == _HORIZONTAL:
        step = layout.tile_width or layout.width
        for left in range(0, layout.width, step):
            part = values[:, left : left + step]
            part[...] = np.cumsum(part, axis=1, dtype=part.dtype)
    return values


def _scaled(values: NDArray[np.unsignedinteger[Any]], bits: int) -> Bytes:
    """Bring samples of so many bits to 0-255, rounded."""
    if bits == 8:
        return values.astype(np.uint8, copy=False)
    most = np.uint32((1 << bits) - 1)
    return ((values.astype(np.uint32) * 255 + most // 2) // most).astype(np.uint8)
