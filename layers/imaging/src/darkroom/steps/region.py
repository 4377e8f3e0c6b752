"""Leave only a rectangle to be seen."""

from dataclasses import replace

import numpy as np

from darkroom.errors import RegionOutside
from darkroom.lengths import in_pixels
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Region


@operation(Region)
def region(picture: Picture, told: Region) -> Picture:
    """Make all else transparent: who looks for a subject afterwards looks there."""
    left, right = (in_pixels(place, picture.width) for place in (told.left, told.right))
    top, bottom = (in_pixels(place, picture.height) for place in (told.top, told.bottom))
    if not (left < right <= picture.width and top < bottom <= picture.height):
        raise RegionOutside(
            f"The region is no rectangle within the photo of {picture.width} x {picture.height} "
            "pixels.",
            {"width": picture.width, "height": picture.height},
        )
    inside = np.s_[top:bottom, left:right]
    alpha = np.zeros((picture.height, picture.width), np.uint8)
    alpha[inside] = picture.cover[inside]
    return replace(picture, alpha=alpha)
