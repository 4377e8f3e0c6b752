"""Soft copies of float fields, of any radius, without a library."""

import math

import numpy as np
from PIL import Image

from darkroom.picture import Floats

# A wider Gaussian is made of a copy that is this many times smaller than its deviation.
_WIDEST_DEVIATION_PX = 2.5


def blurred(field: Floats, across: float, down: float | None = None) -> Floats:
    """Blur (h, w) float32 by a Gaussian whose deviation is `across` (and `down`) pixels.

    Borders count as if the field went on as it ends. Wide blurs are made on a smaller copy.
    """
    down = across if down is None else down
    height, width = field.shape
    small = (
        max(1, round(width / max(1.0, across / _WIDEST_DEVIATION_PX))),
        max(1, round(height / max(1.0, down / _WIDEST_DEVIATION_PX))),
    )
    if small != (width, height):
        # Not a box: where the factor is no whole number it loses pixels and doubles others.
        reduced = resized(field, *small, Image.Resampling.BILINEAR)
        fine = _smoothed(reduced, across * small[0] / width, down * small[1] / height)
        return resized(fine, width, height, Image.Resampling.BICUBIC)
    return _smoothed(field, across, down)


def resized(
    field: Floats,
    width: int,
    height: int,
    filter_: Image.Resampling = Image.Resampling.BILINEAR,
    box: tuple[float, float, float, float] | None = None,
) -> Floats:
    """Bring (h, w) float32 to (height, width), or a part of it (left, top, right, bottom)."""
    image = Image.fromarray(np.ascontiguousarray(field))
    return np.asarray(image.resize((width, height), filter_, box))


def _smoothed(field: Floats, across: float, down: float) -> Floats:
    return _along(_along(field, across, 1), down, 0)


def _along(field: Floats, deviation: float, axis: int) -> Floats:
    if deviation < 0.05:
        return field
    reach = math.ceil(3 * deviation)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    pads = [(reach, reach) if place == axis else (0, 0) for place in (0, 1)]
    padded = np.pad(field, pads, mode="edge")
    length = field.shape[axis]
    soft = np.zeros_like(field)
    for shift, weight in enumerate(kernel):
        part = padded[shift : shift + length] if axis == 0 else padded[:, shift : shift + length]
        soft += weight * part
    return soft
