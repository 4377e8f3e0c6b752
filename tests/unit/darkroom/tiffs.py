"""A small writer of TIFF 6.0, so that tests know exactly how the samples of a file lie."""

import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

type Samples = NDArray[np.integer]

ROWS_PER_STRIP = 10
TILE = 16


def _lzw(data: bytes) -> bytes:
    """Every byte as a code of 9 bits, with a clear code before the table grows wider."""
    codes = [256]
    for at in range(0, len(data), 200):
        codes += [*data[at : at + 200], 256]
    text = "".join(f"{code:09b}" for code in [*codes[:-1], 257])
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8)


def _packbits(data: bytes) -> bytes:
    parts = [data[at : at + 128] for at in range(0, len(data), 128)]
    return b"".join(bytes((len(part) - 1,)) + part for part in parts)


COMPRESSIONS: dict[int, Callable[[bytes], bytes]] = {
    1: bytes,
    5: _lzw,
    8: zlib.compress,
    32773: _packbits,
}


@dataclass(frozen=True)
class Tiff:
    """How to keep (height, width, samples) of whole numbers from 0 to 2 ** bits - 1."""

    photometric: int
    bits: int
    extras: tuple[int, ...] = ()
    format: int = 1
    in_planes: bool = False
    compression: int = 1
    predictor: int = 1
    fill_order: int = 1
    order: str = "<"
    is_big: bool = False
    is_tiled: bool = False
    tags: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def of(self, samples: Samples) -> bytes:
        """Write a file of this one page."""
        return self.of_pages([(self, samples)])

    def of_pages(self, pages: Iterable[tuple["Tiff", Samples]]) -> bytes:
        """Write pages into a file with the byte order and size of this one."""
        place, count = ("Q", "Q") if self.is_big else ("I", "H")
        file = (b"II" if self.order == "<" else b"MM") + struct.pack(
            f"{self.order}{'HHH' if self.is_big else 'H'}", *((43, 8, 0) if self.is_big else (42,))
        )
        hole = len(file)
        file += bytes(struct.calcsize(place))
        for page, samples in pages:
            file, tags = page._with_pixels(file, samples)
            packed = {tag: struct.pack(f"{self.order}{len(v)}I", *v) for tag, v in tags.items()}
            at = {}
            for tag, content in packed.items():
                at[tag] = len(file)
                file += content
            start = struct.pack(self.order + place, len(file))
            file = file[:hole] + start + file[hole + len(start) :]
            file += struct.pack(self.order + count, len(tags))
            for tag, content in sorted(packed.items()):
                file += struct.pack(self.order + "HH" + place, tag, 4, len(tags[tag]))
                inline = len(content) <= len(start)
                value = struct.pack(self.order + place, at[tag])
                file += content.ljust(len(start), b"\0") if inline else value
            hole = len(file)
            file += bytes(len(start))
        return file

    def _with_pixels(
        self, file: bytes, samples: Samples
    ) -> tuple[bytes, dict[int, tuple[int, ...]]]:
        height, width, count = samples.shape
        blocks = []
        planes = np.split(samples, count, axis=2) if self.in_planes else [samples]
        down, across = (TILE, TILE) if self.is_tiled else (ROWS_PER_STRIP, width)
        for plane in planes:
            for top in range(0, height, down):
                for left in range(0, width, across):
                    block = plane[top : top + down, left : left + across]
                    if self.is_tiled:
                        missing = [(0, TILE - side) for side in block.shape[:2]]
                        block = np.pad(block, (*missing, (0, 0)))
                    packed = COMPRESSIONS[self.compression](self._bytes(block))
                    blocks.append(self._filled(packed))
        offsets = []
        for content in blocks:
            offsets.append(len(file))
            file += content
        sizes = tuple(map(len, blocks))
        where = {324: tuple(offsets), 325: sizes, 322: (TILE,), 323: (TILE,)}
        if not self.is_tiled:
            where = {273: tuple(offsets), 279: sizes, 278: (ROWS_PER_STRIP,)}
        tags = {
            256: (width,),
            257: (height,),
            258: (self.bits,) * count,
            259: (self.compression,),
            262: (self.photometric,),
            266: (self.fill_order,),
            277: (count,),
            284: (2 if self.in_planes else 1,),
            317: (self.predictor,),
            339: (self.format,) * count,
            **where,
            **({338: self.extras} if self.extras else {}),
            **self.tags,
        }
        return file, tags

    def _bytes(self, block: Samples) -> bytes:
        """Samples of a block in rows that end at a byte."""
        if self.predictor == 2:
            before = np.concatenate([np.zeros_like(block[:, :1]), block[:, :-1]], axis=1)
            block = (block - before) % (1 << self.bits)
        if self.bits in (8, 16, 32):
            kind = "f" if self.format == 3 else "u"
            return block.astype(f"{self.order}{kind}{self.bits // 8}").tobytes()
        rows = block.reshape(len(block), -1)
        ones = (rows[..., None] >> np.arange(self.bits)[::-1] & 1).astype(np.uint8)
        return np.packbits(ones.reshape(len(rows), -1), axis=1).tobytes()

    def _filled(self, data: bytes) -> bytes:
        if self.fill_order == 1:
            return data
        ones = np.unpackbits(np.frombuffer(data, np.uint8)).reshape(-1, 8)
        return np.packbits(ones[:, ::-1]).tobytes()
