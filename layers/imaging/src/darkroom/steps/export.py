"""Make the files of an export."""

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps.exports import ExportFiles


@operation(ExportFiles)
def export(picture: Picture, _: ExportFiles) -> Picture:
    """Change nothing: whoever runs the steps makes the files of the picture."""
    return picture
