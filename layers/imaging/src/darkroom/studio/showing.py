"""What templates look like: each with a sample product, small."""

from dataclasses import replace

from darkroom.compose import composed
from darkroom.encode import encode
from darkroom.framing import fit
from darkroom.picture import Picture
from darkroom.steps import OPERATIONS
from darkroom.studio.sample import bottle
from darkroom.thumbnail import thumbnail
from photo_steps.templates import PreviewSize, Template

PREVIEW_PX = 640
_QUALITY = 82


def rendered(template: Template, subject: Picture, side_px: int = PREVIEW_PX) -> Picture:
    """Put a cut-out through a template, on a canvas whose longer side has `side_px`."""
    scale = side_px / max(template.size_px)
    picture = subject
    for step in template.workflow:
        params = dict(step.params)
        if step.name == "frame":
            width, height = (max(64, round(side * scale)) for side in template.size_px)
            params |= {"aspect_ratio": None, "width": width, "height": height}
        operation = OPERATIONS[step.name]
        picture = operation.apply(picture, operation.parameters.model_validate(params))
    return composed(picture)


def shown(template: Template) -> dict[PreviewSize, bytes]:
    """Its preview (640 px) and thumbnail (320 px) with a drawn bottle, as WebP."""
    picture = rendered(template, fit(bottle(), PREVIEW_PX))
    return {"preview": _webp(picture), "thumbnail": _webp(thumbnail(picture))}


def _webp(picture: Picture) -> bytes:
    return encode(replace(picture, format="webp"), "webp", _QUALITY)
