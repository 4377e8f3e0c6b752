"""A canvas of its own for a subject: which size, how full, and what its photo's edges cut off."""

from dataclasses import replace

import numpy as np
from PIL import Image

from darkroom.framing import levels
from darkroom.lengths import in_pixels
from darkroom.picture import FAINT, Bytes, Edge, Floats, Picture
from darkroom.regions import cut_edges, extent
from photo_steps import Place
from photo_steps.studio import Frame

# Larger than this, a subject is visibly soft.
_MAX_ENLARGEMENT = 1.6
_FILTER, _FILTER_REACH = Image.Resampling.LANCZOS, 3
_ROWS = 64
_ALONG: dict[str, tuple[Edge, Edge]] = {"across": ("left", "right"), "down": ("top", "bottom")}


def frame(picture: Picture, told: Frame) -> Picture:
    """Lay the subject of a picture on a canvas, sized by the box of what can be seen of it.

    What the photo's edge cut off lies on the canvas's edge; what two opposite edges cut off spans
    the canvas, if the rest of it still fits. Remarks say what was cut, and that the subject was
    enlarged by more than 60 %. A picture in which nothing shows becomes an empty canvas.
    """
    alpha = picture.cover
    width, height = told.size
    cut = picture.cut_at if picture.cut_at is not None else cut_edges(alpha)
    box = extent(alpha >= FAINT)
    framed = replace(
        picture,
        rgb=np.zeros((height, width, 3), np.uint8),
        alpha=np.zeros((height, width), np.uint8),
        cut_at=cut,
    )
    if box is None:
        return replace(framed, note=framed.note or "no_subject")
    shape = (box[1].stop - box[1].start, box[0].stop - box[0].start)
    scale = _scale(shape, told, cut)
    size = tuple(max(1, round(side * scale)) for side in shape)
    left = _place(width, size[0], "across", told, cut)
    top = _place(height, size[1], "down", told, cut)
    _draw(framed, picture.rgb[box], alpha[box], (left, top), (size[0], size[1]))
    for edge in sorted(cut):
        framed = framed.remarked(f"cut_at_{edge}")
    if scale > _MAX_ENLARGEMENT:
        framed = framed.remarked("low_resolution", enlargedPercent=round(scale * 100))
    return framed


def place(picture: Picture, told: Place) -> Picture:
    """Lay the subject of a picture elsewhere on a canvas of the picture's size.

    A picture in which nothing shows stays as it is.
    """
    alpha = picture.cover
    box = extent(alpha >= FAINT)
    if box is None:
        return picture
    canvas = (picture.width, picture.height)
    spans = (box[1], box[0])
    shape = [span.stop - span.start for span in spans]
    scale = 1.0
    if told.scale is not None:
        scale = min(
            in_pixels(told.scale, side) / of for side, of in zip(canvas, shape, strict=True)
        )
    across, down = (max(1, round(side * scale)) for side in shape)
    left = _moved(canvas[0] - across, spans[0], across, told.across)
    top = _moved(canvas[1] - down, spans[1], down, told.down)
    cut = picture.cut_at if picture.cut_at is not None else cut_edges(alpha)
    placed = replace(
        picture, rgb=np.zeros_like(picture.rgb), alpha=np.zeros_like(alpha), cut_at=cut
    )
    _draw(placed, picture.rgb[box], alpha[box], (left, top), (across, down))
    return placed


def _moved(free: int, was: slice, size: int, place: str | None) -> int:
    """Where the subject begins on one axis with so many pixels to spare."""
    if place is None:
        middle: float = (was.start + was.stop) / 2
        return min(max(0, round(middle - size / 2)), free)
    return in_pixels(place, free)


def _scale(shape: tuple[int, int], told: Frame, cut: frozenset[Edge]) -> float:
    canvas = told.size
    scale = min(side * told.fill_percent / 100 / of for side, of in zip(canvas, shape, strict=True))
    whole = min(side / of for side, of in zip(canvas, shape, strict=True))
    for pair, side, of in zip(_ALONG.values(), canvas, shape, strict=True):
        if cut.issuperset(pair) and side / of <= whole * 1.0001:
            scale = max(scale, side / of)
    return scale


def _place(canvas: int, size: int, along: str, told: Frame, cut: frozenset[Edge]) -> int:
    """Where the subject begins on one axis: at the edge that cut it, else as it was aligned.

    Of top and bottom the bottom counts, and what has a ground to stand on does not hang.
    """
    first, last = _ALONG[along]
    free = canvas - size
    margin = min(free // 2, round(canvas * (100 - told.fill_percent) / 200))
    hangs = first in cut and (along == "across" or told.base_percent is None)
    if last in cut and (along == "down" or not hangs):
        return free
    if hangs:
        return 0
    if along == "down" and told.base_percent is not None:
        return max(0, round(canvas * told.base_percent / 100) - size)
    if told.align == first:
        return margin
    return free - margin if told.align == last else free // 2


def _draw(
    framed: Picture, rgb: Bytes, alpha: Bytes, corner: tuple[int, int], size: tuple[int, int]
) -> None:
    """Resize a subject into the arrays of a canvas, some rows at a time."""
    left, top = corner
    columns = slice(left, left + size[0])
    for start in range(0, size[1], _ROWS):
        stop = min(start + _ROWS, size[1])
        colours, seen = _part(rgb, alpha, size, slice(start, stop))
        rows = slice(top + start, top + stop)
        framed.rgb[rows, columns] = colours
        framed.cover[rows, columns] = seen


def _part(rgb: Bytes, alpha: Bytes, size: tuple[int, int], rows: slice) -> tuple[Bytes, Bytes]:
    """Make some rows of a subject at its new size; colours count by their alpha."""
    scale = alpha.shape[0] / size[1]
    reach = _FILTER_REACH * max(1.0, scale)
    first = max(0, int(rows.start * scale - reach))
    last = min(alpha.shape[0], int(rows.stop * scale + reach) + 1)
    box = (0, rows.start * scale - first, alpha.shape[1], rows.stop * scale - first)
    part, weights = rgb[first:last], alpha[first:last]
    if part.shape[:2] == (rows.stop - rows.start, size[0]) and scale == 1:
        return part, weights

    def resized(image: Image.Image) -> Image.Image:
        return image.resize((size[0], rows.stop - rows.start), _FILTER, box)

    if int(weights.min()) == 255:
        opaque = np.full((rows.stop - rows.start, size[0]), 255, np.uint8)
        return np.asarray(resized(Image.fromarray(part))), opaque
    wide = weights.astype(np.float32)
    seen = np.asarray(resized(Image.fromarray(wide)))
    # The filter overshoots beside edges, in colour and alpha alike: the quotient does not.
    divisor = np.maximum(seen, np.float32(0.5))
    channels: list[Floats] = [
        np.asarray(resized(Image.fromarray(part[..., channel] * wide))) / divisor
        for channel in range(3)
    ]
    return levels(np.stack(channels, axis=-1)), levels(seen)
