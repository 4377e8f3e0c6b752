"""Light by name and by hand."""

from dataclasses import replace

import numpy as np

from darkroom.picture import Floats, Picture
from darkroom.studio.grading import Grade
from darkroom.studio.small import reduced_subject
from photo_steps.studio import Light, LightPreset

# Contrast and shadows, colour, and a key light with its place. Measured and looked at.
PRESETS: dict[LightPreset, Grade] = {
    "studio": Grade(0.12, 0.06, 0.16, 0, 0.05, side=-0.15, up=0.75, detail=0.18, strength=0.12),
    "natural": Grade(
        0.05,
        0.02,
        0.10,
        0.08,
        0.05,
        side=-0.55,
        up=0.55,
        detail=0.08,
        strength=0.20,
        key=(1.05, 1, 0.92),
    ),
    "dramatic": Grade(
        -0.22,
        0.34,
        -0.14,
        0,
        0.04,
        side=-0.95,
        up=0.35,
        detail=0.4,
        strength=0.62,
        key=(1.04, 1, 0.95),
    ),
    "bright": Grade(0.42, -0.02, 0.30, 0.02, 0.05, side=0, up=0.45, detail=0.17, strength=0.06),
    "moody": Grade(
        -0.50,
        0.14,
        -0.12,
        -0.10,
        -0.10,
        side=0.90,
        up=0.25,
        detail=0.2,
        strength=0.55,
        key=(0.94, 1, 1.08),
    ),
}
_STOPS = 1.5
# Strong colours would grey under what takes colour away.
_COLOURFUL = 0.35
_SIDE_PX = 160


def by_hand(told: Light) -> Grade:
    """Brightness of 100 is one and a half stops."""
    return Grade(_STOPS * told.brightness / 100, told.contrast / 100, warmth=told.warmth / 100)


def by_name(preset: LightPreset, picture: Picture) -> Grade:
    """A preset; for colourful subjects, half of what it would take from their colour."""
    grade = PRESETS[preset]
    if grade.saturation < 0 and _colour(picture) > _COLOURFUL:
        return replace(grade, saturation=grade.saturation / 2, warmth=grade.warmth / 2)
    return grade


def _colour(picture: Picture) -> float:
    """How colourful a subject is, 0-1: its mean saturation, bright colours counting more."""
    scale = min(1.0, _SIDE_PX / max(picture.width, picture.height))
    rgb, seen = reduced_subject(picture.rgb, picture.cover, scale)
    strongest: Floats = rgb.max(axis=-1)
    weight = seen * strongest
    spread = (strongest - rgb.min(axis=-1)) / np.maximum(strongest, np.float32(0.02))
    return float((spread * weight).sum() / max(float(weight.sum()), 1e-6))
