"""A small copy of a picture, for lists."""

from dataclasses import replace

import numpy as np
from PIL import Image

from darkroom.picture import Picture

SIDE_PX = 320
VIEW_SIDE_PX = 1280


def thumbnail(picture: Picture, side: int = SIDE_PX) -> Picture:
    """Reduce a picture to a longer side of `side` px, as WebP; a smaller one keeps its size.

    Of a large one only every n-th pixel is looked at, which leaves two or more for each. Colours
    count by their alpha, so that hidden ones do not get into the edge; in 8 bits, unlike those of
    `framing.fit`, which takes longer for what is seen larger.
    """
    step = max(1, max(picture.width, picture.height) // (2 * side))
    rgb, alpha = picture.rgb[::step, ::step], picture.alpha
    image = Image.fromarray(rgb if alpha is None else np.dstack((rgb, alpha[::step, ::step])))
    # It has no negative weights: what overshoots beside an edge would be cut in 8 bits, and show.
    image.thumbnail((side, side), Image.Resampling.HAMMING)
    small = np.asarray(image)
    smaller = None if alpha is None else small[..., 3]
    return replace(picture, rgb=small[..., :3], alpha=smaller, format="webp")
