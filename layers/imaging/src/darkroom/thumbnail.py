"""A small copy of a picture, for lists."""

from dataclasses import replace

from darkroom.framing import fit
from darkroom.picture import Picture

SIDE_PX = 320
VIEW_SIDE_PX = 1280


def thumbnail(picture: Picture, side: int = SIDE_PX) -> Picture:
    """Reduce a picture to a longer side of `side` px, as WebP; a smaller one keeps its size.

    Of a large one only every n-th pixel is looked at, which leaves two or more for each.
    """
    step = max(1, max(picture.width, picture.height) // (2 * side))
    alpha = None if picture.alpha is None else picture.alpha[::step, ::step]
    coarse = replace(picture, rgb=picture.rgb[::step, ::step], alpha=alpha, format="webp")
    return fit(coarse, side)
