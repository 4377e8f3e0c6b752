"""Small float copies of what may be very large."""

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.studio.blur import resized


def reduced(pixels: Bytes, scale: float) -> Floats:
    """A float32 0-1 copy of (h, w[, n]) uint8; of a very large one every n-th pixel is seen."""
    step = max(1, int(0.5 / scale))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    image = Image.fromarray(np.ascontiguousarray(pixels[::step, ::step]))
    return np.asarray(image.resize(size, Image.Resampling.BOX)) * np.float32(1 / 255)


def reduced_subject(rgb: Bytes, alpha: Bytes, scale: float) -> tuple[Floats, Floats]:
    """Reduced colours, (h, w, 3), and alpha of a subject: hidden colours count for nothing."""
    step = max(1, int(0.5 / scale))
    weight = np.ascontiguousarray(alpha[::step, ::step])
    colours = rgb[::step, ::step] * (weight * np.float32(1 / 255))[..., None]
    seen = reduced(alpha, scale)
    size = seen.shape[::-1]
    channels = [
        resized(colours[..., channel], size[0], size[1], Image.Resampling.BOX)
        for channel in range(3)
    ]
    divisor = np.maximum(seen, np.float32(1 / 512))[..., None] * 255
    return (np.stack(channels, axis=-1) / divisor).clip(0, 1), seen
