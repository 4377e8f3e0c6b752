"""Let the subject throw a shadow."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.regions import cut_edges
from darkroom.steps.operation import operation
from photo_steps.studio import Shadow


@operation(Shadow)
def shadow(picture: Picture, told: Shadow) -> Picture:
    """Note the shadow that the subject shall throw when the picture is saved.

    What the photo's lower edge cut stands on no ground: it throws a drop shadow instead, which a
    remark says.
    """
    cut = picture.cut_at if picture.cut_at is not None else cut_edges(picture.cover)
    if "bottom" in cut and told.type in ("natural", "reflection"):
        picture = picture.remarked("shadow_replaced", asked=told.type, made="drop")
        told = told.model_copy(update={"type": "drop"})
    return replace(picture, shadow=told)
