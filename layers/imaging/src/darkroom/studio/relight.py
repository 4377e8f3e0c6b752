"""A soft key light on a subject whose form is guessed from its matte, as if it were inflated."""

from collections.abc import Callable

import numpy as np

from darkroom.picture import Bytes, Floats
from darkroom.studio.blur import blurred, resized
from darkroom.studio.small import reduced

_SIDE_PX = 220
# Blurs of the matte inside itself, and how much each counts for the height.
_ROUNDINGS = ((2, 0.12), (5, 0.20), (11, 0.28), (22, 0.40))
_BULGE = 0.16
_GAIN = 1.6
_SOFT_PX = 3
# A box seen from the front fills its own frame; more light from the side would bend its face.
_BOX_FILL, _BOX_STRENGTH = 0.9, 0.3

type Gain = Callable[[int, int], Floats | None]
"""From rows of the subject's box to (rows, width) float32 about 1; None for no change."""


def relight(alpha: Bytes, side: float, up: float, strength: float) -> Gain:
    """Model a subject, (h, w) uint8 alpha of its box, by a light from `side` and `up`.

    The mean over the subject stays 1, so that its exposure does.
    """
    if strength == 0:
        return lambda _top, _bottom: None
    small = reduced(alpha, min(1.0, _SIDE_PX / max(alpha.shape)))
    if float(small.mean()) > _BOX_FILL:
        strength = min(strength, _BOX_STRENGTH)
    field = _shaded(small, side, up, strength)
    height, width = alpha.shape

    def gain(top: int, bottom: int) -> Floats:
        scale = field.shape[0] / height
        box = (0.0, top * scale, float(field.shape[1]), bottom * scale)
        return resized(field, width, bottom - top, box=box)

    return gain


def _shaded(matte: Floats, side: float, up: float, strength: float) -> Floats:
    height = np.zeros_like(matte)
    framed = np.pad(matte, 24)
    for radius, share in _ROUNDINGS:
        soft = blurred(framed, radius)[24:-24, 24:-24]
        height += np.float32(share) * (2 * soft - 1).clip(0, 1)
    height = np.sqrt(height) * np.float32(_BULGE * max(matte.shape))
    height = blurred(height, _SOFT_PX)
    if min(height.shape) < 2:
        return np.ones_like(matte)
    down, across = np.gradient(height)
    light = np.array((side, -up, 0.8))
    light = light / np.sqrt((light**2).sum())
    facing = (-across * light[0] - down * light[1] + light[2]) / np.sqrt(across**2 + down**2 + 1)
    lit = blurred((facing * 0.5 + 0.5).clip(0, 1).astype(np.float32), _SOFT_PX)
    mean = float((lit * matte).sum() / max(float(matte.sum()), 1e-6))
    gain: Floats = 1 + np.float32(strength * _GAIN / max(mean, 1e-6)) * (lit - np.float32(mean))
    return gain.clip(0.2, 2.5)
