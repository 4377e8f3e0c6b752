"""Choose the format of the file."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import SaveAs


@operation(SaveAs)
def save_as(picture: Picture, told: SaveAs) -> Picture:
    """Note the format on the picture; the file is made once all steps are done."""
    return replace(picture, format=told.format)
