"""A subject that stands in a scene: its tint, its key light, and the light around its rim."""

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from darkroom.picture import Bytes, Floats, Picture
from darkroom.studio.blur import blurred, resized
from darkroom.studio.grading import Grade, colour_matrix, graded, graded_light
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.scenes.scene import Scene
from darkroom.studio.small import reduced, reduced_subject
from darkroom.studio.tones import light_of
from photo_steps.scenes import InScene

_LUMINANCE = np.array((0.2126, 0.7152, 0.0722))
# More would dye the product: a red room turned skin and steel pink.
_TINT, _GAINS = 0.30, (0.93, 1.08)
# What a customer may find between the picture and the parcel: CIEDE2000, and degrees of hue of
# colours of some strength.
_MOST_MOVED, _MOST_TURNED = 4.5, 3.0
_STRONG_CHROMA, _STRONG_SHARE = 20, 0.03
_JUDGED_PX = 128
_STRENGTH, _UP = 0.20, 0.5
_SIDE_PX = 300
_RIM, _WRAPPED, _SOFT = 0.010, np.float32(0.22), 0.03


def harmonised(picture: Picture, told: InScene, scene: Scene) -> Picture:
    """Light a subject as its scene is lit."""
    ambient = scene.ambient
    share = (ambient / max(float(ambient @ _LUMINANCE), 1e-4)) ** (_TINT * told.tint / 100)
    tint = _bounded(picture, share.clip(*_GAINS))
    key = replace(tint, side=told.key / 100, up=_UP, strength=_STRENGTH * _dulled(told))
    return graded(picture, key)


def _bounded(picture: Picture, gains: np.ndarray) -> Grade:
    """As much of a tint as leaves a subject its colours, of which pale ones turn the most.

    What it would push beyond white is darkened whole: otherwise its brightest detail was lost.
    """
    scale = min(1.0, _JUDGED_PX / max(picture.width, picture.height))
    colours, seen = reduced_subject(picture.rgb, picture.cover, scale)
    light = light_of(np.rint(colours[seen > 0.5] * 255).astype(np.uint8))
    if not light.size:
        return Grade()
    before, after = lab_of(light), lab_of(graded_light(light, _tint(gains)))
    moved = float(np.median(difference(before, after)))
    strong = np.hypot(before[:, 1], before[:, 2]) > _STRONG_CHROMA
    turned = 0.0
    if strong.mean() > _STRONG_SHARE:
        angles = [np.degrees(np.arctan2(lab[strong, 2], lab[strong, 1])) for lab in (before, after)]
        turned = abs(float(np.median((angles[1] - angles[0] + 180) % 360 - 180)))
    part = min(1.0, _MOST_MOVED / max(moved, 1e-6), _MOST_TURNED / max(turned, 1e-6))
    tint = _tint(gains**part)
    brightest = float(np.percentile((light @ colour_matrix(tint)).max(axis=-1), 99))
    return replace(tint, stops=-math.log2(max(1.0, brightest)))


def _tint(gains: np.ndarray) -> Grade:
    red, green, blue = (float(gain) for gain in gains)
    return Grade(gains=(red, green, blue))


def _dulled(told: InScene) -> float:
    """How much of the key light is felt: as much as the tint."""
    return 0.5 + told.tint / 200


@dataclass(frozen=True)
class Wrap:
    """Light of the backdrop that reaches around a subject's rim."""

    rim: Floats
    around: tuple[Floats, Floats, Floats]
    size: tuple[int, int]

    @classmethod
    def of(cls, alpha: Bytes, scene: Scene) -> "Wrap":
        """Find the rim of (height, width) uint8 alpha, and the soft light behind it, small."""
        scale = min(1.0, _SIDE_PX / max(alpha.shape))
        matte = reduced(alpha, scale)
        longer = max(matte.shape)
        rim = (blurred(1 - matte, _RIM * longer) * 2 * matte).clip(0, 1)
        image = Image.fromarray(scene.small).resize(matte.shape[::-1], Image.Resampling.BOX)
        levels = np.asarray(image, np.float32)
        red, green, blue = (blurred(levels[..., c], _SOFT * longer) for c in range(3))
        return cls(rim, (red, green, blue), (alpha.shape[1], alpha.shape[0]))

    def over(self, rgb: Bytes, top: int, bottom: int, columns: slice) -> Bytes:
        """Lay the light over some rows of a subject: (h, w, 3) uint8 to the same."""
        width, height = self.size
        down, across = self.rim.shape[0] / height, self.rim.shape[1] / width
        box = (columns.start * across, top * down, columns.stop * across, bottom * down)
        size = (columns.stop - columns.start, bottom - top)
        share = resized(self.rim, *size, box=box) * _WRAPPED
        touched = share > 1 / 255
        if not touched.any():
            return rgb
        laid, weight = rgb.copy(), share[touched]
        for channel, field in enumerate(self.around):
            under = rgb[..., channel][touched]
            over = resized(field, *size, box=box)[touched]
            laid[..., channel][touched] = np.rint(under + weight * (over - under))
        return laid
