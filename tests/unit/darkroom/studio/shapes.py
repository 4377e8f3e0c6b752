"""Silhouettes whose ground and shadow can be worked out by hand."""

import numpy as np
from PIL import Image, ImageDraw

from darkroom.picture import Bytes, Picture

SIDE = 400


def drawn(*polygons: list[tuple[int, int]], side: int = SIDE) -> Bytes:
    """Alpha of polygons, corners given by column and row."""
    image = Image.new("L", (side, side))
    for polygon in polygons:
        ImageDraw.Draw(image).polygon(polygon, fill=255)
    return np.asarray(image).copy()


def block(rows: slice, columns: slice, side: int = SIDE) -> Bytes:
    """Alpha of an upright rectangle."""
    alpha = np.zeros((side, side), np.uint8)
    alpha[rows, columns] = 255
    return alpha


def box_from_its_corner() -> Bytes:
    """A box whose nearest corner is at column 200, row 300, its base rising by 1 in 2 both ways."""
    return drawn([(100, 150), (200, 100), (300, 150), (300, 249), (200, 299), (100, 249)])


def cylinder() -> Bytes:
    """120 wide, 150 high, with a round base that is 20 deep."""
    image = Image.new("L", (SIDE, SIDE))
    draw = ImageDraw.Draw(image)
    draw.rectangle((140, 150, 259, 289), fill=255)
    draw.ellipse((140, 280, 259, 299), fill=255)
    return np.asarray(image).copy()


def two_feet() -> Bytes:
    """A table: a board at the top, and a leg at either end down to row 300."""
    alpha = block(np.s_[150:170], np.s_[100:300])
    alpha[170:300, 100:120] = 255
    alpha[170:300, 280:300] = 255
    return alpha


def tilted_base() -> Bytes:
    """A base that rises from row 300 at the left to row 260 at the right: by 1 in 5."""
    return drawn([(100, 100), (300, 100), (300, 259), (100, 299)])


def lamp() -> Bytes:
    """A small foot, and a wide shade in the air: its rim joins the foot by a steep edge."""
    alpha = block(np.s_[280:300], np.s_[180:220])
    alpha[150:280, 197:203] = 255
    alpha[100:150, 100:300] = 255
    return alpha


def picture(alpha: Bytes, colour: tuple[int, int, int] = (200, 60, 30)) -> Picture:
    """A subject of one colour."""
    rgb = np.empty((*alpha.shape, 3), np.uint8)
    rgb[:] = colour
    return Picture(rgb, alpha)
