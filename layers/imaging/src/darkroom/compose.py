"""What is seen of a picture: the subject before its backdrop."""

from dataclasses import replace

import numpy as np

from darkroom.picture import Bytes, Colour, Picture, strips

WHITE: Colour = (255, 255, 255)


def composed(picture: Picture) -> Picture:
    """Lay a picture on its backdrop, which makes it opaque; one without is given as it is."""
    if picture.backdrop is None or picture.alpha is None:
        return picture
    rgb = lay_on(picture.rgb, picture.alpha, picture.backdrop)
    return replace(picture, rgb=rgb, alpha=None, backdrop=None)


def lay_on(rgb: Bytes, alpha: Bytes, colour: Colour) -> Bytes:
    """Lay (h, w, 3) uint8 sRGB with straight (h, w) uint8 alpha on a colour: (h, w, 3) uint8.

    Each level is alpha times the picture plus the rest of 255 times the colour, rounded, in sRGB
    as it is stored, as image editors and browsers do.
    """
    laid = np.empty_like(rgb)
    sheet = np.array(colour, np.uint16)
    for top, bottom in strips(*alpha.shape):
        weight = alpha[top:bottom, :, None].astype(np.uint16)
        laid[top:bottom] = (rgb[top:bottom] * weight + sheet * (255 - weight) + 127) // 255
    return laid
