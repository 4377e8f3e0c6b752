"""Change the light on the subject."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from darkroom.studio.diagnosis import Correction, diagnose
from darkroom.studio.grading import graded
from darkroom.studio.presets import by_hand, by_name
from darkroom.studio.seeing import visible
from photo_steps.studio import Light


@operation(Light)
def light(picture: Picture, told: Light) -> Picture:
    """Light the subject by hand, by name, or as far as the photo itself shows what it lacks."""
    if told.mode == "auto":
        return _automatic(picture)
    if told.preset is None:
        return graded(picture, by_hand(told))
    grade = by_name(told.preset, picture)
    return replace(graded(picture, grade), lit_from=round(grade.side * 100))


def _automatic(picture: Picture) -> Picture:
    """Correct what may be corrected; say what was found, and what only a person may decide."""
    found = diagnose(visible(picture) if picture.seen is None else picture.seen)
    if found.is_flat:
        picture = picture.remarked("light_low_contrast")
    if found.is_clipped:
        picture = picture.remarked("light_overexposed")
    if found.whole == Correction():
        return picture.remarked("light_unchanged")
    if found.safe != Correction():
        picture = graded(picture, found.safe.grade)
        picture = picture.remarked("light_corrected", **_as_told(found.safe))
    if found.safe != found.whole:
        picture = picture.remarked("light_offered", **_as_told(found.whole))
    return picture


def _as_told(made: Correction) -> dict[str, int]:
    """The nearest that a person can tell of the photo by hand, and how far it moves the subject."""
    red, _, blue = made.grade.gains
    ratio = red / blue
    return {
        "brightness": max(-100, min(100, round(made.grade.stops / 1.5 * 100))),
        "warmth": max(-100, min(100, round(100 * (ratio - 1) / (0.16 + 0.24 * ratio)))),
        "differenceTenths": round(made.moved * 10),
    }
