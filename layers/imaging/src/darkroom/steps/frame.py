"""Put the subject on a canvas."""

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from darkroom.studio import canvas
from photo_steps.studio import Frame


@operation(Frame)
def frame(picture: Picture, told: Frame) -> Picture:
    """Give the picture the canvas's size, with the subject placed on it."""
    return canvas.frame(picture, told)
