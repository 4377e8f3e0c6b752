"""What shows through: a picture on a plain colour, and its alpha as a picture of its own."""

from dataclasses import replace

import numpy as np

from darkroom.picture import Bytes, Picture, strips

type Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)


def on_colour(picture: Picture, colour: Colour) -> Picture:
    """Lay a picture on a colour (red, green, blue, 0-255, sRGB), which makes it opaque."""
    if picture.alpha is None:
        return picture
    return replace(picture, rgb=lay_on(picture.rgb, picture.alpha, colour), alpha=None)


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


def mask(picture: Picture) -> Picture:
    """Show the alpha: a grey, opaque picture, white where the picture is opaque."""
    alpha = picture.alpha
    if alpha is None:
        alpha = np.full((picture.height, picture.width), 255, np.uint8)
    # One array seen three times: no step costs the memory of a copy.
    rgb = np.broadcast_to(alpha[..., None], (*alpha.shape, 3))
    return replace(picture, rgb=rgb, alpha=None, is_grey=True)
