"""Previews and thumbnails of every template: `python -m scripts.previews FOLDER`.

They are rendered by the steps themselves on a drawn product, when the page is built or deployed,
and never committed.
"""

import sys
from dataclasses import replace
from pathlib import Path

from darkroom.compose import composed
from darkroom.encode import encode
from darkroom.framing import fit
from darkroom.picture import Picture
from darkroom.steps import OPERATIONS
from darkroom.thumbnail import thumbnail
from photo_steps.templates import Template, templates
from scripts.sample_product import bottle

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
            params |= {"width": width, "height": height}
        operation = OPERATIONS[step.name]
        picture = operation.apply(picture, operation.parameters.model_validate(params))
    return composed(picture)


def main(folder: Path) -> None:
    """Write `ID.webp` and `ID.thumbnail.webp` of every template."""
    folder.mkdir(parents=True, exist_ok=True)
    subject = fit(bottle(), PREVIEW_PX)
    for template in templates():
        picture = rendered(template, subject)
        preview = encode(replace(picture, format="webp"), "webp", _QUALITY)
        (folder / f"{template.id}.webp").write_bytes(preview)
        small = encode(thumbnail(picture), "webp", _QUALITY)
        (folder / f"{template.id}.thumbnail.webp").write_bytes(small)
    sys.stdout.write(f"{len(templates())} templates in {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
