"""Enlarging a subject with a network, bound to what the photo shows.

Back-projection (Irani, Peleg 1991): what the enlarged picture, reduced again, lacks of the photo is
added to it. So colours and letters cannot drift. Mixed with Lanczos at 7:3 it is nearer to the
truth than either: docs/decisions/0022-studio.md.
"""

from dataclasses import replace

import numpy as np
from PIL import Image

from darkroom.errors import TooLargeToUpscale
from darkroom.models import Models
from darkroom.picture import FAINT, Bytes, Floats, Picture
from darkroom.regions import extent
from darkroom.studio.blur import blurred, resized

MAX_SIDE_PX = 4800
MODEL, _TIMES = "realesr-animevideov3-x4", 4
_TILE_PX, _OVERLAP_PX = 256, 16
_NETWORK_SHARE = np.float32(0.7)
# A second round brings back what compression left behind in the photo, more than what it lost.
_ROUNDS, _ROUNDS_OF_LOSSY = 2, 1
_LOSSY = {"JPEG", "WebP", "HEIC", "AVIF"}
_BLEED_PX = 4.0


def upscale(picture: Picture, factor: int, models: Models) -> Picture:
    """Enlarge a picture `factor` times: its subject by the network, its alpha by Lanczos.

    Refuses with `TooLargeToUpscale` what would be longer than 4,800 px.
    """
    width, height = picture.width * factor, picture.height * factor
    if max(width, height) > MAX_SIDE_PX:
        raise TooLargeToUpscale(
            f"Enlarged {factor} times, the picture would have {width} x {height} pixels; at most "
            f"{MAX_SIDE_PX} a side are possible.",
            {"factor": factor, "width": width, "height": height, "maxSide": MAX_SIDE_PX},
        )
    rgb = np.zeros((height, width, 3), np.uint8)
    box = extent(picture.cover >= FAINT)
    if box is not None:
        larger = tuple(slice(part.start * factor, part.stop * factor) for part in box)
        colours = _filled(picture.rgb[box], picture.cover[box])
        rounds = _ROUNDS_OF_LOSSY if picture.sent_as in _LOSSY else _ROUNDS
        rgb[larger] = _enlarged(colours, factor, rounds, models)
    alpha = None if picture.alpha is None else _lanczos(picture.alpha, width, height)
    return replace(picture, rgb=rgb, alpha=alpha, is_grey=False)


def _filled(rgb: Bytes, alpha: Bytes) -> Floats:
    """Let colours run out over what alpha hides, so that no edge is seen there: float32 0-1."""
    colours = rgb * np.float32(1 / 255)
    if int(alpha.min()) == 255:
        return colours
    weight = alpha * np.float32(1 / 255)
    seen = blurred(weight, _BLEED_PX) + np.float32(1e-4)
    for channel in range(3):
        run = blurred(colours[..., channel] * weight, _BLEED_PX) / seen
        colours[..., channel] = run + weight * (colours[..., channel] - run)
    return colours


def _enlarged(colours: Floats, factor: int, rounds: int, models: Models) -> Bytes:
    """Enlarge (h, w, 3) float32 0-1 tile by tile: uint8."""
    height, width = colours.shape[:2]
    result = np.empty((height * factor, width * factor, 3), np.uint8)
    padded = np.pad(colours, ((_OVERLAP_PX,) * 2, (_OVERLAP_PX,) * 2, (0, 0)), mode="edge")
    for top in range(0, height, _TILE_PX):
        for left in range(0, width, _TILE_PX):
            down, across = min(_TILE_PX, height - top), min(_TILE_PX, width - left)
            rows = slice(top, top + down + 2 * _OVERLAP_PX)
            columns = slice(left, left + across + 2 * _OVERLAP_PX)
            tile = _tile(padded[rows, columns], factor, rounds, models)
            inner = slice(_OVERLAP_PX * factor, (_OVERLAP_PX + down) * factor)
            between = slice(_OVERLAP_PX * factor, (_OVERLAP_PX + across) * factor)
            place = np.s_[
                top * factor : (top + down) * factor, left * factor : (left + across) * factor
            ]
            result[place] = np.rint(tile[inner, between].clip(0, 1) * 255)
    return result


def _tile(colours: Floats, factor: int, rounds: int, models: Models) -> Floats:
    """One tile: (h, w, 3) float32 0-1 to the same, enlarged."""
    batch = np.ascontiguousarray(colours.transpose(2, 0, 1)[None])
    drawn = models.run(MODEL, batch)[0]
    channels = []
    for channel in range(3):
        small, large = colours[..., channel], drawn[channel]
        height, width = small.shape
        for _ in range(rounds):
            lacking = small - resized(large, width, height, Image.Resampling.LANCZOS)
            large = large + resized(
                lacking, width * _TIMES, height * _TIMES, Image.Resampling.BICUBIC
            )
        plain = resized(small, width * _TIMES, height * _TIMES, Image.Resampling.LANCZOS)
        mixed = plain + _NETWORK_SHARE * (large - plain)
        if factor != _TIMES:
            mixed = resized(mixed, width * factor, height * factor, Image.Resampling.LANCZOS)
        channels.append(mixed)
    return np.stack(channels, axis=-1)


def _lanczos(alpha: Bytes, width: int, height: int) -> Bytes:
    return np.asarray(Image.fromarray(alpha).resize((width, height), Image.Resampling.LANCZOS))
