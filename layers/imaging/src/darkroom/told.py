"""Colours that a file tells without an ICC profile, and how they become sRGB.

What is honoured, the first that is there and can be read:

| File | Order |
| --- | --- |
| PNG | cICP, iCCP, sRGB, gAMA with cHRM (PNG, third edition, 4.3), gAMA alone |
| HEIC, AVIF | ICC profile, nclx (ISO/IEC 23008-12, 6.5.5; as libavif and browsers do) |
| JPEG | ICC profile, EXIF with InteropIndex R03: Adobe RGB (1998) (DCF 2.0) |
| TIFF, WebP | ICC profile |
| BMP, GIF | nothing |

All else is sRGB. Code points (cICP, nclx) are those of ITU-T H.273, tables 2 and 3. The curves of
television (1, 6, 14, 15) are shown as sRGB, as browsers do. PQ and HLG are ITU-R BT.2100, tables 4
and 5; white is at 203 cd/m2 (ITU-R BT.2408), and what is brighter is drawn below it with its hue.
Other whites come to D65 by Bradford's matrix. A gamma is compared with 2.2 as libpng does, so that
1/2.2 is sRGB itself. What lies outside sRGB lands on its border.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import Bytes

type Levels = NDArray[np.uint8] | NDArray[np.uint16]
type Numbers = NDArray[np.float64]
type Point = tuple[float, float]
# Chromaticities (x, y) of red, green, blue and white.
type Primaries = tuple[Point, Point, Point, Point]
type Curve = Literal["srgb", "linear", "pq", "hlg"]

_D65, _C, _DCI = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351)
_BT709 = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), _D65)
_SMPTE170M = ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65)
_PRIMARIES: dict[int, Primaries] = {
    1: _BT709,
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: _SMPTE170M,
    7: _SMPTE170M,
    8: ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _DCI),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65),
}
# Curve and exponent.
_CURVES: dict[int, tuple[Curve, float]] = {
    **dict.fromkeys((1, 6, 13, 14, 15), ("srgb", 1.0)),
    4: ("linear", 2.2),
    5: ("linear", 2.8),
    8: ("linear", 1.0),
    16: ("pq", 1.0),
    18: ("hlg", 1.0),
}
_BRADFORD = np.array(
    ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
)
_WHITE_NITS, _PQ_NITS, _HLG_NITS, _HLG_GAMMA = 203, 10_000, 1_000, 1.2
# libpng's PNG_GAMMA_THRESHOLD.
_SAME_GAMMA = 0.05
# From here on, highlights are compressed.
_KNEE = np.float32(0.9)
_STEPS = 65_535


@dataclass(frozen=True)
class Told:
    """What levels of red, green and blue mean: primaries, and the way from signal to light.

    A signal of 0 to 1 is raised to `exponent`, then `curve` makes light of it. `is_narrow` says
    that of 255 levels 16 to 235 are used.
    """

    primaries: Primaries
    curve: Curve
    exponent: float = 1.0
    is_narrow: bool = False


SRGB = Told(_BT709, "srgb")
# Adobe RGB (1998) Color Image Encoding, 4.3.1 and 4.3.4.
ADOBE_RGB = Told(((0.640, 0.330), (0.210, 0.710), (0.150, 0.060), _D65), "linear", 2 + 51 / 256)


def by_code_points(primaries: int, transfer: int, *, is_narrow: bool = False) -> Told | None:
    """Read code points of H.273; None when neither tells anything."""
    if primaries not in _PRIMARIES and transfer not in _CURVES:
        return None
    curve, exponent = _CURVES.get(transfer, ("srgb", 1.0))
    return Told(_PRIMARIES.get(primaries, _BT709), curve, exponent, is_narrow)


def by_gamma(gamma: int, points: Sequence[int]) -> Told | None:
    """Read gAMA and cHRM (x and y of white, red, green, blue; or nothing), in 100,000ths.

    Points that span no triangle are left out; None when gamma is 0.
    """
    if gamma == 0:
        return None
    exponent = 100_000 / (2.2 * gamma)
    if abs(exponent - 1) < _SAME_GAMMA:
        exponent = 1.0
    numbers = [point / 100_000 for point in points]
    white, red, green, blue = zip(numbers[::2], numbers[1::2], strict=True)
    primaries: Primaries = (red, green, blue, white)
    try:
        _to_srgb_primaries(primaries)
    except (ArithmeticError, np.linalg.LinAlgError):
        primaries = _BT709
    return Told(primaries, "srgb", exponent)


def converter(told: Told, levels: int) -> Callable[[Levels], Bytes]:
    """Give what turns (..., 3) of 0 to `levels` - 1 (256 or 65,536) into uint8 sRGB."""
    light_of = _light(told, np.linspace(0, 1, levels)).astype(np.float32)
    matrix = _to_srgb_primaries(told.primaries).T.astype(np.float32)
    luminance = _to_xyz(told.primaries)[1].astype(np.float32)

    def convert(values: Levels) -> Bytes:
        light = light_of[values]
        if told.curve == "hlg":
            light *= (light @ luminance)[..., None] ** np.float32(_HLG_GAMMA - 1)
            light *= np.float32(_HLG_NITS / _WHITE_NITS)
        light = light @ matrix
        if told.curve in ("pq", "hlg"):
            peak = light.max(axis=-1, keepdims=True).clip(_KNEE)
            light *= (1 - (1 - _KNEE) * np.exp((_KNEE - peak) / (1 - _KNEE))) / peak
        return _SRGB_LEVELS[(light.clip(0, 1) * _STEPS + np.float32(0.5)).astype(np.uint16)]

    return convert


def _light(told: Told, signal: Numbers) -> Numbers:
    """Linear light of a signal of 0 to 1; 1 is white. Of HLG, that of the scene (0 to 1)."""
    if told.is_narrow:
        signal = ((signal * 255 - 16) / (235 - 16)).clip(0, 1)
    signal = signal**told.exponent
    match told.curve:
        case "linear":
            return signal
        case "srgb":  # IEC 61966-2-1
            low = signal <= 0.04045
            return np.where(low, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
        case "pq":  # BT.2100, table 4
            root = signal ** (32 / 2523)
            c1, c2, c3 = 3424 / 4096, 2413 / 128, 2392 / 128
            part = (root - c1).clip(0) / (c2 - c3 * root)
            return part ** (8192 / 1305) * (_PQ_NITS / _WHITE_NITS)
        case "hlg":  # BT.2100, table 5
            a, b, c = 0.17883277, 0.28466892, 0.55991073
            return np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)


def _to_srgb_primaries(primaries: Primaries) -> Numbers:
    """Matrix from linear light of these primaries to that of sRGB, white to white."""
    white, ours = _xyz(primaries[3]), _xyz(_D65)
    gains = np.diag((_BRADFORD @ ours) / (_BRADFORD @ white))
    adapted = np.linalg.solve(_BRADFORD, gains @ _BRADFORD @ _to_xyz(primaries))
    return np.linalg.solve(_to_xyz(_BT709), adapted)


def _to_xyz(primaries: Primaries) -> Numbers:
    """Matrix from linear light to XYZ; white has Y = 1 (SMPTE RP 177)."""
    columns = np.stack([_xyz(point) for point in primaries[:3]], axis=1)
    return columns * np.linalg.solve(columns, _xyz(primaries[3]))


def _xyz(point: Point) -> Numbers:
    x, y = point
    return np.array((x / y, 1.0, (1 - x - y) / y))


def _srgb_levels() -> Bytes:
    """Level 0-255 of each step of linear light (IEC 61966-2-1)."""
    light = np.linspace(0, 1, _STEPS + 1)
    signal = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(signal * 255).astype(np.uint8)


_SRGB_LEVELS = _srgb_levels()
