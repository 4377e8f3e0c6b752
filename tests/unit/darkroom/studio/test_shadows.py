"""Shadows of shapes: where they fall, how dark, and what they leave alone."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

from darkroom.compose import WHITE, composed, lay_on
from darkroom.picture import Bytes, Colour, Picture
from darkroom.steps.shadow import shadow
from darkroom.studio.ground import ground
from photo_steps.studio import Shadow
from tests.unit.darkroom.studio import shapes

SHAPES = {
    "box": shapes.box_from_its_corner(),
    "cylinder": shapes.cylinder(),
    "feet": shapes.two_feet(),
    "tilted": shapes.tilted_base(),
    "lamp": shapes.lamp(),
}
TYPES: tuple[Literal["natural", "drop", "reflection"], ...] = ("natural", "drop", "reflection")


def laid(alpha: Bytes, backdrop: Colour | None = WHITE, **told: Any) -> Picture:
    subject = replace(shapes.picture(alpha), backdrop=backdrop)
    return composed(shadow(subject, Shadow(**told)))


def darkness(alpha: Bytes, **told: Any) -> np.ndarray:
    """What is missing to white, 0-1, where the subject is not."""
    rgb = laid(alpha, **told).rgb.astype(np.float32)
    return np.where(alpha == 0, 1 - rgb.mean(axis=-1) / 255, 0)


@pytest.mark.parametrize("name", SHAPES)
def test_a_natural_shadow_grounds_what_stands(name: str) -> None:
    """Complaint 1: products float. A band of 1 % of the height below the contact is dark."""
    alpha = SHAPES[name]
    dark = darkness(alpha, type="natural", opacity=40)
    base = ground(alpha)
    assert base is not None
    band = max(2, round(base.height * 0.01))
    below = []
    for column in np.flatnonzero(base.contact > 0.8):
        foot = np.flatnonzero(alpha[:, column])[-1] + 1
        below.append(dark[foot : foot + band, column].mean())
        # No gap: the first pixel under the foot is dark.
        assert dark[foot, column] > 0.2
    assert np.mean(below) >= 0.25


@pytest.mark.parametrize(("angle", "right", "near"), [(90, 1, 0), (270, -1, 0), (180, 0, 1)])
def test_a_natural_shadow_falls_where_its_angle_says(angle: int, right: int, near: int) -> None:
    alpha = shapes.block(np.s_[100:250], np.s_[170:230])
    dark = darkness(alpha, type="natural", angle=angle, distance=60, blur=20)
    down, across = np.mgrid[:400, :400]
    middle = float((across * dark).sum() / dark.sum()) - 199.5
    assert np.sign(round(middle / 4)) == right
    if near:
        assert float((down * dark).sum() / dark.sum()) > 250


def test_the_lower_the_light_the_longer_the_shadow() -> None:
    alpha = shapes.block(np.s_[100:250], np.s_[170:230])
    reach = [
        np.flatnonzero(
            (darkness(alpha, type="natural", angle=180, distance=far) > 0.15).any(axis=1)
        )[-1]
        for far in (0, 30, 60, 100)
    ]
    assert reach == sorted(set(reach))


def test_the_edge_of_a_shadow_softens_with_the_distance() -> None:
    alpha = shapes.block(np.s_[60:200], np.s_[100:300])
    dark = darkness(alpha, type="natural", angle=180, distance=100, blur=50)

    def softness(row: int) -> int:
        line = dark[row, :200]
        return int(((line > 0.25 * line[199]) & (line < 0.75 * line[199])).sum())

    assert softness(206) < softness(226) < softness(246)


@pytest.mark.parametrize("kind", TYPES)
def test_the_product_is_not_touched(kind: Any) -> None:
    """Complaint 3: pixels of the subject are those that it had."""
    alpha = shapes.cylinder()
    rgb = np.random.default_rng(4).integers(0, 256, (*alpha.shape, 3)).astype(np.uint8)
    out = composed(shadow(Picture(rgb, alpha, WHITE), Shadow(type=kind)))
    solid = alpha >= 250
    assert (out.rgb[solid] == rgb[solid]).all()


@pytest.mark.parametrize("kind", TYPES)
def test_without_opacity_there_is_no_shadow(kind: Any) -> None:
    alpha = shapes.cylinder()
    subject = shapes.picture(alpha)
    out = laid(alpha, type=kind, opacity=0)
    assert (out.rgb == lay_on(subject.rgb, alpha, WHITE)).all()
    assert (laid(alpha, type="none").rgb == out.rgb).all()


@pytest.mark.parametrize("kind", TYPES)
def test_far_from_the_subject_white_stays_pure(kind: Any) -> None:
    alpha = shapes.block(np.s_[180:230], np.s_[180:220])
    out = laid(alpha, type=kind)
    assert (out.rgb[:60] == 255).all()
    assert (out.rgb[-60:] == 255).all()


def test_a_drop_shadow_is_moved_by_its_distance_at_a_thousand_pixels() -> None:
    # 400 px: 100 becomes 40 px, to the right.
    alpha = shapes.block(np.s_[150:250], np.s_[100:200])
    dark = darkness(alpha, type="drop", angle=90, distance=100, blur=0, opacity=100)
    row = dark[200]
    assert row[215:235].min() > 0.8
    assert row[245:].max() < 0.05
    # The room's part goes 35 % as far: 14 px.
    assert row[205] > row[225]


def test_blur_and_distance_are_those_of_the_same_picture_at_any_size() -> None:
    small = shapes.block(np.s_[150:250], np.s_[100:200])
    large = np.repeat(np.repeat(small, 3, axis=0), 3, axis=1)
    for kind in TYPES:
        one = laid(small, type=kind, distance=40).rgb.astype(int)
        other = laid(large, type=kind, distance=40).rgb.astype(int)
        means = other.reshape(400, 3, 400, 3, 3).mean(axis=(1, 3))
        assert np.abs(means - one).mean() < 0.8


def test_a_reflection_mirrors_each_column_about_its_ground() -> None:
    alpha = shapes.block(np.s_[100:300], np.s_[150:250])
    rgb = np.zeros((*alpha.shape, 3), np.uint8)
    rgb[290:300] = (250, 0, 0)
    rgb[270:290] = (0, 250, 0)
    out = composed(
        shadow(Picture(rgb, alpha, WHITE), Shadow(type="reflection", opacity=100, blur=0))
    )
    # Just below the ground the lowest rows again, then those above them.
    assert out.rgb[304, 200, 0] > 1.5 * out.rgb[304, 200, 1]
    assert out.rgb[316, 200, 1] > 1.2 * out.rgb[316, 200, 0]
    # After 42 % of the height nothing is left.
    assert (out.rgb[386:, 200] == 255).all()


@pytest.mark.parametrize("kind", TYPES)
def test_a_shadow_on_nothing_is_in_the_alpha(kind: Any) -> None:
    alpha = shapes.cylinder()
    clear = laid(alpha, None, type=kind)
    assert clear.alpha is not None
    assert (clear.alpha[alpha == 255] == 255).all()
    assert clear.alpha[alpha == 0].max() > 60
    # Laid on white afterwards it is what it would have been there.
    later = lay_on(clear.rgb, clear.alpha, WHITE).astype(int)
    assert np.abs(later - laid(alpha, type=kind).rgb).max() <= 3


def test_the_colour_of_a_shadow() -> None:
    alpha = shapes.block(np.s_[100:300], np.s_[150:250])
    out = laid(alpha, None, type="drop", colour="#204080", opacity=80)
    assert out.alpha is not None
    under = (alpha == 0) & (out.alpha > 100)
    assert (out.rgb[under] == (0x20, 0x40, 0x80)).all()


@pytest.mark.parametrize("kind", ["natural", "reflection"])
def test_a_torso_throws_a_drop_shadow_and_that_is_said(kind: Any) -> None:
    alpha = shapes.block(np.s_[200:400], np.s_[100:300])
    subject = replace(shapes.picture(alpha), backdrop=WHITE)
    told = shadow(subject, Shadow(type=kind))
    assert told.shadow is not None
    assert told.shadow.type == "drop"
    assert [remark.code for remark in told.remarks] == ["shadow_replaced"]
    assert shadow(subject, Shadow(type="drop")).remarks == ()


def test_a_flat_thing_has_a_small_even_shadow_on_all_sides() -> None:
    alpha = shapes.block(np.s_[150:250], np.s_[120:280])
    dark = darkness(alpha, type="natural", pose="lying")
    for beside in (dark[147, 200], dark[252, 200], dark[200, 117], dark[200, 282]):
        assert beside > 0.05
    assert dark[:100].max() < 0.02


def test_glass_throws_half_the_shadow() -> None:
    solid = shapes.cylinder()
    glass = (solid // 2).astype(np.uint8)
    of_solid = darkness(solid, type="natural", distance=60, angle=180)
    rgb = laid(glass, type="natural", distance=60, angle=180).rgb.astype(np.float32)
    of_glass = 1 - rgb.mean(axis=-1) / 255
    assert of_glass[320:340, 150:250].mean() == pytest.approx(
        of_solid[320:340, 150:250].mean() / 2, rel=0.25
    )


ENDS = [
    {"opacity": 100, "blur": 100, "angle": 360, "distance": 100},
    {"opacity": 0, "blur": 0, "angle": 0, "distance": 0},
    {"opacity": 100, "blur": 0, "angle": 90, "distance": 100},
]


@pytest.mark.parametrize("told", ENDS)
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("pose", ["standing", "lying"])
def test_odd_mattes_throw_whatever_they_can(kind: Any, pose: Any, told: dict[str, int]) -> None:
    one = np.zeros((64, 1280), np.uint8)
    one[63, 5] = 255
    middle = np.zeros((64, 64), np.uint8)
    middle[30, 30] = 255
    mattes = (
        np.zeros((64, 64), np.uint8),
        np.full((64, 64), 255, np.uint8),
        one,
        one.T,
        middle,
    )
    for alpha in mattes:
        for backdrop in (WHITE, None):
            out = laid(alpha, backdrop, type=kind, pose=pose, **told)
            assert out.rgb.shape == (*alpha.shape, 3)
            if backdrop and not alpha.any():
                assert (out.rgb == 255).all()
