"""A mark in a corner, in the middle or all over; to be read on white and on black."""

from dataclasses import replace
from functools import lru_cache
from math import ceil, hypot

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from darkroom.picture import Bytes, Floats, Picture
from photo_steps.studio import Watermark

_WIDTH, _MARGIN = 0.18, 0.03
# Of a mark all over: its width, and the room that each takes, in widths and heights of its own.
_TILE_WIDTH, _TILE_ROOM, _TILE_DEGREES, _TILE_OPACITY = 0.22, (1.25, 1.5), 30, np.float32(0.4)
# Letters are drawn this large and reduced, so that every size has the same shape.
_DRAWN_PX = 96
# How far the dark halo reaches and how dark it is beside letters of full opacity.
_HALO, _HALO_STRENGTH = 0.16, 2.2


def marked(picture: Picture, told: Watermark) -> Picture:
    """Write the mark over a finished picture: 18 % of its width, 3 % from the edges."""
    room = min(picture.width, max(8, round(picture.width * _WIDTH)))
    letters, halo = _drawn(told.text, room, min(picture.height, max(4, picture.height // 4)))
    height, width = letters.shape
    margin = round(min(picture.width, picture.height) * _MARGIN)
    down, _, across = told.place.partition("-")
    top = _start(down, picture.height, height, margin)
    left = _start(across or down, picture.width, width, margin)
    where = np.s_[top : top + height, left : left + width]
    opacity = np.float32(told.opacity / 100)
    rgb = picture.rgb.copy()
    cover = 1 - (1 - halo * opacity) * (1 - letters * opacity)
    if picture.alpha is None:
        rgb[where] = _over(rgb[where], letters, halo, opacity)
        return replace(picture, rgb=rgb)
    alpha = picture.alpha.copy()
    seen = alpha[where] * np.float32(1 / 255)
    joined = cover + seen * (1 - cover)
    part = np.where(seen[..., None] > 0, rgb[where], np.uint8(0)) * seen[..., None]
    dark = part * (1 - halo * opacity)[..., None]
    light = dark * (1 - letters * opacity)[..., None] + (255 * letters * opacity)[..., None]
    rgb[where] = np.rint((light / np.maximum(joined, 1e-6)[..., None]).clip(0, 255))
    alpha[where] = np.rint(joined * 255)
    return replace(picture, rgb=rgb, alpha=alpha)


def _start(at: str, room: int, size: int, margin: int) -> int:
    """Where something of that size begins within that room."""
    if at in {"top", "left"}:
        return min(margin, room - size)
    return max(0, (room - size) // 2 if at == "middle" else room - margin - size)


def marked_all_over(rgb: Bytes, text: str) -> Bytes:
    """Repeat a text over (h, w, 3) uint8, aslant, 22 % of the longer side wide."""
    height, width = rgb.shape[:2]
    letters, halo = _all_over(text, width, height)
    return _over(rgb, letters, halo, _TILE_OPACITY)


@lru_cache(4)
def _all_over(text: str, width: int, height: int) -> tuple[Floats, Floats]:
    """Letters and halo of a text that is repeated all over: two (height, width) float32 0-1."""
    longer = max(width, height)
    side = ceil(hypot(width, height))
    drawn = _drawn(text, round(longer * _TILE_WIDTH), longer)
    left, top = (side - width) // 2, (side - height) // 2
    turned = (
        Image.fromarray(_repeated(one, side)).rotate(_TILE_DEGREES, Image.Resampling.BICUBIC)
        for one in drawn
    )
    letters, halo = (
        np.asarray(one)[top : top + height, left : left + width].clip(0, 1) for one in turned
    )
    return letters, halo


def _repeated(one: Floats, side: int) -> Floats:
    """Lay copies of (h, w) over (side, side), every other row of them moved by half a place."""
    rows, columns = (ceil(of * room) for of, room in zip(one.shape, _TILE_ROOM[::-1], strict=True))
    place = np.zeros((rows, columns), np.float32)
    place[: one.shape[0], : one.shape[1]] = one
    both = np.concatenate((place, np.roll(place, columns // 2, axis=1)))
    return np.tile(both, (ceil(side / len(both)), ceil(side / columns)))[:side, :side]


def _over(rgb: Bytes, letters: Floats, halo: Floats, opacity: np.float32) -> Bytes:
    dark = rgb * (1 - halo * opacity)[..., None]
    lit = dark + (255 - dark) * (letters * opacity)[..., None]
    return np.asarray(np.rint(lit), np.uint8)


def _drawn(text: str, width: int, most_high: int) -> tuple[Floats, Floats]:
    """Draw letters and the halo around them: two (h, w) float32 0-1 of that width, or less."""
    font = ImageFont.load_default(_DRAWN_PX)
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    room = round(_DRAWN_PX * _HALO * 2)
    size = (right - left + 2 * room, bottom - top + 2 * room)
    image = Image.new("L", size)
    ImageDraw.Draw(image).text((room - left, room - top), text, fill=255, font=font)
    soft = image.filter(ImageFilter.GaussianBlur(_DRAWN_PX * _HALO / 2))
    scale = min(width / size[0], most_high / size[1])
    small = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    letters, halo = (
        np.asarray(drawn.resize(small, Image.Resampling.LANCZOS)) * np.float32(1 / 255)
        for drawn in (image, soft)
    )
    return letters, (halo * np.float32(_HALO_STRENGTH)).clip(0, 1)
