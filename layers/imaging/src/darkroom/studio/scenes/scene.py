"""A whole scene: wall, ground and ornaments, painted once at a bounded size."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.studio.blur import resized
from darkroom.studio.scenes.grounds import FLOOR_EDGE, LID, TABLE_EDGE, under
from darkroom.studio.scenes.ornaments import decorate
from darkroom.studio.scenes.walls import wall
from darkroom.studio.tones import dithered, levels_of, light_of
from photo_steps.scenes import InScene

# Larger scenes are painted at this longer side and enlarged.
_MAX_SIDE_PX = 2400
_KEPT_SCENES = 4
_HORIZONS = {"sweep": 0.62, "table": TABLE_EDGE, "floor": FLOOR_EDGE, "podium": LID - 0.06}
# Hung before the ground is laid, so that the ground mirrors and hides them.
_BEHIND = {
    "bokeh",
    "red-lanterns",
    "lanterns",
    "ketupat",
    "crescent",
    "blossom",
    "ring",
    "baubles",
    "bunting",
}


@dataclass(frozen=True)
class Scene:
    """A painted scene: (h, w, 3) uint8 sRGB, for a picture of `size` (width, height)."""

    small: Bytes
    size: tuple[int, int]

    def rows(self, top: int, bottom: int) -> Bytes:
        """Give (bottom - top, width, 3) uint8 of the picture, enlarged where it is larger."""
        width, height = self.size
        if self.small.shape[:2] == (height, width):
            return self.small[top:bottom]
        scale = self.small.shape[0] / height
        first = max(0, int(top * scale) - 3)
        last = min(len(self.small), int(bottom * scale) + 4)
        box = (0.0, top * scale - first, float(self.small.shape[1]), bottom * scale - first)
        channels = [
            resized(
                self.small[first:last, :, channel].astype(np.float32),
                width,
                bottom - top,
                Image.Resampling.BICUBIC,
                box,
            )
            for channel in range(3)
        ]
        return dithered(np.stack(channels, axis=-1).clip(0, 255), top)

    @property
    def ambient(self) -> Floats:
        """The light that the scene sends to a subject in its middle: (3,) float32, linear."""
        height = len(self.small)
        part = light_of(self.small[: round(height * 0.8) : 7, ::7])
        return np.asarray(part.mean(axis=(0, 1)), np.float32)


def scene(told: InScene, width: int, height: int) -> Scene:
    """Paint a scene, or take it from those painted last."""
    scale = min(1.0, _MAX_SIDE_PX / max(width, height))
    small = _painted(told, max(8, round(width * scale)), max(8, round(height * scale)))
    return Scene(small, (width, height))


@lru_cache(_KEPT_SCENES)
def _painted(told: InScene, width: int, height: int) -> Bytes:
    key = told.key / 100
    horizon = _HORIZONS[told.ground.shape]
    light = wall(_rng(told, 0), height, width, told.wall, key).copy()
    for number, decor in enumerate(told.decor):
        if decor.ornament in _BEHIND:
            decorate(_rng(told, 10 + number), light, decor, key, horizon)
    under(_rng(told, 1), light, told.ground, key, told.gloss / 100)
    for number, decor in enumerate(told.decor):
        if decor.ornament not in _BEHIND:
            decorate(_rng(told, 10 + number), light, decor, key, horizon)
    warm = np.float32(told.warmth / 100)
    light *= 1 + warm * np.array((0.10, 0.0, -0.16), np.float32)
    return dithered(levels_of(light), 0)


def _rng(told: InScene, part: int) -> np.random.Generator:
    """Each part has a stream of its own: a change of one leaves the others."""
    return np.random.default_rng([told.seed, part])
