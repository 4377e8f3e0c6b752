"""What is remembered of a photo once its background is gone."""

import numpy as np
from PIL import Image

from darkroom.picture import FAINT, Bytes, Picture

_SIDE_PX = 256


def small_rgba(rgb: Bytes, alpha: Bytes) -> Bytes:
    """A small copy of a photo with the alpha of its subject: at most 256 px a side, uint8."""
    step = max(1, max(alpha.shape) // (2 * _SIDE_PX))
    scale = min(1.0, _SIDE_PX / max(alpha.shape))
    size = (max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale)))
    bands = (
        np.asarray(
            Image.fromarray(np.ascontiguousarray(pixels[::step, ::step])).resize(
                size, Image.Resampling.BOX
            )
        )
        for pixels in (rgb, alpha)
    )
    return np.dstack(list(bands))


def visible(picture: Picture) -> Bytes:
    """The pixels that can be seen of a picture without such a copy, in one row: (1, n, 4) uint8."""
    rgb = np.where(picture.cover[..., None] > 0, picture.rgb, np.uint8(0))
    small = small_rgba(rgb, picture.cover)
    return small[small[..., 3] >= FAINT][None]
