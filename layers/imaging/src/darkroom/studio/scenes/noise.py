"""Noise from small random grids."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.picture import Floats
from darkroom.studio.blur import resized


def noise(
    rng: np.random.Generator,
    height: int,
    width: int,
    cell: float,
    octaves: int = 4,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Floats:
    """Smooth noise, (height, width) float32 about 0-1, whose largest waves take `cell` pixels.

    `stretch` makes waves longer across and down. It comes from a stream of its own, and waves that
    are too short to see count as their mean: a smaller picture has the same pattern, smaller.
    """
    rng = np.random.default_rng(rng.integers(1 << 63))
    total = np.zeros((height, width), np.float32)
    weight, sum_ = 1.0, 0.0
    for octave in range(octaves):
        size = cell / 2**octave
        if size < 1.5 and octave:
            total += np.float32(weight / 2)
        else:
            columns = max(2, round(width / (size * stretch[0])) + 3)
            rows = max(2, round(height / (size * stretch[1])) + 3)
            grid = rng.random((rows, columns), np.float32)
            total += np.float32(weight) * resized(grid, width, height, Image.Resampling.BICUBIC)
        sum_ += weight
        weight /= 2
    return total / np.float32(sum_)


def bent(field: Floats, across: Floats, down: Floats) -> Floats:
    """Read (h, w) at places moved by so many pixels: the nearest, mirrored at the borders."""
    height, width = field.shape
    rows = _mirrored((np.arange(height)[:, None] + down).astype(np.int32), height)
    columns = _mirrored((np.arange(width)[None, :] + across).astype(np.int32), width)
    return np.asarray(field[rows, columns])


def _mirrored(places: NDArray[np.int32], length: int) -> NDArray[np.int32]:
    around = places % max(1, 2 * length - 2)
    return np.minimum(around, np.abs(2 * length - 2 - around)).clip(0, length - 1)
