"""Shapes drawn as masks, and colours laid through them, in linear light."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from darkroom.picture import Floats
from darkroom.studio.blur import blurred
from darkroom.studio.tones import colour_of, light_of_colour

_FINER = 2

type Draw = Callable[[ImageDraw.ImageDraw, float], None]


def colour(text: str) -> Floats:
    """Linear light of #rrggbb: (3,) float32."""
    return light_of_colour(colour_of(text))


def mask(height: int, width: int, draw: Draw, soft: float = 0) -> Floats:
    """What `draw` fills, given a canvas and its pixels per pixel: (height, width) float32 0-1."""
    image = Image.new("L", (width * _FINER, height * _FINER))
    draw(ImageDraw.Draw(image), _FINER)
    small = image.resize((width, height), Image.Resampling.BOX)
    found = np.asarray(small) * np.float32(1 / 255)
    return blurred(found, soft) if soft else found


def lay(light: Floats, through: Floats, over: Floats) -> None:
    """Lay a colour (3,) or a picture (h, w, 3) over light (h, w, 3) through a mask, in place."""
    rows = np.flatnonzero(through.max(axis=1) > 0)
    if not rows.size:
        return
    part = slice(int(rows[0]), int(rows[-1]) + 1)
    laid = over if over.ndim == 1 else over[part]
    light[part] += through[part, :, None] * (laid - light[part])


def mixed(one: Floats, other: Floats, share: Floats) -> Floats:
    """Mix two colours (3,) by (h, w) of 0-1: (h, w, 3) float32."""
    return np.asarray(one + share[..., None] * (other - one), np.float32)


def grid(height: int, width: int) -> tuple[Floats, Floats]:
    """Where each pixel is: columns (1, w) and rows (h, 1), float32 0-1."""
    across = (np.arange(width, dtype=np.float32)[None, :] + np.float32(0.5)) / np.float32(width)
    down = (np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5)) / np.float32(height)
    return across, down


def moved(field: Floats, down: int, across: int) -> Floats:
    """Move (h, w) float32 by whole pixels; what comes in from outside is 0."""
    height, width = field.shape
    shifted = np.zeros_like(field)
    if abs(down) < height and abs(across) < width:
        to = _overlap(height, down), _overlap(width, across)
        shifted[to] = field[_overlap(height, -down), _overlap(width, -across)]
    return shifted


def _overlap(length: int, shift: int) -> slice:
    return slice(max(0, shift), length + min(0, shift))
