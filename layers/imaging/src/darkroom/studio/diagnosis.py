"""What is wrong with a photo's light, by witnesses; what only one of them shows is left alone.

A cast is believed when two of these agree on it: the brightest of the backdrop, the brightest of
the subject, and both ends of the range; or when the backdrop is a plain bright sheet that leans to
a colour. Exposure is believed of a plain sheet that is grey, and of a photo without any light.
"""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from darkroom.picture import Bytes, Floats
from darkroom.studio.grading import Grade, graded_light
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.tones import encoded, light_of

# How alike two witnesses must be, and from when a lean of colour is one.
_COSINE, _LEAST_CHROMA, _MOST_APART = 0.9, 3.5, 6.0
_BY_WITNESSES, _BY_SHEET = 0.85, 0.90
_SHEET_CHROMA = (3.0, 22.0)
_GAINS = (0.70, 1.45)
_PLAIN_RATIO, _PLAIN_SPREAD = 1.3, 4.0
# CIEDE2000: less is not worth touching colours for, more is for a person to decide.
_LEAST_MOVED, _MOST_MOVED = 2.5, 6.0
# The brightest thousandth of 48 photos as they were taken lies at 0.55 or above.
_DARK = 0.45
_FLAT_RANGE, _CLIPPED_SHARE = 0.55, 0.05
_LUMINANCE = np.array((0.2126, 0.7152, 0.0722))

type Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Correction:
    """What would be done, and how far it moves the subject: mean CIEDE2000."""

    grade: Grade = field(default_factory=Grade)
    moved: float = 0


@dataclass(frozen=True)
class Diagnosis:
    """What was found. `whole` corrects it, `safe` is what of that may be done without asking."""

    whole: Correction = Correction()
    safe: Correction = Correction()
    is_flat: bool = False
    is_clipped: bool = False


def diagnose(seen: Bytes) -> Diagnosis:
    """Look at (h, w, 4) uint8: a small copy of a photo, and the alpha of its subject."""
    light, alpha = light_of(seen[..., :3]), seen[..., 3]
    subject, backdrop = alpha >= 230, alpha <= 12
    clipped = (seen[..., :3] >= 250).all(axis=-1)
    if np.count_nonzero(subject) < 16:
        return Diagnosis()
    sheet = _sheet(light, backdrop)
    gains = _cast(light, subject, backdrop, clipped, sheet)
    stops = _exposure(light, subject, sheet)
    whole, safe = _corrections(light[subject], stops, gains, _is_dark(light))
    low, high = _range(light)
    return Diagnosis(
        whole,
        safe,
        is_flat=high - low < _FLAT_RANGE,
        is_clipped=bool(clipped[subject].mean() > _CLIPPED_SHARE),
    )


def _corrections(
    subject: Floats, stops: float, gains: tuple[float, float, float], is_dark: bool
) -> tuple[Correction, Correction]:
    """All that was found, and what of it is safe, of a subject's light, (n, 3)."""
    before = lab_of(subject)

    def correction(grade: Grade) -> Correction:
        moved = float(difference(before, lab_of(graded_light(subject, grade))).mean())
        return Correction() if moved < _LEAST_MOVED else Correction(grade, moved)

    whole = correction(Grade(stops=stops, gains=gains))
    if whole.moved <= _MOST_MOVED:
        return whole, whole
    if not is_dark:
        return whole, Correction()
    # How far more light moves it says nothing: what is asked is whether the colours are believed.
    are_believed = correction(Grade(gains=gains)).moved <= _MOST_MOVED
    return whole, whole if are_believed else correction(Grade(stops=stops))


def _is_dark(light: Floats) -> bool:
    """Say whether nothing at all is bright in a photo: not a highlight, not a letter."""
    return float(np.percentile(light.max(axis=-1), 99.9)) < _DARK


@dataclass(frozen=True)
class _Sheet:
    """A plain backdrop: its light, (3,), and its brightness."""

    light: Floats
    level: float


def _sheet(light: Floats, backdrop: Mask) -> _Sheet | None:
    """Say whether the backdrop is one plain sheet."""
    if np.count_nonzero(backdrop) < 0.05 * backdrop.size:
        return None
    pixels = light[backdrop]
    levels = pixels @ _LUMINANCE
    low, high = np.percentile(levels, (35, 85))
    colours = lab_of(pixels)[:, 1:]
    spread = np.hypot(*(colours - np.median(colours, axis=0)).T)
    if high > _PLAIN_RATIO * max(low, 1e-4) or np.median(spread) > _PLAIN_SPREAD:
        return None
    return _Sheet(np.median(pixels[levels >= low], axis=0), float(np.median(levels)))


def _cast(
    light: Floats, subject: Mask, backdrop: Mask, clipped: Mask, sheet: _Sheet | None
) -> tuple[float, float, float]:
    """Gains of the three channels that take a believed cast away; (1, 1, 1) for none."""
    # Pixels with some channels clipped still count: without them a warm sheet would be unseen.
    open_ = ~clipped
    if sheet is not None and sheet.level > 0.12:
        chroma = _lean(sheet.light)[1]
        if _SHEET_CHROMA[0] <= chroma <= _SHEET_CHROMA[1]:
            return _gains(sheet.light, _BY_SHEET)
        return (1, 1, 1)
    witnesses = [
        witness
        for witness in (
            _brightest(light, backdrop & open_),
            _brightest(light, subject & open_),
            _ends(light, open_),
        )
        if witness is not None
    ]
    for one, other in combinations(witnesses, 2):
        (lean_1, chroma_1), (lean_2, chroma_2) = _lean(one), _lean(other)
        if min(chroma_1, chroma_2) <= _LEAST_CHROMA:
            continue
        cosine = float(lean_1 @ lean_2) / (chroma_1 * chroma_2)
        if cosine > _COSINE and float(np.hypot(*(lean_1 - lean_2))) < _MOST_APART:
            return _gains(one if chroma_1 < chroma_2 else other, _BY_WITNESSES)
    return (1, 1, 1)


def _brightest(light: Floats, where: Mask) -> Floats | None:
    """The mean light of the brightest twentieth."""
    if np.count_nonzero(where) < 64:
        return None
    pixels = light[where]
    levels = pixels @ _LUMINANCE
    found: Floats = pixels[levels >= np.percentile(levels, 95)].mean(axis=0)
    return found


def _ends(light: Floats, where: Mask) -> Floats | None:
    """The brightest light, where the darkest leans to the same colour."""
    pixels = light[where]
    if len(pixels) < 64:
        return None
    levels = pixels @ _LUMINANCE
    low, high = np.percentile(levels, (3, 98))
    bright, dark = pixels[levels >= high].mean(axis=0), pixels[levels <= low].mean(axis=0)
    (lean_1, chroma_1), (lean_2, chroma_2) = _lean(bright), _lean(dark)
    if min(chroma_1, chroma_2) < 1 or lean_1 @ lean_2 < _COSINE * chroma_1 * chroma_2:
        return None
    return np.asarray(bright, np.float32)


def _lean(light: Floats) -> tuple[np.ndarray, float]:
    """To which colour a light leans, as a*, b*, and how much."""
    lean = lab_of(light)[1:]
    return lean, float(np.hypot(*lean))


def _gains(light: Floats, share: float) -> tuple[float, float, float]:
    level = float(light @ _LUMINANCE)
    full = (level / np.maximum(light, 1e-4)) ** share
    red, green, blue = (float(gain) for gain in full.clip(*_GAINS))
    return red, green, blue


def _exposure(light: Floats, subject: Mask, sheet: _Sheet | None) -> float:
    """How many stops a photo lacks; 0 where nothing shows that it lacks any."""
    low, high = _range(light)
    # Fog and underexposure look alike: in fog not even the darkest is dark.
    if low > 0.19 and (high > 0.72 or sheet is None):
        return 0
    levels = light.max(axis=-1)
    brightest = float(np.percentile(levels[subject], 99))
    is_white = sheet is not None and _lean(sheet.light)[1] <= _SHEET_CHROMA[1]
    if sheet is not None and is_white and 0.12 <= sheet.level <= 0.80 and brightest < 0.80:
        return float(np.clip(0.92 * np.log2(0.93 / sheet.level), 0, 2.3))
    top = float(np.percentile(levels, 99.3))
    if top < 0.42:
        return float(np.clip(0.85 * np.log2(0.62 / max(top, 1e-3)), 0, 1.8))
    return 0


def _range(light: Floats) -> tuple[float, float]:
    """Where a photo's tones begin and end, sRGB 0-1."""
    low, high = np.percentile(light @ _LUMINANCE, (1, 99.3))
    return float(encoded(low)), float(encoded(high))
