"""Gradients, mixed as light mixes, without bands."""

import math

import numpy as np

from darkroom.picture import Bytes, Floats
from darkroom.studio.tones import colour_of, dithered, levels_of, light_of_colour
from photo_steps.studio import OnGradient

_STEPS = 4096


class Gradient:
    """A gradient over a picture of a size, painted row by row."""

    def __init__(self, told: OnGradient, width: int, height: int) -> None:
        """Take what it is told and the size of the picture in pixels."""
        self._told, self._width, self._height = told, width, height
        places = [stop.at / 100 for stop in told.stops]
        stops = np.stack([light_of_colour(colour_of(stop.colour)) for stop in told.stops])
        ways = np.linspace(0, 1, _STEPS)
        mixed = np.stack([np.interp(ways, places, stops[:, channel]) for channel in range(3)])
        self._colours = levels_of(mixed.T.astype(np.float32))

    def rows(self, top: int, bottom: int) -> Bytes:
        """Paint some rows: (bottom - top, width, 3) uint8 sRGB."""
        way = self._way(np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5))
        index = (way.clip(0, 1) * (_STEPS - 1) + np.float32(0.5)).astype(np.uint16)
        return dithered(self._colours[index], top)

    def _way(self, down: Floats) -> Floats:
        """How far along the gradient each pixel of some rows is: float32, 0 to 1 within it."""
        across = np.arange(self._width, dtype=np.float32) + np.float32(0.5)
        if self._told.type == "radial":
            x, y = (
                side * percent / 100
                for side, percent in zip(
                    (self._width, self._height), self._told.centre, strict=True
                )
            )
            reach = max(self._width, self._height) * self._told.radius / 100
            return np.asarray(np.hypot(across - x, down - y) / np.float32(reach), np.float32)
        turn = math.radians(self._told.angle)
        right, forth = math.sin(turn), -math.cos(turn)
        # From corner to corner, as in CSS.
        length = abs(right) * self._width + abs(forth) * self._height
        middle = (across - self._width / 2) * right + (down - self._height / 2) * forth
        return np.asarray(middle / np.float32(length) + np.float32(0.5), np.float32)
