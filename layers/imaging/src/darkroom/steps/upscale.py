"""Enlarge the subject."""

from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.steps.operation import operation
from darkroom.studio import upscaling
from photo_steps.studio import Upscale


@operation(Upscale, "models", is_costly=True)
def upscale(picture: Picture, told: Upscale, *, models: Models) -> Picture:
    """Make the picture two or four times as large."""
    return upscaling.upscale(picture, told.factor, models)
