"""Single pixels of a large picture: the soft ones, and what a small copy shows at them.

Few pixels of a cut-out are neither subject nor background. To read the copy at each of them costs
less than to enlarge it wherever one of them lies.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import Bytes, Floats, strips

type Places = NDArray[np.int32]

_HALF = np.float32(0.5)


def soft_places(alpha: Bytes) -> Iterator[Places]:
    """Where (height, width) uint8 alpha is neither 0 nor 255: places in the flattened array.

    They come in strips of the picture, so that not much is held of one that is soft all over.
    """
    height, width = alpha.shape
    for top, bottom in strips(height, width):
        # One less, 0 wraps to 255 and only soft pixels are below 254.
        places = np.flatnonzero(alpha[top:bottom] - np.uint8(1) < 254)
        if places.size:
            yield (places + top * width).astype(np.int32)


def sampled(small: Floats, places: Places, shape: tuple[int, int]) -> Floats:
    """What a small (n, h, w) float32 shows, enlarged to `shape`, at k places: (n, k) float32.

    Bilinear between the centres of pixels, as Pillow enlarges.
    """
    rows, columns = np.divmod(places, np.int32(shape[1]))
    above, below, down = _between(rows, shape[0], small.shape[1])
    left, right, across = _between(columns, shape[1], small.shape[2])
    planes, width = small.reshape(len(small), -1), small.shape[2]

    def along(row: Places) -> Floats:
        first: Floats = planes.take(row * width + left, axis=1)
        first += (planes.take(row * width + right, axis=1) - first) * across
        return first

    upper = along(above)
    upper += (along(below) - upper) * down
    return upper


def _between(at: Places, many: int, few: int) -> tuple[Places, Places, Floats]:
    """Between which two of `few` pixels each of `many` lies, and how far it is from the first."""
    place = (at.astype(np.float32) + _HALF) * np.float32(few / many) - _HALF
    place = place.clip(0, few - 1)
    first = place.astype(np.int32)
    beyond: Floats = place - first.astype(np.float32)
    return first, np.minimum(first + 1, few - 1), beyond
