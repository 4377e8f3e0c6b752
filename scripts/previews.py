"""Previews and thumbnails of every template: `python -m scripts.previews FOLDER`.

They are rendered by the steps themselves on a drawn product, put into the bucket by
`local.previews`, and never committed.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from darkroom.compose import composed
from darkroom.encode import encode
from darkroom.framing import fit
from darkroom.picture import Picture
from darkroom.steps import OPERATIONS
from darkroom.thumbnail import thumbnail
from photo_steps.templates import Template, preview_key, templates
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
    """Write what the folder lacks: preview and thumbnail of every template, under their keys."""
    subject = fit(bottle(), PREVIEW_PX)
    for template in templates():
        large, small = (folder / preview_key(template, size) for size in ("preview", "thumbnail"))
        if small.exists():
            continue
        picture = rendered(template, subject)
        _write(large, picture)
        _write(small, thumbnail(picture))


def _write(path: Path, picture: Picture) -> None:
    """Whole or not at all: a run may be cut short."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(encode(replace(picture, format="webp"), "webp", _QUALITY))
    unfinished.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
