"""Between sRGB as it is stored and light as it adds up, and rounding that leaves no contours."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import Bytes, Colour, Floats

_FINE = 65535
_TILE_PX = 256
_SEED = 2026


def _decoded(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """IEC 61966-2-1, from 0-1 to 0-1."""
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """SRGB, 0-1, of linear light, 0-1."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


@cache
def _light() -> Floats:
    return _decoded(np.arange(256) / 255).astype(np.float32)


@cache
def _levels() -> Floats:
    return (255 * encoded(np.arange(_FINE + 1) / _FINE)).astype(np.float32)


@cache
def _rounded() -> Bytes:
    return np.rint(_levels()).astype(np.uint8)


def light_of(rgb: Bytes) -> Floats:
    """Linear light of uint8 sRGB (any shape): float32 0-1."""
    return _light()[rgb]


def levels_of(light: Floats) -> Floats:
    """SRGB levels of linear light (any shape, cut at 0 and 1): float32 0-255, not rounded."""
    return _levels()[(light.clip(0, 1) * _FINE + np.float32(0.5)).astype(np.uint16)]


def rounded_levels_of(light: Floats) -> Bytes:
    """SRGB of linear light (any shape, cut at 0 and 1): uint8."""
    return _rounded()[(light.clip(0, 1) * _FINE + np.float32(0.5)).astype(np.uint16)]


def light_of_colour(colour: Colour) -> Floats:
    """Linear light of one colour: (3,) float32."""
    return _light()[np.array(colour, np.uint8)]


def colour_of(text: str) -> Colour:
    """Read #rrggbb."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def dithered(levels: Floats, top: int, left: int = 0) -> Bytes:
    """Round (h, w, 3) float32 0-255 to uint8 with triangular noise of one level.

    `top` and `left` are where it lies in its picture, so that strips fit together. Pure white and
    pure black stay pure.
    """
    height, width = levels.shape[:2]
    noisy = np.empty(levels.shape, np.float32)
    for down in range(-(top % _TILE_PX), height, _TILE_PX):
        for across in range(-(left % _TILE_PX), width, _TILE_PX):
            part = np.s_[max(0, down) : down + _TILE_PX, max(0, across) : across + _TILE_PX]
            rows, columns = noisy[part].shape[:2]
            first, begin = max(0, -down), max(0, -across)
            tile = _noise()[first : first + rows, begin : begin + columns]
            np.add(levels[part], tile, out=noisy[part])
    np.rint(noisy, out=noisy)
    rounded = np.clip(noisy, 0, 255, out=noisy).astype(np.uint8)
    np.copyto(rounded, 255, where=levels >= 254.99)
    np.copyto(rounded, 0, where=levels <= 0.01)
    return rounded


@cache
def _noise() -> Floats:
    rng = np.random.default_rng(_SEED)
    noise = rng.random((_TILE_PX, _TILE_PX, 3)) - rng.random((_TILE_PX, _TILE_PX, 3))
    return noise.astype(np.float32)
