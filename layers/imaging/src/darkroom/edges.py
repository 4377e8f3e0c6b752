"""Colours at the edge of a cut-out: what the subject would show without the background's light.

Blur fusion, twice (Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021, eq. 4-6):
foreground and background are first guessed as weighted box means, then the foreground is
corrected so that the compositing equation I = a F + (1 - a) B holds. The two means are smooth, so
they are computed on small copies; only the correction is made at full size, and only in tiles with
an alpha that is neither 0 nor 255.
"""

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.tiling import enlarged, soft_tiles

# Longer side and radius of the two passes; the published 90 and 6 px are for photos of about 1 MP.
_WIDE_SIDE_PX, _WIDE_RADIUS_PX = 96, 8
_NEAR_SIDE_PX, _NEAR_RADIUS_PX = 320, 1
_LEVEL = np.float32(1 / 255)
_EPSILON = np.float32(1e-5)


def decontaminate(rgb: Bytes, alpha: Bytes) -> Bytes:
    """Take the background's colour out of half-transparent pixels; the alpha stays as it is.

    Takes (height, width, 3) uint8 sRGB and (height, width) uint8 0-255; gives a new array like
    the first. Opaque pixels keep their colour; that of transparent ones says nothing.
    """
    tiles = soft_tiles(alpha)
    cleaned = rgb.copy()
    if tiles:
        foreground, background = _colour_fields(rgb, alpha)
        for tile in tiles:
            under = (enlarged(field, tile, alpha.shape) for field in (foreground, background))
            cleaned[tile] = _corrected(rgb[tile], alpha[tile], *under)
    return cleaned


def fuse(image: Floats, foreground: Floats, background: Floats, alpha: Floats) -> Floats:
    """Correct a guessed foreground (eq. 6): all (..., 3) float32 0-1, as is what it gives."""
    rest = image - alpha * foreground - (1 - alpha) * background
    corrected: Floats = (foreground + alpha * rest).clip(0, 1)
    return corrected


def weighted_means(
    foreground: Floats, background: Floats, alpha: Floats, radius: int
) -> tuple[Floats, Floats]:
    """Average the foreground by alpha and the background by 1 - alpha (eq. 4, 5) over boxes.

    Takes three and gives two (h, w, 3) float32 0-1.
    """
    rest = 1 - alpha
    return (
        box_means(foreground * alpha, alpha, radius),
        box_means(background * rest, rest, radius),
    )


def box_means(weighted: Floats, weights: Floats, radius: int) -> Floats:
    """Divide the box sums of weighted colours by those of their weights: (h, w, 3) float32."""
    sums = box_sums(box_sums(weighted, radius, 0), radius, 1)
    sums /= box_sums(box_sums(weights, radius, 0), radius, 1) + _EPSILON
    return sums


def box_sums(values: Floats, radius: int, axis: int) -> Floats:
    """Sum each value with its `radius` neighbours on either side along an axis, cut at borders."""
    sums = values.copy()
    here, there = sums.swapaxes(0, axis), values.swapaxes(0, axis)
    for shift in range(1, min(radius, len(there) - 1) + 1):
        here[shift:] += there[:-shift]
        here[:-shift] += there[shift:]
    return sums


def _colour_fields(rgb: Bytes, alpha: Bytes) -> tuple[Image.Image, Image.Image]:
    """Guess smooth foreground and background colours as two small RGB images."""
    colours, weights = _sized(rgb, alpha, _WIDE_SIDE_PX)
    wide = weighted_means(colours, colours, weights, _WIDE_RADIUS_PX)
    colours, weights = _sized(rgb, alpha, _NEAR_SIDE_PX)
    size = (colours.shape[1], colours.shape[0])
    foreground, background = (
        _floats(_image(field).resize(size, Image.Resampling.BILINEAR)) for field in wide
    )
    first = fuse(colours, foreground, background, weights)
    near = weighted_means(first, background, weights, _NEAR_RADIUS_PX)
    return _image(near[0]), _image(near[1])


def _sized(rgb: Bytes, alpha: Bytes, side: int) -> tuple[Floats, Floats]:
    """Small copies of colours and alpha, both (h, w, 3) float32 0-1."""
    return _floats(small_copy(rgb, side)), _weights(np.asarray(small_copy(alpha, side)))


def small_copy(pixels: Bytes, side: int) -> Image.Image:
    """Make an image whose longer side is at most `side` of (height, width[, 3]) uint8.

    Of a large one only every n-th pixel is looked at: for means of many that is enough.
    """
    step = max(1, max(pixels.shape) // (2 * side))
    image = Image.fromarray(pixels[::step, ::step])
    image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=1.0)
    return image


def _floats(pixels: Bytes | Image.Image) -> Floats:
    """Read 8-bit RGB as (height, width, 3) float32 0-1."""
    return np.asarray(pixels) * _LEVEL


def _weights(alpha: Bytes) -> Floats:
    """Repeat (height, width) uint8 alpha for three channels: (height, width, 3) float32 0-1.

    NumPy multiplies arrays of equal shape several times faster than it stretches a last axis of 1.
    """
    return np.repeat(alpha[..., None], 3, axis=2) * _LEVEL


def _image(field: Floats) -> Image.Image:
    """Make an RGB image of (height, width, 3) float32 0-1."""
    return Image.fromarray(np.rint(field * 255).astype(np.uint8))


def _corrected(rgb: Bytes, alpha: Bytes, foreground: Image.Image, background: Image.Image) -> Bytes:
    """Correct one tile: (h, w, 3) and (h, w) uint8; opaque pixels come out as they are."""
    fused = fuse(_floats(rgb), _floats(foreground), _floats(background), _weights(alpha))
    return np.rint(fused * 255).astype(np.uint8)
