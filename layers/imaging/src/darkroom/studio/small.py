"""Small float copies of what may be very large."""

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats


def reduced(pixels: Bytes, scale: float) -> Floats:
    """A float32 0-1 copy of (h, w[, n]) uint8; of a very large one every n-th pixel is seen."""
    step = max(1, int(0.5 / scale))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    image = Image.fromarray(np.ascontiguousarray(pixels[::step, ::step]))
    return np.asarray(image.resize(size, Image.Resampling.BOX)) * np.float32(1 / 255)
