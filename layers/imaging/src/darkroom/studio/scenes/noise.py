"""Noise from small random grids."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.picture import Floats
from darkroom.studio.blur import resized

_FINEST_PX = 1.5


def noise(
    rng: np.random.Generator,
    height: int,
    width: int,
    cell: float,
    octaves: int = 4,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Floats:
    """Smooth noise, (height, width) float32 about 0-1, whose largest waves take `cell` pixels.

    `stretch` makes waves longer across and down. A field of twice the size, with cells twice as
    large, is the same one seen closer: each octave has a stream of its own, and those too fine to
    be seen count by their mean.
    """
    total = np.zeros((height, width), np.float32)
    weights = [np.float32(0.5**octave) for octave in range(octaves)]
    for octave, stream in enumerate(rng.spawn(octaves)):
        size = cell / 2**octave
        if size < _FINEST_PX and octave:
            total += weights[octave] / 2
            continue
        columns = max(2, round(width / (size * stretch[0])) + 3)
        rows = max(2, round(height / (size * stretch[1])) + 3)
        grid = stream.random((rows, columns), np.float32)
        total += weights[octave] * resized(grid, width, height, Image.Resampling.BICUBIC)
    return total / sum(weights)


def bent(field: Floats, across: Floats, down: Floats) -> Floats:
    """Read (h, w) at places moved by so many pixels: the nearest, mirrored at the borders."""
    height, width = field.shape
    rows = _mirrored((np.arange(height)[:, None] + down).astype(np.int32), height)
    columns = _mirrored((np.arange(width)[None, :] + across).astype(np.int32), width)
    return np.asarray(field[rows, columns])


def _mirrored(places: NDArray[np.int32], length: int) -> NDArray[np.int32]:
    around = places % max(1, 2 * length - 2)
    return np.minimum(around, np.abs(2 * length - 2 - around)).clip(0, length - 1)
