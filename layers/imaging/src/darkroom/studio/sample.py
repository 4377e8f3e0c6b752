"""A product that may be shown anywhere, because it is drawn: a bottle with a label."""

import numpy as np
from PIL import Image, ImageDraw

from darkroom.picture import Picture

_FINER = 3


def bottle(height: int = 900) -> Picture:
    """A glass bottle with a cap and a label, cut out: `height` px high, on a canvas around it."""
    width = round(height * 0.62)
    size = (width * _FINER, height * _FINER)
    shape = Image.new("L", size)
    draw = ImageDraw.Draw(shape)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return (left * size[0], top * size[1], right * size[0], bottom * size[1])

    upper = (True, True, False, False)
    draw.rounded_rectangle(box(0.22, 0.30, 0.78, 0.92), size[0] * 0.10, fill=255, corners=upper)
    draw.ellipse(box(0.22, 0.88, 0.78, 0.96), fill=255)
    draw.rectangle(box(0.40, 0.20, 0.60, 0.34), fill=255)
    cap = Image.new("L", size)
    ImageDraw.Draw(cap).rounded_rectangle(box(0.37, 0.05, 0.63, 0.215), size[0] * 0.02, fill=255)
    label = Image.new("L", size)
    ImageDraw.Draw(label).rectangle(box(0.22, 0.47, 0.78, 0.80), fill=255)
    lines = Image.new("L", size)
    ink = ImageDraw.Draw(lines)
    ink.ellipse(box(0.44, 0.51, 0.56, 0.585), fill=255)
    for top, half in ((0.64, 0.17), (0.69, 0.10), (0.73, 0.13)):
        ink.rectangle(box(0.5 - half, top, 0.5 + half, top + 0.018), fill=255)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    round_ = np.sqrt((1 - (across / 0.60) ** 2).clip(0.02, 1))
    light = 0.45 + 0.55 * round_ + 0.35 * np.exp(-(((across + 0.32) / 0.06) ** 2))
    rgb = (
        np.broadcast_to(np.array((176, 96, 34), np.float32), (height, width, 3)) * light[..., None]
    )
    for mask, colour in ((label, (244, 240, 230)), (lines, (52, 74, 66)), (cap, (38, 36, 38))):
        share = _small(mask, width, height)[..., None]
        tone = np.array(colour, np.float32) * (0.55 + 0.45 * light)[..., None]
        rgb = rgb + share * (tone - rgb)
    alpha = np.maximum(_small(shape, width, height), _small(cap, width, height))
    return Picture(
        np.rint(rgb.clip(0, 255)).astype(np.uint8), np.rint(alpha * 255).astype(np.uint8)
    )


def _small(mask: Image.Image, width: int, height: int) -> np.ndarray:
    small = mask.resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / 255
