"""Small files made on the spot."""

import io

import numpy as np
from PIL import Image

from darkroom.picture import Bytes


def as_file(image: Image.Image, format: str, **options: object) -> bytes:
    """Save an image in memory."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png(array: Bytes, **options: object) -> bytes:
    """Save an array as PNG in memory."""
    return as_file(Image.fromarray(array), "PNG", **options)


def disc(side: int = 64, radius: float = 20.0) -> Bytes:
    """Alpha of a solid disc in the middle: (side, side) uint8, soft over one pixel."""
    down, across = np.mgrid[:side, :side] - (side - 1) / 2
    cover = (radius + 0.5 - np.hypot(down, across)).clip(0, 1)
    return np.asarray(cover * 255, np.uint8)
