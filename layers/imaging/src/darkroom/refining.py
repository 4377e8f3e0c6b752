"""From a small matte to an alpha at the photo's size whose edges follow the photo's.

Guided filter (He, Sun, Tang, "Guided Image Filtering", PAMI 2013, eq. 19-21): in each small window
the alpha is fitted as a linear function of the colour. The fit is made on a small copy and applied
at full size ("Fast Guided Filter", 2015), and only where the matte is soft: elsewhere it would
draw the photo's texture into the alpha.
"""

import numpy as np

from darkroom import matte
from darkroom.edges import box_sums, small_planes
from darkroom.picture import Bytes, Floats
from darkroom.sampling import sampled, soft_places

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
# Which of the products of two colours are of one with itself.
_SQUARES = [0, 3, 5]


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

    Takes (3, h, w) and (h, w) float32 0-1, gives the latter. Foreground and background are the
    mean colours around; the less they differ, and the further off their line a colour is, the less
    changes.
    """
    means = _window_means(np.concatenate((colours * alpha, colours, alpha[None])))
    foreground = means[:3] / (means[6] + _EPSILON)
    background = (means[3:6] - means[:3]) / (1 - means[6] + _EPSILON)
    line, off = foreground - background, colours - background
    length = (line * line).sum(axis=0)
    place = ((off * line).sum(axis=0) / (length + _EPSILON)).clip(0, 1)
    astray = off - place * line
    trust = length / (length + _TELLING + _ASTRAY * (astray * astray).sum(axis=0))
    moved: Floats = alpha + softness(alpha, _BAND_GAIN) * trust * (place - alpha)
    return moved


def fit(colours: Floats, alpha: Floats) -> Floats:
    """Fit alpha by colour in each window: (3, h, w), (h, w) to (4, h, w) float32.

    The first axis holds the three slopes and the offset, averaged over the windows of a pixel.
    """
    means = _window_means(np.stack((*colours, alpha, *colours * alpha, *_products(colours))))
    mean, level = means[:3], means[3]
    covariance = means[4:7] - mean * level
    variances = means[7:] - _products(mean)
    variances[_SQUARES] += _SMOOTHNESS
    slopes = _solve(variances, covariance)
    offset = level - (slopes * mean).sum(axis=0)
    return _window_means(np.concatenate((slopes, offset[None])))


def softness(alpha: Floats, gain: np.float32) -> Floats:
    """Say from 0 to 1 how doubtful an alpha (float32 0-1, any shape) is."""
    doubt: Floats = (gain * 4 * alpha * (1 - alpha)).clip(0, 1)
    return doubt


def _small(rgb: Bytes, found: Floats) -> tuple[Floats, Floats]:
    """Bring photo, (3, h, w), and matte, (h, w), to the fit's size, float32 0-1."""
    colours = small_planes(rgb, _SIDE_PX)
    return colours, matte.resize(found, colours.shape[2], colours.shape[1])


def _fitted(rgb: Bytes, found: Floats, colours: Floats, small: Floats, gain: np.float32) -> Bytes:
    """Apply the fit of `small` by `colours` where the enlarged matte is soft."""
    alpha = plain(rgb, found)
    levels, pixels = alpha.reshape(-1), rgb.reshape(-1, 3)
    slopes = None
    for places in soft_places(alpha):
        slopes = fit(colours, small) if slopes is None else slopes
        by_red, by_green, by_blue, offset = sampled(slopes, places, alpha.shape)
        red, green, blue = pixels.take(places, axis=0).T * _LEVEL
        fitted = offset + by_red * red + by_green * green + by_blue * blue
        before = levels[places] * _LEVEL
        after = before + softness(before, gain) * (fitted.clip(0, 1) - before)
        levels[places] = matte.settle(after)
    return alpha


def _window_means(planes: Floats) -> Floats:
    """Average (n, h, w) float32 over windows of the radius, cut at the borders."""
    means = box_sums(planes, _RADIUS_PX)
    means /= box_sums(np.ones((1, *planes.shape[1:]), np.float32), _RADIUS_PX)
    return means


def _products(colours: Floats) -> Floats:
    """The six products of two of three colours: (3, h, w) to (6, h, w)."""
    red, green, blue = colours
    return np.stack((red * red, red * green, red * blue, green * green, green * blue, blue * blue))


def _solve(variances: Floats, covariance: Floats) -> Floats:
    """Solve a symmetric 3 x 3 system at each pixel by Cramer's rule: (6, h, w), (3, h, w)."""
    rr, rg, rb, gg, gb, bb = variances
    first = np.stack((gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg))
    second = np.stack((first[1], rr * bb - rb * rb, rb * rg - rr * gb))
    third = np.stack((first[2], second[2], rr * gg - rg * rg))
    determinant = rr * first[0] + rg * first[1] + rb * first[2]
    solved: Floats = np.stack([(row * covariance).sum(axis=0) for row in (first, second, third)])
    solved /= determinant
    return solved
