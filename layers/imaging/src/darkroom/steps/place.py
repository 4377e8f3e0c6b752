"""Move the subject on its canvas."""

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from darkroom.studio import canvas
from photo_steps import Place


@operation(Place)
def place(picture: Picture, told: Place) -> Picture:
    """Lay the subject elsewhere on a canvas of the same size."""
    return canvas.place(picture, told)
