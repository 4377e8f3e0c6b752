"""Cut down to the subject and put margins around it."""

from darkroom import framing
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import CropAround


@operation(CropAround)
def crop_around(picture: Picture, told: CropAround) -> Picture:
    """Leave the subject with margins that may reach beyond the picture."""
    return framing.crop_around(picture, told)
