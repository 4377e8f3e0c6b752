"""Put a plain colour behind the subject."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import OnColour


@operation(OnColour)
def on_colour(picture: Picture, told: OnColour) -> Picture:
    """Set the backdrop; the subject keeps its alpha until the picture is saved."""
    red, green, blue = bytes.fromhex(told.colour.removeprefix("#"))
    return replace(picture, backdrop=(red, green, blue))
