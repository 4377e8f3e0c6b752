"""Colours as they look: CIE L*a*b* (D65, from sRGB's primaries) and CIEDE2000."""

import numpy as np

from darkroom.picture import Floats

_XYZ = np.array(
    (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
).T
_WHITE = np.array((0.95047, 1.0, 1.08883))
_25_7 = 25.0**7


def lab_of(light: Floats) -> np.ndarray:
    """L*a*b* of (..., 3) linear light: (..., 3) float64."""
    ratio = light.astype(np.float64) @ _XYZ / _WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """CIEDE2000 of two (..., 3) L*a*b* (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    mean = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean / (mean + _25_7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    middle = np.where(grey, h1 + h2, (h1 + turn / 2) % 360)
    chroma = (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(middle - 30))
        + 0.24 * np.cos(np.radians(2 * middle))
        + 0.32 * np.cos(np.radians(3 * middle + 6))
        - 0.20 * np.cos(np.radians(4 * middle - 63))
    )
    off = ((l1 + l2) / 2 - 50) ** 2
    light = (l2 - l1) / (1 + 0.015 * off / np.sqrt(20 + off))
    colour = (c2 - c1) / (1 + 0.045 * chroma)
    tone = hue / (1 + 0.015 * chroma * t)
    seventh = chroma**7
    rotation = -np.sin(np.radians(60 * np.exp(-(((middle - 275) / 25) ** 2))))
    rotation = rotation * 2 * np.sqrt(seventh / (seventh + _25_7))
    return np.asarray(np.sqrt(light**2 + colour**2 + tone**2 + rotation * colour * tone))
