"""How a picture lies on the canvas of whom it is for, and what of it could not be kept."""

from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from darkroom.compose import WHITE
from darkroom.picture import FAINT, Bytes, Colour, Picture
from darkroom.regions import extent
from darkroom.studio.canvas import frame
from photo_steps.exports import Size, Target, Told
from photo_steps.scenes import InScene
from photo_steps.studio import Frame

# How full a canvas becomes by a subject that never lay on one.
_FILL_PERCENT = 85
_LEAST_PERCENT = 5
# A finished picture whose whole rim is at least so light stands on white.
_NEARLY_WHITE = 245


@dataclass(frozen=True)
class Look:
    """What files of one picture have in common, but for their size: they are composed once."""

    ratio: tuple[int, int] | None
    on_white: bool
    fill_percent: int | None

    @classmethod
    def of(cls, target: Target) -> "Look":
        """The look of a target's file."""
        size, place = target.canvas_px, target.place
        ratio = None
        if size is not None:
            common = gcd(*size)
            ratio = (size[0] // common, size[1] // common)
        if place is None:
            return cls(ratio, on_white=False, fill_percent=None)
        return cls(ratio, place.background == "white", place.fill_percent)


@dataclass(frozen=True)
class Placed:
    """A picture on its canvas: `enlarged` is by how much its pixels grew."""

    picture: Picture
    enlarged: float
    told: tuple[Told, ...] = ()


def placed(
    picture: Picture, look: Look, size: Size | None, composition: Frame | None = None
) -> Placed:
    """Lay a picture on a canvas of that size; without one it stays as it is.

    `composition` is how it would have been laid on a canvas of its own, and was not; without it,
    that is seen from the picture.

    The subject of an unpacked picture (one with alpha) is sized by its visible box, on white alone
    where the look is on white. A finished picture is cut down to what is not white and laid on
    white, if its rim is white; else it is shown whole, between bars of the colour of its rim.
    """
    if size is None:
        return Placed(picture, 1.0)
    if picture.alpha is None:
        return _finished(picture, look, size)
    told = []
    if look.on_white:
        if picture.shadow is not None and picture.shadow.type != "none":
            told.append(Told(code="shadow_left_out"))
        if picture.backdrop not in (None, WHITE):
            told.append(Told(code="background_replaced"))
        picture = replace(picture, backdrop=WHITE, shadow=None)
    return _framed(picture, _as_composed(picture, look, size, composition), told)


def _as_composed(picture: Picture, look: Look, size: Size, composition: Frame | None) -> Frame:
    """How full the canvas shall be and where the subject stands: as it did, if it stood before."""
    composition = composition or _seen(picture)
    fill = look.fill_percent or composition.fill_percent
    if look.on_white:
        return Frame(width=size[0], height=size[1], fill_percent=fill)
    told = {"width": size[0], "height": size[1], "fill_percent": fill, "aspect_ratio": None}
    return Frame.model_validate(composition.model_dump() | told)


def _seen(picture: Picture) -> Frame:
    """How a picture was composed, as far as that can be seen."""
    box = extent(picture.cover >= FAINT)
    if box is None or picture.cut_at is None:
        return Frame(fill_percent=_FILL_PERCENT)
    sides = zip(box, picture.cover.shape, strict=True)
    fill = max(round(100 * (part.stop - part.start) / side) for part, side in sides)
    base = None
    if isinstance(picture.backdrop, InScene):
        base = max(_LEAST_PERCENT, round(100 * box[0].stop / picture.height))
    return Frame(fill_percent=max(_LEAST_PERCENT, fill), base_percent=base)


def _finished(picture: Picture, look: Look, size: Size) -> Placed:
    rim = _rim(picture.rgb)
    if int(rim.min()) >= _NEARLY_WHITE:
        box = extent((picture.rgb < _NEARLY_WHITE).any(axis=-1))
        if box is not None:
            fill = look.fill_percent or _FILL_PERCENT
            wanted = Frame(width=size[0], height=size[1], fill_percent=fill)
            return _framed(_alone(picture, picture.rgb[box], WHITE), wanted, [])
    behind = tuple(int(level) for level in np.median(rim, axis=0))
    told = [Told(code="background_kept")] if look.on_white else []
    if picture.width * size[1] != picture.height * size[0]:
        told.append(Told(code="padded"))
    whole = Frame(width=size[0], height=size[1], fill_percent=100)
    return _framed(_alone(picture, picture.rgb, (behind[0], behind[1], behind[2])), whole, told)


def _alone(picture: Picture, rgb: Bytes, backdrop: Colour) -> Picture:
    # No edge cuts what is finished: it is laid in the middle.
    return replace(picture, rgb=rgb, backdrop=backdrop, cut_at=frozenset())


def _rim(rgb: Bytes) -> Bytes:
    """The outermost pixels: (n, 3) uint8."""
    return np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]])


def _framed(picture: Picture, wanted: Frame, told: list[Told]) -> Placed:
    before, lain = extent(picture.cover >= FAINT), frame(picture, wanted)
    after = extent(lain.cover >= FAINT)
    enlarged = 1.0
    if before is None or after is None:
        told.append(Told(code="no_subject"))
    else:
        sides = [
            (new.stop - new.start, old.stop - old.start)
            for new, old in zip(after, before, strict=True)
        ]
        new, old = max(sides)
        enlarged = new / old
    return Placed(lain, enlarged, tuple(told))
