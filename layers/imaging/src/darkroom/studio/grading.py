"""One pass of light over a subject: a table of tones, a matrix of colours, and a soft relight.

Tones act on a norm near the strongest channel and scale all three alike: by luminance alone,
saturated colours would clip and turn pale. All of it happens in linear light.
"""

from dataclasses import dataclass, replace

import numpy as np

from darkroom.picture import FAINT, Floats, Picture, strips
from darkroom.regions import extent
from darkroom.studio.detail import Detail, norm_of
from darkroom.studio.relight import relight
from darkroom.studio.tones import encoded, light_of, rounded_levels_of

_LUMINANCE = np.array((0.2126, 0.7152, 0.0722), np.float32)
_STEPS = 4096
_SHOULDER = 0.8
_PIVOT = 0.18
_WARM = np.array((0.16, 0.0, -0.24))
_WARM_LOSS = np.array((0.0, 0.01, 0.0))


@dataclass(frozen=True)
class Grade:
    """What is done to a subject's light; all zero changes nothing.

    `stops` are of exposure, `contrast` and `lift` (of the shadows) about -1 to 1, `warmth` -1 to 1,
    `saturation` and `detail` a share more or less, `gains` of the three channels. A `key` light
    from `side` (-1 left) and `up` (1 above) models the subject with `strength`, and tints it.
    """

    stops: float = 0
    contrast: float = 0
    lift: float = 0
    warmth: float = 0
    saturation: float = 0
    gains: tuple[float, float, float] = (1, 1, 1)
    side: float = 0
    up: float = 0
    strength: float = 0
    detail: float = 0
    key: tuple[float, float, float] = (1, 1, 1)


_NONE = Grade()


def graded(picture: Picture, grade: Grade) -> Picture:
    """Change the light on the subject; its alpha and whatever is behind it stay as they are."""
    box = extent(picture.cover >= FAINT)
    if grade == _NONE or box is None:
        return picture
    rgb = picture.rgb.copy()
    part = rgb[box]
    gain = relight(picture.cover[box], grade.side, grade.up, grade.strength)
    table, matrix = tone_table(grade), colour_matrix(grade)
    detail = Detail.of(part, picture.cover[box], grade.detail)
    for top, bottom in strips(*part.shape[:2]):
        light = light_of(part[top:bottom])
        norm = norm_of(light)
        factor = _looked_up(table, norm)
        for changed in (gain(top, bottom), detail.rows(norm, top, bottom)):
            if changed is not None:
                factor *= changed
        light *= factor[..., None]
        part[top:bottom] = rounded_levels_of(_unclipped(light @ matrix))
    return replace(picture, rgb=rgb, is_grey=False)


def graded_light(light: Floats, grade: Grade) -> Floats:
    """The same for (..., 3) float32 linear light, without the relight."""
    scaled: Floats = light * _looked_up(tone_table(grade), norm_of(light))[..., None]
    return _unclipped(scaled @ colour_matrix(grade))


def tone_table(grade: Grade) -> Floats:
    """By which factor a norm of 0 to 1 is scaled: (4096,) float32."""
    norm = np.linspace(0, 1, _STEPS)
    norm[0] = 0.5 / _STEPS
    tones = encoded(_exposed(norm, grade.stops))
    tones = tones + 0.30 * grade.lift * 4.2 * tones * (1 - tones) ** 3
    tones = _contrasted(tones, grade.contrast)
    light = np.where(tones <= 0.04045, tones / 12.92, ((tones + 0.055) / 1.055) ** 2.4)
    return np.asarray(light / norm, np.float32)


def colour_matrix(grade: Grade) -> Floats:
    """What (..., 3) linear light is multiplied by from the right: (3, 3) float32."""
    warm = 1 + _WARM * grade.warmth - _WARM_LOSS * abs(grade.warmth)
    key = 1 + (np.array(grade.key) - 1) * grade.strength
    gains = warm * key * np.array(grade.gains)
    gains = gains / (gains @ _LUMINANCE)
    saturated = np.eye(3) * (1 + grade.saturation) - grade.saturation * _LUMINANCE[:, None]
    return np.asarray(np.diag(gains) @ saturated, np.float32)


def _exposed(norm: np.ndarray, stops: float) -> np.ndarray:
    """Expose; what would clip is bent under 1 from the shoulder on, with an unbroken slope."""
    light = norm * 2**stops
    if stops <= 0:
        return light
    room, over = 1 - _SHOULDER, 2**stops - _SHOULDER
    bend = (over / room - 1) / over
    above = np.maximum(light - _SHOULDER, 0)
    return np.where(light > _SHOULDER, _SHOULDER + above / (1 + bend * above), light)


def _contrasted(tones: np.ndarray, contrast: float) -> np.ndarray:
    pivot = float(encoded(np.array(_PIVOT)))
    slope = 2 ** (0.9 * contrast)
    reach = np.where(tones < pivot, pivot, 1 - pivot)
    away = np.abs(tones - pivot) / reach
    further = slope * away / (1 + (slope - 1) * away)
    return pivot + np.sign(tones - pivot) * further * reach


def _looked_up(table: Floats, norm: Floats) -> Floats:
    return table[(norm * np.float32(_STEPS - 1) + np.float32(0.5)).astype(np.uint16)]


def _unclipped(light: Floats) -> Floats:
    """Darken what is brighter than white until its strongest channel fits: the hue stays."""
    over = light.max(axis=-1)
    if float(over.max(initial=0)) > 1:
        light /= np.maximum(over, 1)[..., None]
    return light
