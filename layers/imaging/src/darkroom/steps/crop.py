"""Cut down to the subject."""

from darkroom import framing
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Crop


@operation(Crop)
def crop(picture: Picture, told: Crop) -> Picture:
    """Leave the subject with a margin around it."""
    return framing.crop(picture, told.margin)
