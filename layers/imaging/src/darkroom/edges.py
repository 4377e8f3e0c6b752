"""Colours at the edge of a cut-out: what the subject would show without the background's light.

Blur fusion, twice (Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021, eq. 4-6):
foreground and background are first guessed as weighted box means, then the foreground is
corrected so that the compositing equation I = a F + (1 - a) B holds. The two means are smooth, so
they are computed on small copies; only the correction is made at full size, and only where alpha is
neither 0 nor 255.
"""

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.sampling import sampled, soft_places

# Longer side and radius of the two passes; the published 90 and 6 px are for photos of about 1 MP.
_WIDE_SIDE_PX, _WIDE_RADIUS_PX = 96, 8
_NEAR_SIDE_PX, _NEAR_RADIUS_PX = 320, 1
_LEVEL = np.float32(1 / 255)
_EPSILON = np.float32(1e-5)


def decontaminate(rgb: Bytes, alpha: Bytes) -> Bytes:
    """Take the background's colour out of half-transparent pixels; the alpha stays as it is.

    Takes (height, width, 3) uint8 sRGB and (height, width) uint8 0-255; gives a new array like
    the first. All other pixels keep their colour; that of transparent ones says nothing.
    """
    cleaned = rgb.copy()
    levels, pixels = alpha.reshape(-1), cleaned.reshape(-1, 3)
    fields = None
    for places in soft_places(alpha):
        fields = _colour_fields(rgb, alpha) if fields is None else fields
        under = sampled(fields, places, alpha.shape)
        seen = pixels.take(places, axis=0).T * _LEVEL
        fused = fuse(seen, under[:3], under[3:], levels[places] * _LEVEL)
        pixels[places] = np.rint(fused * 255).astype(np.uint8).T
    return cleaned


def fuse(image: Floats, foreground: Floats, background: Floats, alpha: Floats) -> Floats:
    """Correct a guessed foreground (eq. 6).

    Takes colours, (3, ...), and alpha, (...), float32 0-1; gives colours.
    """
    rest = image - alpha * foreground - (1 - alpha) * background
    corrected: Floats = (foreground + alpha * rest).clip(0, 1)
    return corrected


def weighted_means(
    foreground: Floats, background: Floats, alpha: Floats, radius: int
) -> tuple[Floats, Floats]:
    """Average the foreground by alpha and the background by 1 - alpha (eq. 4, 5) over boxes.

    Takes two (3, h, w) and (h, w) and gives two (3, h, w) float32 0-1.
    """
    return box_means(foreground, alpha, radius), box_means(background, 1 - alpha, radius)


def box_means(colours: Floats, weights: Floats, radius: int) -> Floats:
    """Average (3, h, w) colours over boxes, as much as (h, w) weights say; all float32."""
    weighted = np.concatenate((colours * weights, weights[None]))
    sums = box_sums(weighted, radius)
    means: Floats = sums[:3] / (sums[3] + _EPSILON)
    return means


def box_sums(planes: Floats, radius: int) -> Floats:
    """Sum each value of (n, h, w) float32 with those of its box, cut at the borders.

    A box reaches `radius` to all sides. Plane by plane, which stays in the cache, and along the
    flattened plane, where what is added lies in one piece: zeros around keep rows apart.
    """
    count, height, width = planes.shape
    line = width + 2 * radius
    padded = np.pad(planes, ((0, 0), (radius, radius), (radius, radius)))
    sums = np.empty((count, height * line), np.float32)
    for plane, filled in zip(padded.reshape(count, -1), sums, strict=True):
        filled[: height * line - 2 * radius] = _summed(_summed(plane, radius, 1), radius, line)
    return sums.reshape(count, height, line)[..., :width]


def _summed(values: Floats, radius: int, step: int) -> Floats:
    """Sum values at every `step`, `radius` of them before and after each that has so many."""
    many = len(values) - 2 * radius * step
    total = values[:many].copy()
    for place in range(step, (2 * radius + 1) * step, step):
        total += values[place : place + many]
    return total


def _colour_fields(rgb: Bytes, alpha: Bytes) -> Floats:
    """Guess smooth foreground and background colours: (6, h, w) float32 0-1, small."""
    colours, weights = _sized(rgb, alpha, _WIDE_SIDE_PX)
    wide = weighted_means(colours, colours, weights, _WIDE_RADIUS_PX)
    colours, weights = _sized(rgb, alpha, _NEAR_SIDE_PX)
    foreground, background = (_resized(field, weights.shape) for field in wide)
    first = fuse(colours, foreground, background, weights)
    return np.concatenate(weighted_means(first, background, weights, _NEAR_RADIUS_PX))


def _sized(rgb: Bytes, alpha: Bytes, side: int) -> tuple[Floats, Floats]:
    """Small copies of colours, (3, h, w), and alpha, (h, w), float32 0-1."""
    return small_planes(rgb, side), np.asarray(small_copy(alpha, side)) * _LEVEL


def small_planes(rgb: Bytes, side: int) -> Floats:
    """A small copy of (height, width, 3) uint8 as (3, h, w) float32 0-1."""
    colours = np.asarray(small_copy(rgb, side)).transpose(2, 0, 1)
    return colours.astype(np.float32, order="C") * _LEVEL


def small_copy(pixels: Bytes, side: int) -> Image.Image:
    """Make an image whose longer side is at most `side` of (height, width[, 3]) uint8.

    Of a large one only every n-th pixel is looked at: for means of many that is enough.
    """
    step = max(1, max(pixels.shape) // (2 * side))
    image = Image.fromarray(pixels[::step, ::step])
    image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=1.0)
    return image


def _resized(planes: Floats, shape: tuple[int, int]) -> Floats:
    """Bring (3, h, w) float32 planes to another height and width."""
    size = (shape[1], shape[0])
    return np.stack(
        [
            np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR))
            for plane in planes
        ]
    )
