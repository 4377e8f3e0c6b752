"""Lay the finished picture out as a slide of a carousel."""

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from darkroom.studio.slides import slide as laid_out
from photo_steps.slides import Slide


@operation(Slide)
def slide(picture: Picture, told: Slide) -> Picture:
    """Compose, lay out, write; what comes out is opaque."""
    return laid_out(picture, told)
