"""Colours at the edge of a cut-out: what the subject would show without the background's light.

Blur fusion, twice (Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021, eq. 4-6):
foreground and background are first guessed as weighted box means, then the foreground is
corrected so that the compositing equation I = a F + (1 - a) B holds. The two means are smooth, so
they are computed on a small copy; only the correction is made at full size, and only where the
alpha is neither 0 nor 255.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from darkroom.picture import Bytes, Floats

# Longer side and radius of the two passes; the published 90 and 6 px are for photos of about 1 MP.
_WIDE_SIDE_PX, _WIDE_RADIUS_PX = 128, 11
_NEAR_SIDE_PX, _NEAR_RADIUS_PX = 512, 3
_TILE_PX = 128
_LEVEL = np.float32(1 / 255)
_EPSILON = np.float32(1e-5)

type Mask = NDArray[np.bool_]


def decontaminate(rgb: Bytes, alpha: Bytes) -> Bytes:
    """Take the background's colour out of half-transparent pixels; the alpha stays as it is.

    Takes (height, width, 3) uint8 sRGB and (height, width) uint8 0-255; gives a new array like
    the first, changed only where 0 < alpha < 255.
    """
    tiles = edge_tiles(alpha)
    cleaned = rgb.copy()
    if tiles:
        foreground, background = _colour_fields(rgb, alpha)
        for tile in tiles:
            _correct(
                cleaned[tile],
                alpha[tile],
                np.asarray(resized_part(foreground, tile, alpha.shape)),
                np.asarray(resized_part(background, tile, alpha.shape)),
            )
    return cleaned


def soft(alpha: Bytes) -> Mask:
    """Say where (any shape) uint8 alpha is neither transparent nor opaque."""
    return (alpha - np.uint8(1)) < np.uint8(254)


def fuse(image: Floats, foreground: Floats, background: Floats, alpha: Floats) -> Floats:
    """Correct a guessed foreground (eq. 6): all (..., 3) float32 0-1, alpha (..., 1); gives 0-1."""
    rest = image - alpha * foreground - (1 - alpha) * background
    corrected: Floats = (foreground + alpha * rest).clip(0, 1)
    return corrected


def weighted_means(
    foreground: Floats, background: Floats, alpha: Floats, radius: int
) -> tuple[Floats, Floats]:
    """Average the foreground by alpha and the background by 1 - alpha (eq. 4, 5) over boxes.

    Takes (h, w, 3), (h, w, 3) and (h, w, 1) float32 0-1; gives two (h, w, 3) float32 0-1.
    """
    rest = 1 - alpha
    return (
        box_means(foreground * alpha, alpha, radius),
        box_means(background * rest, rest, radius),
    )


def box_means(weighted: Floats, weights: Floats, radius: int) -> Floats:
    """Divide the box sums of weighted colours (h, w, 3) by those of their weights (h, w, 1)."""
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
    photo, mask = Image.fromarray(rgb), Image.fromarray(alpha)
    photo, mask = shrink(photo, _NEAR_SIDE_PX), shrink(mask, _NEAR_SIDE_PX)
    near_rgb, near_alpha = _floats(photo), _floats(mask)[..., None]
    wide_rgb = _floats(shrink(photo, _WIDE_SIDE_PX))
    wide_alpha = _floats(shrink(mask, _WIDE_SIDE_PX))[..., None]
    wide = weighted_means(wide_rgb, wide_rgb, wide_alpha, _WIDE_RADIUS_PX)
    foreground, background = (
        _floats(_image(field).resize(photo.size, Image.Resampling.BILINEAR)) for field in wide
    )
    first = fuse(near_rgb, foreground, background, near_alpha)
    near = weighted_means(first, background, near_alpha, _NEAR_RADIUS_PX)
    return _image(near[0]), _image(near[1])


def shrink(image: Image.Image, side: int) -> Image.Image:
    """Make a copy whose longer side is at most `side` pixels."""
    scale = min(1.0, side / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _floats(image: Image.Image) -> Floats:
    """Read an 8-bit image as (height, width[, 3]) float32 0-1."""
    return np.asarray(image, np.float32) * _LEVEL


def _image(field: Floats) -> Image.Image:
    """Make an RGB image of (height, width, 3) float32 0-1."""
    return Image.fromarray(np.rint(field * 255).astype(np.uint8))


def edge_tiles(alpha: Bytes) -> list[tuple[slice, slice]]:
    """List the tiles of (height, width) uint8 alpha that hold a soft pixel."""
    height, width = alpha.shape
    tiles = []
    for top in range(0, height, _TILE_PX):
        rows = slice(top, min(top + _TILE_PX, height))
        columns_soft = soft(alpha[rows]).any(axis=0)
        for left in range(0, width, _TILE_PX):
            columns = slice(left, min(left + _TILE_PX, width))
            if columns_soft[columns].any():
                tiles.append((rows, columns))
    return tiles


def resized_part(
    field: Image.Image, tile: tuple[slice, slice], shape: tuple[int, ...]
) -> Image.Image:
    """Enlarge the part of a small image that lies under a tile of the full (height, width)."""
    rows, columns = tile
    across, down = field.width / shape[1], field.height / shape[0]
    box = (columns.start * across, rows.start * down, columns.stop * across, rows.stop * down)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    return field.resize(size, Image.Resampling.BILINEAR, box)


def _correct(rgb: Bytes, alpha: Bytes, foreground: Bytes, background: Bytes) -> None:
    """Correct the soft pixels of one tile in place; all (h, w, 3) uint8, alpha (h, w)."""
    weight = (alpha * _LEVEL)[..., None]
    corrected = fuse(rgb * _LEVEL, foreground * _LEVEL, background * _LEVEL, weight)
    levels = np.rint(corrected * 255).astype(np.uint8)
    np.copyto(rgb, levels, where=soft(alpha)[..., None])
