"""Rooms and landscapes seen out of focus, from panoramas (Poly Haven, CC0, see LICENCE.txt)."""

import math
from functools import cache
from importlib import resources
from pathlib import Path
from typing import get_args

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.studio.blur import blurred, resized
from photo_steps.scenes import Panorama

NAMES: tuple[str, ...] = get_args(Panorama.__value__)
FOLDER = Path(str(resources.files("darkroom.studio.scenes") / "panoramas"))
# Light up to 2 ** 8 is told from more, in steps of two percent.
_BRIGHTEST, _FINE = 256.0, 64.0
_VIEW_PX = 320
_ANGLE = 62.0
_KEY = 0.30
_LARGEST_HOLE_PX = 16


@cache
def panorama(name: str) -> Floats:
    """One panorama: (256, 512, 3) float32 linear light."""
    return unpacked(np.asarray(Image.open(FOLDER / f"{name}.webp").convert("RGB")))


def packed(light: Floats) -> Bytes:
    """Light of any strength as uint8: its logarithm."""
    share = np.log1p(light * _FINE) / math.log1p(_BRIGHTEST * _FINE)
    return np.rint(share.clip(0, 1) * 255).astype(np.uint8)


def unpacked(levels: Bytes) -> Floats:
    """What `packed` made, as light again."""
    share = levels * np.float32(math.log1p(_BRIGHTEST * _FINE) / 255)
    return np.asarray(np.expm1(share) / _FINE, np.float32)


def cleaned(light: Floats) -> Floats:
    """Fill what is no light (NaN, infinite, negative) with the brightest around it.

    Such holes come from compression, in the middle of suns: as darkness they would be seen.
    """
    bad = ~np.isfinite(light).all(axis=-1) | (light < 0).any(axis=-1)
    fixed = np.where(bad[..., None], 0, light).astype(np.float32)
    for _ in range(_LARGEST_HOLE_PX):
        if not bad.any():
            break
        shifts = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
        around = np.max([np.roll(fixed, shift, (0, 1)) for shift in shifts], axis=0)
        found = bad & (around.max(axis=-1) > 0)
        fixed[found] = around[found]
        bad &= ~found
    return fixed


def view(name: str, turn: int, width: int, height: int, blur: float, tilt: float = 4.0) -> Floats:
    """Look into a panorama: (height, width, 3) float32 linear light, at most a little over 1.

    `turn` is the direction in degrees, `blur` the size of a point of light in shares of the width.
    """
    scale = min(1.0, _VIEW_PX / max(width, height))
    small = (max(2, round(width * scale)), max(2, round(height * scale)))
    seen = _projected(panorama(name), turn, *small, tilt)
    soft = _out_of_focus(seen, blur * small[0])
    mean = math.exp(float(np.log(soft @ (0.2126, 0.7152, 0.0722) + 1e-4).mean()))
    exposed = soft * np.float32(_KEY / max(mean, 1e-4))
    bent = exposed / (1 + exposed * np.float32(0.55)) * np.float32(1.25)
    return np.stack(
        [
            resized(bent[..., channel], width, height, Image.Resampling.BICUBIC).clip(0, None)
            for channel in range(3)
        ],
        axis=-1,
    )


def _projected(light: Floats, turn: int, width: int, height: int, tilt: float) -> Floats:
    focus = width / 2 / math.tan(math.radians(_ANGLE) / 2)
    across = (np.arange(width) + 0.5 - width / 2)[None, :]
    down = (np.arange(height) + 0.5 - height / 2)[:, None]
    pitch = math.radians(tilt)
    forth = focus * math.cos(pitch) + down * math.sin(pitch)
    below = -focus * math.sin(pitch) + down * math.cos(pitch)
    longitude = np.arctan2(across + 0 * forth, forth) + math.radians(turn)
    latitude = np.arctan2(below, np.hypot(across, forth))
    rows, columns = light.shape[:2]
    x = (longitude / (2 * math.pi) % 1) * columns
    y = (latitude / math.pi + 0.5).clip(0, 0.9999) * rows
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - x0)[..., None].astype(np.float32), (y - y0)[..., None].astype(np.float32)
    x1, y1 = (x0 + 1) % columns, np.minimum(y0 + 1, rows - 1)
    x0 %= columns
    upper = light[y0, x0] * (1 - fx) + light[y0, x1] * fx
    lower = light[y1, x0] * (1 - fx) + light[y1, x1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, np.float32)


def _out_of_focus(light: Floats, radius_px: float) -> Floats:
    """Spread each point over a disc, as a lens does: by Fourier transform, edges mirrored."""
    pad = math.ceil(2 * radius_px) + 2
    wide = np.pad(light.clip(0, 40), ((pad, pad), (pad, pad), (0, 0)), mode="reflect")
    rows, columns = wide.shape[:2]
    down = np.minimum(np.arange(rows), rows - np.arange(rows))[:, None]
    across = np.minimum(np.arange(columns), columns - np.arange(columns))[None, :]
    disc = (radius_px + 0.5 - np.hypot(down, across)).clip(0, 1)
    spread = np.fft.rfft2(disc / disc.sum())
    soft = np.stack(
        [
            np.fft.irfft2(np.fft.rfft2(wide[..., channel]) * spread, s=(rows, columns))
            for channel in range(3)
        ],
        axis=-1,
    )[pad:-pad, pad:-pad].astype(np.float32)
    channels = [blurred(soft[..., channel], 0.8).clip(0, None) for channel in range(3)]
    return np.stack(channels, axis=-1)
