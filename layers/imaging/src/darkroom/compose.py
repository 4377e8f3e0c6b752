"""What is seen of a picture: the subject before its backdrop."""

from dataclasses import replace

import numpy as np

from darkroom.picture import Bytes, Colour, Picture, strips
from darkroom.studio.marking import marked
from darkroom.studio.rendering import rendered

WHITE: Colour = (255, 255, 255)


def composed(picture: Picture) -> Picture:
    """Lay a picture and its shadow on its backdrop, and its mark over all.

    A backdrop makes it opaque. One with neither of these is given as it is.
    """
    laid = picture
    if picture.alpha is not None and isinstance(picture.backdrop, tuple) and not _throws(picture):
        rgb = lay_on(picture.rgb, picture.alpha, picture.backdrop)
        laid = replace(picture, rgb=rgb, alpha=None, is_grey=False)
    elif picture.alpha is not None and (picture.backdrop is not None or _throws(picture)):
        rgb, alpha = rendered(picture)
        laid = replace(picture, rgb=rgb, alpha=alpha, is_grey=False)
    if laid.mark is not None:
        laid = marked(laid, laid.mark)
    return laid if laid is picture else replace(laid, backdrop=None, shadow=None, mark=None)


def _throws(picture: Picture) -> bool:
    return picture.shadow is not None and picture.shadow.type != "none"


def lay_on(rgb: Bytes, alpha: Bytes, behind: Colour | Bytes) -> Bytes:
    """Lay (h, w, 3) uint8 sRGB with straight (h, w) uint8 alpha on a colour, or on as much again.

    Each level is alpha times the picture plus the rest of 255 times what is behind, rounded, in
    sRGB as it is stored, as image editors and browsers do.
    """
    laid = np.empty_like(rgb)
    sheet = np.broadcast_to(np.array(behind, np.uint8), rgb.shape)
    for top, bottom in strips(*alpha.shape):
        weight = alpha[top:bottom, :, None].astype(np.uint16)
        laid[top:bottom] = (
            rgb[top:bottom] * weight + sheet[top:bottom] * (255 - weight) + 127
        ) // 255
    return laid
