"""Reads the colour table of a CMYK profile without a colour engine (ICC.1:2001-04, 6.5.7)."""

import itertools
import struct

import numpy as np
from numpy.typing import NDArray

from tests.unit.darkroom import icc

type Numbers = NDArray[np.float64]

_D50 = np.array((0.9642, 1.0, 0.8249))


def cmyk_to_srgb(profile: bytes, ink: Numbers) -> Numbers:
    """Levels 0-255 of sRGB for one colour of four inks 0-1: relative colorimetric table A2B1."""
    return _lab_to_srgb(_interpolate(_tag(profile, b"A2B1"), ink))


def _tag(profile: bytes, wanted: bytes) -> bytes:
    (count,) = struct.unpack_from(">I", profile, 128)
    for number in range(count):
        name, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if name == wanted:
            return profile[start : start + size]
    raise ValueError(f"The profile has no {wanted!r}")


def _interpolate(table: bytes, ink: Numbers) -> Numbers:
    """Look up a 16-bit (mft2) or 8-bit (mft1) table and give Lab."""
    kind, inputs, outputs, grid = table[:4], table[8], table[9], table[10]
    wide = kind == b"mft2"
    entries, exits = struct.unpack_from(">HH", table, 48) if wide else (256, 256)
    numbers = np.frombuffer(table[52:] if wide else table[48:], ">u2" if wide else np.uint8)
    values = numbers.astype(float) / (65535 if wide else 255)
    curves, rest = np.split(values, [inputs * entries])
    cells, curves_out = np.split(rest, [grid**inputs * outputs])
    lattice = cells.reshape(*[grid] * inputs, outputs)
    place = np.linspace(0, 1, entries)
    at = [
        np.interp(level, place, curve) * (grid - 1)
        for level, curve in zip(ink, curves.reshape(inputs, entries), strict=True)
    ]
    found = np.zeros(outputs)
    for corner in itertools.product((0, 1), repeat=inputs):
        cell = [min(int(part) + step, grid - 1) for part, step in zip(at, corner, strict=True)]
        weights = [
            part % 1 if step else 1 - part % 1 for part, step in zip(at, corner, strict=True)
        ]
        found += np.prod(weights) * lattice[tuple(cell)]
    ends = curves_out[: outputs * exits].reshape(outputs, exits)
    levels = [
        np.interp(value, np.linspace(0, 1, exits), end)
        for value, end in zip(found, ends, strict=True)
    ]
    # 16-bit Lab of version 2 puts 100 at 0xFF00 and zero of a and b at 0x8000.
    scale = 65535 / 65280 if wide else 1.0
    light, a, b = (level * scale for level in levels)
    return np.array((light * 100, a * 255 - 128, b * 255 - 128))


def _lab_to_srgb(lab: Numbers) -> Numbers:
    middle = (lab[0] + 16) / 116
    steps = np.array((middle + lab[1] / 500, middle, middle - lab[2] / 200))
    xyz = np.where(steps > 6 / 29, steps**3, 3 * (6 / 29) ** 2 * (steps - 4 / 29)) * _D50
    linear = np.linalg.solve(icc.to_xyz_d50(icc.SRGB), xyz).clip(0, 1)
    return icc.encode_srgb(linear)
