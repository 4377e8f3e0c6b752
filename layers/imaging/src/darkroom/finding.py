"""Ways to find the subject, and ways to make better ones of them.

A `Find` looks at (height, width, 3) uint8 sRGB, a `Look` at the models' input made of it. Both give
a small square matte, (side, side) float32 0-1 that covers the whole photo, or None when nothing
stands out.
"""

from collections.abc import Callable

import numpy as np

from darkroom import matte
from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from darkroom.regions import extent, without_haze_inside, without_specks

type Find = Callable[[Bytes, Models], Floats | None]
type Look = Callable[[Floats, Models], Floats | None]

# A model must be this sure for its word to count; from the second on it is believed.
_SURE_FROM, _SURE_AT = np.float32(0.4), np.float32(1.0)
# The second look: how much of the subject's frame is added around it, and how much it counts.
# At a quarter, with the faint ends cut, it settles what the first look left open, and can neither
# remove what the first was sure of nor add what it did not see.
_MARGIN = 0.12
# Whatever the first look only suspects must be in the part that the second one sees.
_GLIMPSE = np.float32(0.05)
_SECOND_SHARE = np.float32(0.25)
_FAINT = np.float32(0.1)
# Twice the model's side, so that a second look at a half of the photo loses nothing.
_WIDE_SIDE_PX = 2 * matte.MODEL_SIDE_PX


def look(model: str) -> Look:
    """One look by a U-2-Net."""

    def look_once(batch: Floats, models: Models) -> Floats | None:
        return matte.infer(batch, model, models)

    return look_once


def decided(doubtful: Look) -> Look:
    """Take what a model is nearly sure of as sure, at both ends."""

    def look_decided(batch: Floats, models: Models) -> Floats | None:
        found = doubtful(batch, models)
        return None if found is None else levels(found, _FAINT, 1 - _FAINT)

    return look_decided


def both_ways(straight: Look) -> Look:
    """Look at the photo and at its mirror image, and take the mean."""

    def look_both(batch: Floats, models: Models) -> Floats | None:
        seen = straight(batch, models)
        mirrored = straight(np.ascontiguousarray(batch[..., ::-1]), models)
        if mirrored is None:
            return seen
        back = np.ascontiguousarray(mirrored[:, ::-1])
        return back if seen is None else (seen + back) * np.float32(0.5)

    return look_both


def surest(first: Look, second: Look) -> Look:
    """Take the surer of two models at each place; whether there is a subject, the first says.

    A model that misses a part gives 0 there, one that is in doubt gives haze: so haze is cut
    before the larger value is taken.
    """

    def look_surest(batch: Floats, models: Models) -> Floats | None:
        one = first(batch, models)
        if one is None:
            return None
        other = second(batch, models)
        sure = levels(one, _SURE_FROM, _SURE_AT)
        return sure if other is None else np.maximum(sure, levels(other, _SURE_FROM, _SURE_AT))

    return look_surest


def with_input(looks: Look) -> Find:
    """Make the models' input once, for all that looks at it."""

    def find(rgb: Bytes, models: Models) -> Floats | None:
        return looks(matte.model_input(rgb), models)

    return find


def closer(find: Find) -> Find:
    """Look again at the subject's own part of the photo, and lean on the first look."""

    def find_closer(rgb: Bytes, models: Models) -> Floats | None:
        first = find(rgb, models)
        if first is None:
            return None
        wide = matte.resize(first, _WIDE_SIDE_PX, _WIDE_SIDE_PX)
        box = subject_box(wide)
        if box is None:
            return first
        left, top, right, bottom = box
        across, down = rgb.shape[1] / _WIDE_SIDE_PX, rgb.shape[0] / _WIDE_SIDE_PX
        part = rgb[
            int(top * down) : max(int(bottom * down), int(top * down) + 1),
            int(left * across) : max(int(right * across), int(left * across) + 1),
        ]
        second = find(np.ascontiguousarray(part), models)
        if second is None:
            return first
        pasted = np.zeros_like(wide)
        pasted[top:bottom, left:right] = matte.resize(second, right - left, bottom - top)
        joined = (1 - _SECOND_SHARE) * wide + _SECOND_SHARE * pasted
        return levels(joined, _FAINT, 1 - _FAINT)

    return find_closer


def solid(find: Find) -> Find:
    """Drop specks and haze that hang together with nothing, and fill haze inside the subject."""

    def find_solid(rgb: Bytes, models: Models) -> Floats | None:
        found = find(rgb, models)
        return None if found is None else without_haze_inside(without_specks(found))

    return find_solid


def levels(values: Floats, low: np.float32, high: np.float32) -> Floats:
    """Stretch float32 (any shape) so that `low` becomes 0 and `high` 1, cut at both."""
    stretched: Floats = ((values - low) / (high - low)).clip(0, 1)
    return stretched


def subject_box(found: Floats) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what is seen in a matte, with a margin; None for nothing."""
    box = extent(found > _GLIMPSE)
    if box is None:
        return None
    height, width = found.shape
    (top, bottom), (left, right) = ((part.start, part.stop) for part in box)
    aside, above = round((right - left) * _MARGIN), round((bottom - top) * _MARGIN)
    return (
        max(0, left - aside),
        max(0, top - above),
        min(width, right + aside),
        min(height, bottom + above),
    )
