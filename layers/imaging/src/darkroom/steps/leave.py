"""Leave the picture as it is at a place in the middle."""

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Leave


@operation(Leave)
def leave(picture: Picture, _: Leave) -> Picture:
    """Change nothing: whoever runs the steps takes the picture from here."""
    return picture
