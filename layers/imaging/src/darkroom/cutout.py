"""Remove the background of one picture."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from darkroom.compose import WHITE, lay_on
from darkroom.edges import decontaminate
from darkroom.errors import FullyTransparent
from darkroom.finding import Find
from darkroom.models import Models
from darkroom.picture import FAINT, Bytes, Floats, Picture, strips
from darkroom.regions import extent
from darkroom.studio.seeing import small_rgba

# From (height, width, 3) uint8 and a small matte to (height, width) uint8 alpha.
type Refine = Callable[[Bytes, Floats], Bytes]
# From (height, width, 3) uint8 sRGB to (height, width) uint8 alpha, or None: nothing stands out.
type Matting = Callable[[Bytes], Bytes | None]

# A look takes 320 pixels a side, even of a part of the photo: a large one is reduced once, by a
# whole factor that leaves its longer side at least this long, and not at each look.
FINDING_SIDE_PX = 1536
_MIN_CLEAR_SHARE = 0.01
# A photo pasted on a transparent sheet fills its own frame; a cut-out product does not.
_MAX_FRAME_FILL = 0.9


@dataclass(frozen=True)
class Recipe:
    """How a cut-out is made: how the subject is found, and how its edges are drawn.

    `models` are those that `find` asks, in that order.
    """

    find: Find
    refine: Refine
    models: tuple[str, ...] = ()


def by_models(recipe: Recipe, models: Models) -> Matting:
    """Find the subject with the embedded models, as `recipe` says."""

    def matting(rgb: Bytes) -> Bytes | None:
        found = recipe.find(_for_finding(rgb), models)
        return None if found is None else recipe.refine(rgb, found)

    return matting


def _for_finding(rgb: Bytes) -> Bytes:
    factor = max(rgb.shape) // FINDING_SIDE_PX
    return rgb if factor < 2 else np.asarray(Image.fromarray(rgb).reduce(factor))


def cut_out(picture: Picture, matting: Matting) -> Picture:
    """Give the picture an alpha in which only the subject stays, at the same size.

    Where the alpha comes from is `matting`'s affair; it is asked once, or not at all. A picture
    that is a cut-out already is returned as it is. Other transparency is kept: only the box of what
    shows is looked at, and the new alpha is multiplied by it. Where nothing stands out, the picture
    is left whole, and noted.
    """
    if picture.alpha is not None:
        if int(picture.alpha.max()) < FAINT:
            raise FullyTransparent("Every pixel of this photo is transparent: nothing to show.")
        if is_cut_out(picture.alpha):
            return picture
    seen = picture.rgb if picture.alpha is None else lay_on(picture.rgb, picture.alpha, WHITE)
    alpha = matting(seen) if picture.alpha is None else _within(seen, picture.alpha, matting)
    if alpha is None:
        return whole(picture)
    rgb = decontaminate(picture.rgb, alpha)
    if picture.alpha is not None:
        alpha = multiply(alpha, picture.alpha)
    return replace(picture, rgb=rgb, alpha=alpha, seen=small_rgba(seen, alpha))


def _within(rgb: Bytes, shown: Bytes, matting: Matting) -> Bytes | None:
    """Ask for the alpha of no more than the box of what shows: its edge is no subject's."""
    box = extent(shown >= FAINT) or np.s_[:, :]
    found = matting(np.ascontiguousarray(rgb[box]))
    if found is None:
        return None
    alpha = np.zeros_like(shown)
    alpha[box] = found
    return alpha


def whole(picture: Picture) -> Picture:
    """Give the picture with the alpha it had, else opaque, and the note that no subject is seen."""
    return replace(picture, alpha=picture.cover, note="no_subject")


def is_cut_out(alpha: Bytes) -> bool:
    """Say whether (height, width) uint8 alpha already shows a shape, not a whole photo."""
    visible = alpha >= FAINT
    box = extent(visible)
    if box is None or visible.mean() > 1 - _MIN_CLEAR_SHARE:
        return False
    return bool(visible[box].mean() < _MAX_FRAME_FILL)


def multiply(first: Bytes, second: Bytes) -> Bytes:
    """Multiply two (h, w) uint8 alphas, 255 being 1, rounded."""
    product = np.empty_like(first)
    for top, bottom in strips(*first.shape):
        wide = first[top:bottom].astype(np.uint16) * second[top:bottom] + 127
        product[top:bottom] = wide // 255
    return product
