"""Put a scene behind and under the subject."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps.scenes import InScene


@operation(InScene)
def in_scene(picture: Picture, told: InScene) -> Picture:
    """Set the scene; it is painted when the picture is saved, and lights what stands in it."""
    return replace(picture, backdrop=told, lit_from=told.key)
