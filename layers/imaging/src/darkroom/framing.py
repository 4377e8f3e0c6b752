"""How much of a picture is shown, and how large."""

import math
from dataclasses import replace

import numpy as np
from PIL import Image

from darkroom.lengths import in_pixels
from darkroom.picture import FAINT, Bytes, Floats, Picture
from darkroom.regions import cut_edges, extent
from photo_steps import CropAround

# Bicubic: sharp, and unlike Lanczos it draws no second line beside a hard edge.
_FILTER, _FILTER_REACH = Image.Resampling.BICUBIC, 2
# So many rows of the result are made at a time, or what so many pixels make if that is more: more
# need more memory, but each part reads a few rows of its neighbours again.
_ROWS, _READ_PIXELS = 16, 1 << 19


def crop(picture: Picture, margin_percent: int) -> Picture:
    """Cut a picture down to its subject, with a margin on every side.

    The subject is where alpha shows anything. The margin is a percentage of the longer side of
    the subject's box, rounded to whole pixels; it ends where the picture ends. A picture that is
    opaque, or in which nothing shows, stays whole.
    """
    if picture.alpha is None:
        return picture
    box = extent(picture.alpha >= FAINT)
    if box is None:
        return picture
    longer = max(part.stop - part.start for part in box)
    margin = (longer * margin_percent + 50) // 100
    frame = tuple(slice(max(0, part.start - margin), part.stop + margin) for part in box)
    rgb, alpha = (np.ascontiguousarray(pixels[frame]) for pixels in (picture.rgb, picture.alpha))
    # Afterwards the crop's own edges touch the subject, and no longer tell.
    cut_at = cut_edges(picture.alpha) if picture.cut_at is None else picture.cut_at
    return replace(picture, rgb=rgb, alpha=alpha, cut_at=cut_at)


def crop_around(picture: Picture, told: CropAround) -> Picture:
    """Cut a picture down to its subject, and add margins that are transparent beyond it.

    What is opaque, or shows nothing, is a subject as a whole. All is reduced alike until there are
    no more than `told.pixels`.
    """
    alone = crop(picture, 0)
    width, height = alone.width, alone.height
    across = [in_pixels(margin, width) for margin in (told.left, told.right)]
    down = [in_pixels(margin, height) for margin in (told.top, told.bottom)]
    scale = math.sqrt(told.pixels / ((width + sum(across)) * (height + sum(down))))
    if scale < 1:
        alone = fit(alone, max(1, int(max(width, height) * scale)))
        across, down = ([int(margin * scale) for margin in along] for along in (across, down))
    if not any(across + down):
        return alone
    alpha = np.pad(alone.cover, (down, across))
    return replace(alone, rgb=np.pad(alone.rgb, (down, across, (0, 0))), alpha=alpha)


def fit(picture: Picture, side_px: int) -> Picture:
    """Reduce a picture so that its longer side has `side_px`; one that fits already stays as it is.

    Colours count by their alpha, so that neither hidden colours nor black get into the edge.
    """
    longer = max(picture.width, picture.height)
    if longer <= side_px:
        return picture
    width, height = (
        max(1, round(side * side_px / longer)) for side in (picture.width, picture.height)
    )
    alpha = picture.cover
    rgb, smaller = np.empty((height, width, 3), np.uint8), np.empty((height, width), np.uint8)
    at_once = max(_ROWS, _READ_PIXELS * height // alpha.size)
    for top in range(0, height, at_once):
        rows = slice(top, min(top + at_once, height))
        rgb[rows], smaller[rows] = _reduced(picture.rgb, alpha, (width, height), rows)
    return replace(picture, rgb=rgb, alpha=None if picture.alpha is None else smaller)


def _reduced(rgb: Bytes, alpha: Bytes, size: tuple[int, int], rows: slice) -> tuple[Bytes, Bytes]:
    """Make some rows of the picture at `size` (width, height)."""
    width, height = size
    scale = alpha.shape[0] / height
    first = max(0, int((rows.start - _FILTER_REACH) * scale))
    last = min(alpha.shape[0], int((rows.stop + _FILTER_REACH) * scale) + 1)
    box = (0, rows.start * scale - first, alpha.shape[1], rows.stop * scale - first)

    def resized(values: Floats) -> Floats:
        image = Image.fromarray(values).resize((width, rows.stop - rows.start), _FILTER, box)
        return np.asarray(image)

    part = rgb[first:last]
    weights = alpha[first:last].astype(np.float32)
    seen = resized(weights)
    # The filter overshoots beside edges, in colour and alpha alike: the quotient does not.
    divisor = np.maximum(seen, np.float32(0.5))
    colours = [resized(part[..., channel] * weights) / divisor for channel in range(3)]
    return levels(np.stack(colours, axis=-1)), levels(seen)


def levels(values: Floats) -> Bytes:
    """Round float32 about 0-255 (any shape) to uint8."""
    return np.rint(values.clip(0, 255)).astype(np.uint8)
