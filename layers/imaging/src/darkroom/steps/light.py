"""Change the light on the subject."""

from dataclasses import replace

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from darkroom.studio.diagnosis import Diagnosis, diagnose
from darkroom.studio.grading import Grade, graded
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
    if found.grade == Grade():
        return picture.remarked("light_unchanged")
    if not found.is_safe:
        return picture.remarked("light_offered", **_as_told(found))
    return graded(picture, found.grade).remarked("light_corrected", **_as_told(found))


def _as_told(found: Diagnosis) -> dict[str, int]:
    """The nearest that a person can tell by hand, and how far it moves the subject."""
    red, _, blue = found.grade.gains
    ratio = red / blue
    return {
        "brightness": max(-100, min(100, round(found.grade.stops / 1.5 * 100))),
        "warmth": max(-100, min(100, round(100 * (ratio - 1) / (0.16 + 0.24 * ratio)))),
        "differenceTenths": round(found.moved * 10),
    }
