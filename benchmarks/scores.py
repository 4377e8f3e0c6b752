"""How far an alpha matte is from the truth: three measures, all 0 to 1 or better when small."""

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import Bytes, Floats

GRADIENT_SIGMA_PX = 1.4

type Mask = NDArray[np.bool_]


def mean_absolute_error(alpha: Bytes, truth: Bytes, scored: Mask) -> float:
    """Mean of |alpha - truth| over the scored pixels, as a share of full scale."""
    return float(np.abs(_unit(alpha) - _unit(truth))[scored].mean())


def intersection_over_union(alpha: Bytes, truth: Bytes, scored: Mask) -> float:
    """Share of the pixels in either mask (at least half opaque) that are in both."""
    ours, theirs = (alpha >= 128) & scored, (truth >= 128) & scored
    either = int((ours | theirs).sum())
    return int((ours & theirs).sum()) / either if either else 1.0


def gradient_error(alpha: Bytes, truth: Bytes, scored: Mask) -> float:
    """Mean squared difference of the gradient magnitudes, times 1000.

    Gradients are Gaussian derivatives, sigma 1.4 (Rhemann et al., CVPR 2009); a mean and not the
    paper's sum, so that large photos do not outweigh small ones.
    """
    difference = gradient(_unit(alpha)) - gradient(_unit(truth))
    return float((difference[scored] ** 2).mean() * 1000)


def scored_pixels(truth: Bytes, kind: str) -> Mask:
    """Leave out the undecided band that some binary masks have as the value 128."""
    if kind == "binary+void128":
        return np.asarray(truth != 128)
    return np.ones(truth.shape, bool)


def gradient(values: Floats) -> Floats:
    """Magnitude of the Gaussian gradient of a (height, width) float32 array."""
    reach = round(3 * GRADIENT_SIGMA_PX)
    at = np.arange(-reach, reach + 1, dtype=np.float32)
    smooth = np.exp(-(at**2) / (2 * GRADIENT_SIGMA_PX**2))
    smooth /= smooth.sum()
    slope = -at / GRADIENT_SIGMA_PX**2 * smooth
    across = _filter(_filter(values, smooth, 0), slope, 1)
    down = _filter(_filter(values, slope, 0), smooth, 1)
    return np.asarray(np.hypot(across, down), np.float32)


def _filter(values: Floats, kernel: Floats, axis: int) -> Floats:
    reach = len(kernel) // 2
    margins = [(reach, reach) if axis == side else (0, 0) for side in (0, 1)]
    padded = np.pad(values, margins, mode="edge")
    length = values.shape[axis]
    parts = (
        weight * np.take(padded, range(shift, shift + length), axis)
        for shift, weight in enumerate(kernel)
    )
    total: Floats = np.sum(list(parts), axis=0, dtype=np.float32)
    return total


def _unit(alpha: Bytes) -> Floats:
    return alpha * np.float32(1 / 255)
