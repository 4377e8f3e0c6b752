"""How far an alpha matte is from the truth: three measures, all 0 to 1 or better when small."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_gradient_magnitude

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
    ours, theirs = (
        gaussian_gradient_magnitude(_unit(matte), GRADIENT_SIGMA_PX, mode="nearest", truncate=3)
        for matte in (alpha, truth)
    )
    return float(((ours - theirs)[scored] ** 2).mean() * 1000)


def scored_pixels(truth: Bytes, kind: str) -> Mask:
    """Leave out the undecided band that some binary masks have as the value 128."""
    if kind == "binary+void128":
        return np.asarray(truth != 128)
    return np.ones(truth.shape, bool)


def _unit(alpha: Bytes) -> Floats:
    return alpha * np.float32(1 / 255)
