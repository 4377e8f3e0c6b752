"""What a look will come out as: small, flat, and of no use as a product."""

from dataclasses import replace

import numpy as np

from darkroom.compose import composed, lay_on
from darkroom.framing import fit
from darkroom.picture import FAINT, Bytes, Picture
from darkroom.regions import extent
from darkroom.steps import OPERATIONS
from darkroom.studio.marking import marked_all_over
from photo_steps import CutOut, Fit, Leave, SaveAs, Step, Workflow
from photo_steps.studio import Frame, Upscale, Watermark

SIDE_PX = 640
# They change the file, or what is too small to see; a preview has a mark of its own.
_NOT_SHOWN = {kind.step for kind in (CutOut, Fit, Leave, SaveAs, Upscale, Watermark)}
_SQUARE_PX = 16
_LIGHT, _DARK = 255, 224


def for_previews(cut: Picture) -> Picture:
    """Reduce a cut-out to what a preview can show of it: a subject of 640 px."""
    box = extent(cut.cover >= FAINT)
    if box is None:
        return fit(cut, SIDE_PX)
    longer = max(part.stop - part.start for part in box)
    return fit(cut, max(SIDE_PX, round(max(cut.width, cut.height) * SIDE_PX / longer)))


def preview(cut: Picture, look: Workflow, mark: str | None) -> Picture:
    """Put a cut-out through a look, as it will be seen, with a longer side of at most 640 px.

    It is opaque: what is transparent lies on a checkerboard. `mark` is repeated all over it. Steps
    that come before the cut-out's picture, or need a model, are left out.
    """
    picture = cut
    for step in look:
        if step.name not in _NOT_SHOWN:
            operation = OPERATIONS[step.name]
            picture = operation.apply(picture, _told(step))
    seen = composed(fit(picture, SIDE_PX))
    flat = seen.rgb if seen.alpha is None else lay_on(seen.rgb, seen.alpha, _board(seen))
    rgb = flat if mark is None else marked_all_over(flat, mark)
    return replace(seen, rgb=rgb, alpha=None, format="webp")


def _told(step: Step) -> object:
    """The step's parameters; a canvas is as much smaller as the preview is."""
    told = step.read(OPERATIONS[step.name].parameters)
    if not isinstance(told, Frame):
        return told
    scale = min(1.0, SIDE_PX / max(told.size))
    width, height = (max(1, round(side * scale)) for side in told.size)
    # Not validated: a canvas may be narrower here than it may be ordered.
    return told.model_copy(update={"aspect_ratio": None, "width": width, "height": height})


def _board(picture: Picture) -> Bytes:
    """Squares of two greys, (h, w, 3) uint8: how people know that nothing is there."""
    down, across = (np.arange(side) // _SQUARE_PX for side in (picture.height, picture.width))
    is_dark = (down[:, None] + across) % 2 == 1
    grey = np.where(is_dark, np.uint8(_DARK), np.uint8(_LIGHT))
    return np.repeat(grey[..., None], 3, axis=-1)
