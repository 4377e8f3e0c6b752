"""Write a mark over the picture."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps.studio import Watermark


@operation(Watermark)
def watermark(picture: Picture, told: Watermark) -> Picture:
    """Note the mark that is written over the picture when it is saved; one that it has stays."""
    return picture if picture.mark else replace(picture, mark=told)
