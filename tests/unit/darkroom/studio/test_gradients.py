"""Gradients: mixed as light, dithered, pure where they must be."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from darkroom.compose import composed
from darkroom.picture import Bytes
from darkroom.steps.on_gradient import on_gradient
from darkroom.studio.gradients import Gradient
from photo_steps.studio import OnGradient, Stop
from tests.unit.darkroom.studio import shapes


def told(*colours: str, **more: Any) -> OnGradient:
    places = np.linspace(0, 100, len(colours)).astype(int).tolist()
    stops = tuple(Stop(colour=c, at=at) for c, at in zip(colours, places, strict=True))
    return OnGradient(**{"type": "linear", "stops": stops, **more})


def painted(gradient: OnGradient, width: int = 101, height: int = 101) -> Bytes:
    return Gradient(gradient, width, height).rows(0, height)


def test_red_to_green_is_mixed_as_light_and_not_as_mud() -> None:
    middle = painted(told("#ff0000", "#00ff00"))[50].astype(float).mean(axis=0)
    # Half the light of either is level 188, not 128.
    assert middle == pytest.approx((188, 188, 0), abs=2)


@pytest.mark.parametrize(
    ("angle", "start", "end"),
    [
        (180, (0, 50), (100, 50)),
        (0, (100, 50), (0, 50)),
        (90, (50, 0), (50, 100)),
        (135, (0, 0), (100, 100)),
    ],
)
def test_an_angle_says_where_a_gradient_goes(
    angle: int, start: tuple[int, int], end: tuple[int, int]
) -> None:
    rgb = painted(told("#000000", "#ffffff", angle=angle))
    assert rgb[start].max() < 30
    assert rgb[end].min() > 230


def test_a_radial_one_starts_at_its_centre_and_ends_at_its_radius() -> None:
    rgb = painted(told("#ffffff", "#000000", type="radial", centre=(25, 50), radius=50))
    assert rgb[50, 25].min() > 240
    assert rgb[50, 80].max() < 20
    assert rgb[:, 25].mean() > rgb[:, 75].mean()


def test_every_stop_has_its_place() -> None:
    stops = (
        Stop(colour="#000000", at=0),
        Stop(colour="#ffffff", at=20),
        Stop(colour="#ff0000", at=100),
    )
    rgb = painted(OnGradient(type="linear", stops=stops))
    assert rgb[20, 50].min() > 220
    assert rgb[99, 50, 0] > 240
    assert rgb[99, 50, 1] < 40


@pytest.mark.parametrize(
    "told_",
    [
        {"type": "linear", "stops": [{"colour": "#fff000", "at": 0}]},
        {"type": "linear", "stops": [{"colour": "#fff000", "at": n} for n in range(9)]},
        {"type": "linear", "stops": [{"colour": "#fff000", "at": n} for n in (50, 40)]},
        {"type": "linear", "stops": [{"colour": "red", "at": n} for n in (0, 40)]},
        {"type": "conic", "stops": [{"colour": "#fff000", "at": n} for n in (0, 40)]},
    ],
)
def test_a_gradient_that_cannot_be_is_refused(told_: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OnGradient.model_validate(told_)


def test_a_faint_gradient_has_no_bands_and_the_right_mean() -> None:
    rgb = Gradient(told("#f6f5f3", "#e9e4dc", angle=90), 1200, 40).rows(0, 40)
    row = rgb[7, :, 0].astype(int)
    runs = np.diff(np.flatnonzero(np.diff(row, prepend=-1, append=-1)))
    assert runs.max() < 25
    means = rgb[..., 0].mean(axis=0)
    smooth = np.convolve(means, np.ones(60) / 60, "valid")
    wanted = np.interp(np.arange(1200), [0, 1199], [246, 233])
    assert np.abs(smooth - np.convolve(wanted, np.ones(60) / 60, "valid")).max() < 0.7


def test_pure_white_is_never_dithered() -> None:
    assert (painted(told("#ffffff", "#ffffff")) == 255).all()


def test_strips_fit_together_and_the_same_is_the_same() -> None:
    gradient = Gradient(told("#204060", "#e0d0c0"), 300, 200)
    whole = gradient.rows(0, 200)
    assert (np.vstack([gradient.rows(0, 77), gradient.rows(77, 200)]) == whole).all()
    assert (Gradient(told("#204060", "#e0d0c0"), 300, 200).rows(0, 200) == whole).all()


def test_a_subject_lies_before_it_untouched() -> None:
    subject = shapes.picture(shapes.cylinder())
    out = composed(on_gradient(subject, told("#204060", "#e0d0c0")))
    assert out.alpha is None
    assert (out.rgb[subject.cover == 255] == (200, 60, 30)).all()
    assert (out.rgb[0] != out.rgb[-1]).any()
