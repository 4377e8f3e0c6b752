"""Reduce to a number of pixels."""

import math

from darkroom import framing
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Shrink


@operation(Shrink)
def shrink(picture: Picture, told: Shrink) -> Picture:
    """Reduce both sides alike until the picture has no more pixels than that."""
    shorter, longer = sorted((picture.width, picture.height))
    side = math.isqrt(told.pixels * longer // shorter)
    while side > 1 and side * max(1, round(shorter * side / longer)) > told.pixels:
        side -= 1  # the shorter side is rounded, perhaps up
    return framing.fit(picture, side)
