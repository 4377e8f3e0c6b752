"""Reduce to a size."""

from darkroom import framing
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Fit


@operation(Fit)
def fit(picture: Picture, told: Fit) -> Picture:
    """Reduce the longer side, if it is longer than that."""
    return framing.fit(picture, told.side)
