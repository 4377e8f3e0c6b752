"""From a small matte to an alpha at the photo's size whose edges follow the photo's.

Guided filter (He, Sun, Tang, "Guided Image Filtering", PAMI 2013, eq. 19-21): in each small window
the alpha is fitted as a linear function of the colour. The fit is made on a small copy and applied
at full size ("Fast Guided Filter", 2015), and only where the matte is soft: elsewhere it would
draw the photo's texture into the alpha.
"""

import numpy as np
from PIL import Image

from darkroom import matte
from darkroom.edges import box_sums, small_copy
from darkroom.picture import Bytes, Floats
from darkroom.tiling import enlarged, soft_tiles

_SIDE_PX, _RADIUS_PX = 320, 3
_SMOOTHNESS = np.float32(1e-3)
_LEVEL = np.float32(1 / 255)
_EPSILON = np.float32(1e-4)
# Squared distance of two colours (0-1 per channel) from which they can be told apart.
_TELLING = np.float32(0.02)
# How much a colour off the line between foreground and background counts against the line.
_ASTRAY = np.float32(10)
# The softness 4 a (1 - a) is multiplied by this, and cut at 1, to say how much the fit counts.
_BAND_GAIN = np.float32(2)


def plain(rgb: Bytes, found: Floats) -> Bytes:
    """Enlarge a (h, w) float32 0-1 matte to (height, width) uint8."""
    return matte.full_size(found, rgb.shape[1], rgb.shape[0])


def guided(rgb: Bytes, found: Floats) -> Bytes:
    """Enlarge, and let soft edges follow those of the (height, width, 3) uint8 sRGB photo."""
    colours, small = _small(rgb, found)
    return _fitted(rgb, found, colours, small, np.float32(1))


def told_by_colour(rgb: Bytes, found: Floats) -> Bytes:
    """Enlarge as `guided`, after the colours around have told what doubtful places belong to."""
    colours, small = _small(rgb, found)
    return _fitted(rgb, found, colours, by_colour(colours, small), _BAND_GAIN)


def by_colour(colours: Floats, alpha: Floats) -> Floats:
    """Move doubtful alphas to where their colour lies between foreground and background.

    Takes (h, w, 3) and (h, w) float32 0-1, gives the latter. Foreground and background are the
    mean colours around; the less they differ, and the further off their line a colour is, the less
    changes.
    """
    weight = alpha[..., None]
    parts = np.concatenate((colours * weight, colours, weight), axis=2)
    sums = _window_means(parts)
    foreground = sums[..., :3] / (sums[..., 6:] + _EPSILON)
    background = (sums[..., 3:6] - sums[..., :3]) / (1 - sums[..., 6:] + _EPSILON)
    line, off = foreground - background, colours - background
    length = (line * line).sum(axis=2)
    place = ((off * line).sum(axis=2) / (length + _EPSILON)).clip(0, 1)
    astray = off - place[..., None] * line
    trust = length / (length + _TELLING + _ASTRAY * (astray * astray).sum(axis=2))
    moved: Floats = alpha + softness(alpha, _BAND_GAIN) * trust * (place - alpha)
    return moved


def fit(colours: Floats, alpha: Floats) -> Floats:
    """Fit alpha by colour in each window: (h, w, 3), (h, w) to (h, w, 4) float32.

    The last axis holds the three slopes and the offset, averaged over the windows of a pixel.
    """
    red, green, blue = (colours[..., channel] for channel in range(3))
    products = (red * red, red * green, red * blue, green * green, green * blue, blue * blue)
    stacked = np.stack(
        (red, green, blue, alpha, red * alpha, green * alpha, blue * alpha, *products), axis=2
    )
    means = _window_means(stacked)
    mean, level = means[..., :3], means[..., 3]
    covariance = means[..., 4:7] - mean * level[..., None]
    slopes = _solve(_variances(means[..., 7:], mean), covariance)
    offset = level - (slopes * mean).sum(axis=2)
    return _window_means(np.concatenate((slopes, offset[..., None]), axis=2))


def softness(alpha: Floats, gain: np.float32) -> Floats:
    """Say from 0 to 1 how doubtful an alpha (float32 0-1, any shape) is."""
    doubt: Floats = (gain * 4 * alpha * (1 - alpha)).clip(0, 1)
    return doubt


def _small(rgb: Bytes, found: Floats) -> tuple[Floats, Floats]:
    """Bring photo and matte to the size at which the fit is made, as float32 0-1."""
    copy = small_copy(rgb, _SIDE_PX)
    return np.asarray(copy, np.float32) * _LEVEL, matte.resize(found, copy.width, copy.height)


def _fitted(rgb: Bytes, found: Floats, colours: Floats, small: Floats, gain: np.float32) -> Bytes:
    """Apply the fit of `small` by `colours` where the enlarged matte is soft."""
    alpha = plain(rgb, found)
    tiles = soft_tiles(alpha)
    if not tiles:
        return alpha
    fields = [Image.fromarray(field) for field in np.moveaxis(fit(colours, small), 2, 0).copy()]
    for tile in tiles:
        slopes = [np.asarray(enlarged(field, tile, alpha.shape)) for field in fields]
        photo, before = rgb[tile] * _LEVEL, alpha[tile] * _LEVEL
        fitted = slopes[3] + sum(slopes[channel] * photo[..., channel] for channel in range(3))
        after = before + softness(before, gain) * (fitted.clip(0, 1) - before)
        alpha[tile] = matte.settle(after)
    return alpha


def _window_means(values: Floats) -> Floats:
    """Average (h, w, n) float32 over windows of the radius, cut at the borders."""
    height, width = values.shape[:2]
    counts = box_sums(
        box_sums(np.ones((height, width, 1), np.float32), _RADIUS_PX, 0), _RADIUS_PX, 1
    )
    sums = box_sums(box_sums(values, _RADIUS_PX, 0), _RADIUS_PX, 1)
    sums /= counts
    return sums


def _variances(products: Floats, mean: Floats) -> Floats:
    """Give the six distinct entries of the regularised colour covariance: (h, w, 6)."""
    red, green, blue = (mean[..., channel] for channel in range(3))
    squares = (red * red, red * green, red * blue, green * green, green * blue, blue * blue)
    variances = products - np.stack(squares, axis=2)
    variances[..., (0, 3, 5)] += _SMOOTHNESS
    return np.asarray(variances, np.float32)


def _solve(variances: Floats, covariance: Floats) -> Floats:
    """Solve a symmetric 3 x 3 system at each pixel by Cramer's rule: (h, w, 6), (h, w, 3)."""
    rr, rg, rb, gg, gb, bb = (variances[..., entry] for entry in range(6))
    first = np.stack((gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg), axis=2)
    second = np.stack((first[..., 1], rr * bb - rb * rb, rb * rg - rr * gb), axis=2)
    third = np.stack((first[..., 2], second[..., 2], rr * gg - rg * rg), axis=2)
    determinant = rr * first[..., 0] + rg * first[..., 1] + rb * first[..., 2]
    rows = [(row * covariance).sum(axis=2) for row in (first, second, third)]
    solved: Floats = np.stack(rows, axis=2) / determinant[..., None]
    return solved
