"""Put a gradient behind the subject."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps.studio import OnGradient


@operation(OnGradient)
def on_gradient(picture: Picture, told: OnGradient) -> Picture:
    """Set the backdrop; it is painted when the picture is saved."""
    return replace(picture, backdrop=told)
