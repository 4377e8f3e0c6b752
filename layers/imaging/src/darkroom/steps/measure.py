"""Refuse what is too small to be of use or too large to be handled."""

from darkroom.errors import PhotoTooSmall, TooManyPixels
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Measure


@operation(Measure)
def measure(picture: Picture, told: Measure) -> Picture:
    """Leave the picture as it is, if its sides are within bounds."""
    size = f"The photo has {picture.width} x {picture.height} pixels"
    facts = {"width": picture.width, "height": picture.height}
    if min(picture.width, picture.height) < told.min_side:
        raise PhotoTooSmall(
            f"{size}; each side needs at least {told.min_side}.",
            {**facts, "minSide": told.min_side},
        )
    if max(picture.width, picture.height) > told.max_side:
        raise TooManyPixels(
            f"{size}; each side may have at most {told.max_side}.",
            {**facts, "maxSide": told.max_side},
        )
    return picture
