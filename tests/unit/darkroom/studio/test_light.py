"""Light on the subject: values by hand, and what must not change."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError
from skimage.color import deltaE_ciede2000, rgb2lab

from darkroom.compose import WHITE
from darkroom.picture import Bytes, Picture
from darkroom.steps.light import light
from darkroom.studio.diagnosis import Correction, diagnose
from darkroom.studio.grading import Grade, colour_matrix, graded, tone_table
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.presets import PRESETS
from darkroom.studio.rendering import resolved
from darkroom.studio.tones import light_of, rounded_levels_of
from photo_steps.studio import Light, LightPreset, Shadow
from tests.unit.darkroom.studio import shapes

NAMES: tuple[LightPreset, ...] = get_args(LightPreset.__value__)
COLOURS = np.random.default_rng(5).integers(0, 256, (400, 400, 3)).astype(np.uint8)


def subject(alpha: Bytes | None = None) -> Picture:
    return Picture(COLOURS, shapes.cylinder() if alpha is None else alpha, WHITE)


def by_hand(colour: tuple[int, int, int], **told: int) -> list[int]:
    done = light(shapes.picture(shapes.cylinder(), colour), Light(mode="manual", **told))
    return [int(level) for level in done.rgb[200, 200]]


@pytest.mark.parametrize(
    "told",
    [
        {"mode": "preset"},
        {"mode": "manual", "preset": "studio"},
        {"mode": "auto", "warmth": 3},
        {"mode": "manual", "brightness": 101},
        {"mode": "preset", "preset": "sunny"},
    ],
)
def test_a_light_that_says_too_little_or_too_much_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Light(**told)


def test_zero_is_no_step_at_all() -> None:
    before = subject()
    assert light(before, Light(mode="manual")) is before


def test_brightness_of_a_hundred_is_one_and_a_half_stops() -> None:
    # 0.0513 linear (64) times 2.83 is 0.145: 106.
    assert by_hand((64, 64, 64), brightness=100) == [106, 106, 106]
    assert by_hand((106, 106, 106), brightness=-100) == [64, 64, 64]


def test_contrast_leaves_middle_grey_and_parts_what_lies_beside() -> None:
    assert by_hand((118, 118, 118), contrast=100) == [118, 118, 118]
    (dark,), (bright,) = (set(by_hand((level,) * 3, contrast=50)) for level in (80, 160))
    assert dark < 75
    assert bright > 165
    assert by_hand((0, 0, 0), contrast=100) == [0, 0, 0]
    assert by_hand((255, 255, 255), contrast=100) == [255, 255, 255]


def test_warmth_turns_grey_to_orange_at_the_same_luminance() -> None:
    red, green, blue = by_hand((128, 128, 128), warmth=100)
    assert red > green > blue
    before, after = (
        float(light_of(np.array(rgb, np.uint8)) @ (0.2126, 0.7152, 0.0722))
        for rgb in ((128, 128, 128), (red, green, blue))
    )
    assert after == pytest.approx(before, rel=0.02)


@pytest.mark.parametrize("brightness", [10, 50, 100])
def test_highlights_bend_and_do_not_clip_anew(brightness: int) -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    picture = Picture(np.repeat(ramp, 10, axis=0), np.full((10, 256), 255, np.uint8))
    done = light(picture, Light(mode="manual", brightness=brightness)).rgb[5, :, 0].astype(int)
    assert (np.diff(done) >= 0).all()
    table = tone_table(Grade(stops=1.5 * brightness / 100)) * np.linspace(0, 1, 4096)
    assert (np.diff(table) > 0).all()
    assert table[-1] == pytest.approx(1)


def test_strong_colours_keep_their_hue_when_brightened() -> None:
    orange = np.array((240, 120, 10), np.uint8)
    after = np.array(by_hand((240, 120, 10), brightness=60), np.uint8)
    one, other = (lab_of(light_of(rgb)) for rgb in (orange, after))
    turned = np.degrees(np.arctan2(one[2], one[1]) - np.arctan2(other[2], other[1]))
    assert abs(turned) < 4


def test_the_table_and_the_matrix_of_nothing_change_nothing() -> None:
    norm = np.linspace(0, 1, 4096)[1:]
    assert tone_table(Grade())[1:] * norm == pytest.approx(norm, abs=1e-6)
    assert colour_matrix(Grade()) == pytest.approx(np.eye(3))


def test_saturation_keeps_luminance() -> None:
    weights = np.array((0.2126, 0.7152, 0.0722))
    assert colour_matrix(Grade(saturation=0.4)) @ weights == pytest.approx(weights)


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_changes_the_subject_alone(name: LightPreset) -> None:
    """Complaint 9: the shadow and the backdrop stay as they were."""
    before = replace(subject(), shadow=Shadow(type="natural"))
    after = light(before, Light(mode="preset", preset=name))
    assert (after.alpha is before.alpha, after.backdrop, after.shadow) == (
        True,
        WHITE,
        before.shadow,
    )
    assert (after.rgb[:100] == before.rgb[:100]).all()
    assert (after.rgb[200, 150:250] != before.rgb[200, 150:250]).any()


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_keeps_the_texture(name: LightPreset) -> None:
    """Complaint 11: detail stays, in proportion to the tone that it lies on."""
    rng = np.random.default_rng(3)
    grey = (118 + rng.normal(0, 12, (400, 400, 1)).repeat(3, axis=2)).astype(np.uint8)
    alpha = shapes.block(np.s_[100:300], np.s_[100:300])
    after = graded(Picture(grey, alpha), PRESETS[name]).rgb[..., 0].astype(float)
    where = np.s_[110:290, 110:290]

    def contrast(tones: np.ndarray) -> float:
        return float(np.abs(np.diff(tones[where], axis=1)).mean() / tones[where].mean())

    assert contrast(after) >= 0.95 * contrast(grey[..., 0].astype(float))


@pytest.mark.parametrize("name", NAMES)
def test_hue_stays_within_a_presets_own_warmth(name: LightPreset) -> None:
    colours = np.array([(200, 60, 30), (40, 120, 60), (30, 60, 190)], np.uint8)
    for colour in colours:
        done = light(
            shapes.picture(shapes.cylinder(), (int(colour[0]), int(colour[1]), int(colour[2]))),
            Light(mode="preset", preset=name),
        )
        one, other = lab_of(light_of(colour)), lab_of(light_of(done.rgb[200, 200]))
        turned = np.degrees(np.arctan2(one[2], one[1]) - np.arctan2(other[2], other[1]))
        assert abs((turned + 180) % 360 - 180) < 8


def test_dramatic_light_comes_from_the_left_and_moody_from_the_right() -> None:
    before = shapes.picture(shapes.cylinder(), (120, 120, 120))
    for name, sign in (("dramatic", 1), ("moody", -1)):
        row = light(before, Light.model_validate({"mode": "preset", "preset": name})).rgb[200]
        left, right = int(row[150, 1]), int(row[250, 1])
        assert np.sign(left - right) == sign


@pytest.mark.parametrize("name", NAMES)
def test_a_shadow_falls_away_from_the_presets_light(name: LightPreset) -> None:
    lit = light(subject(), Light(mode="preset", preset=name))
    assert lit.lit_from is not None
    right, _ = resolved(Shadow(type="natural"), lit).way
    assert right * lit.lit_from <= 0
    assert resolved(Shadow(type="natural", angle=77), lit).angle == 77


def test_differences_are_those_of_another_program() -> None:
    one, other = COLOURS[:50], COLOURS[50:100]
    theirs = deltaE_ciede2000(rgb2lab(one), rgb2lab(other))  # type: ignore[no-untyped-call]
    ours = difference(lab_of(light_of(one)), lab_of(light_of(other)))
    # Opposite hues have two means: rounding decides which.
    assert np.percentile(np.abs(ours - theirs), 99.9) < 0.01


def photo(
    sheet: tuple[int, int, int], product: tuple[int, int, int], noise: int = 6, dark: int = 3
) -> Bytes:
    """A product on a plain sheet, with the alpha of the product: (200, 200, 4)."""
    rng = np.random.default_rng(9)
    rgb = np.empty((200, 200, 3), np.int16)
    rgb[:] = sheet
    rgb[60:140, 60:140] = product
    rgb[60:140:7, 60:140] = np.array(product) // dark
    rgb += rng.integers(-noise, noise + 1, (200, 200, 1)).astype(np.int16)
    alpha = np.zeros((200, 200), np.uint8)
    alpha[60:140, 60:140] = 255
    return np.dstack([rgb.clip(0, 255).astype(np.uint8), alpha])


def test_a_good_photo_is_left_alone() -> None:
    assert diagnose(photo((240, 240, 238), (150, 60, 40))).whole == Correction()


def test_a_warm_sheet_is_a_cast_and_is_taken_away() -> None:
    found = diagnose(photo((235, 222, 200), (120, 80, 50)))
    red, green, blue = found.whole.grade.gains
    assert red < green < blue
    assert found.safe == found.whole


def test_a_coloured_sheet_is_a_choice_and_no_cast() -> None:
    assert diagnose(photo((240, 150, 160), (120, 80, 50))).whole == Correction()


def test_a_grey_sheet_is_a_white_one_without_light() -> None:
    found = diagnose(photo((190, 190, 190), (90, 40, 30)))
    assert 0.5 < found.whole.grade.stops < 1.5


def test_fog_is_not_taken_for_darkness() -> None:
    assert diagnose(photo((180, 180, 180), (140, 120, 120), dark=1)).whole.grade.stops == 0


def test_flat_and_burnt_photos_are_told() -> None:
    assert diagnose(photo((180, 180, 180), (140, 130, 130), noise=1, dark=1)).is_flat
    burnt = photo((255, 255, 255), (255, 255, 255), noise=0)
    assert diagnose(burnt).is_clipped


def automatic(seen: Bytes) -> Picture:
    photo = Picture(seen[..., :3].copy(), seen[..., 3].copy(), seen=seen)
    return light(photo, Light(mode="auto"))


def facts(done: Picture, code: str) -> dict[str, int]:
    (found,) = (remark.facts for remark in done.remarks if remark.code == code)
    return {name: int(value) for name, value in found.items()}


def test_what_would_move_a_subject_far_is_offered_and_not_done() -> None:
    seen = photo((182, 182, 182), (90, 60, 50), noise=3)
    done = automatic(seen)
    assert [remark.code for remark in done.remarks] == ["light_offered"]
    assert (done.rgb == seen[..., :3]).all()
    offered = facts(done, "light_offered")
    assert offered["differenceTenths"] > 60
    assert offered["brightness"] > 50


def test_a_photo_without_anything_bright_is_exposed_however_far_that_moves_it() -> None:
    done = automatic(photo((110, 110, 110), (60, 30, 30)))
    assert [remark.code for remark in done.remarks if remark.code != "light_low_contrast"] == [
        "light_corrected"
    ]
    made = facts(done, "light_corrected")
    assert made["differenceTenths"] > 60
    # Two stops and more are needed; by hand one and a half are possible.
    assert made["brightness"] == 100
    product = done.rgb[63, 61].astype(float) / (60, 30, 30)
    assert (product > 1.6).all()


def test_of_a_dark_photo_with_a_strong_cast_the_cast_is_only_offered() -> None:
    rng = np.random.default_rng(9)
    # No sheet: lights and darks that lean to the same orange.
    tones = rng.integers(20, 120, (200, 200, 1)) * np.array((1.0, 0.72, 0.42))
    alpha = np.zeros((200, 200), np.uint8)
    alpha[60:140, 60:140] = 255
    done = automatic(np.dstack([tones.astype(np.uint8), alpha]))
    assert {remark.code for remark in done.remarks} >= {"light_corrected", "light_offered"}
    assert facts(done, "light_corrected")["warmth"] == 0
    assert facts(done, "light_offered")["warmth"] < -20


def test_what_is_corrected_is_said() -> None:
    done = automatic(photo((235, 222, 200), (120, 80, 50)))
    assert [remark.code for remark in done.remarks] == ["light_corrected"]
    assert int(done.remarks[0].facts["warmth"]) < 0
    assert [remark.code for remark in automatic(photo((240, 240, 238), (150, 60, 40))).remarks] == [
        "light_unchanged"
    ]


MATTES = [
    np.zeros((30, 20), np.uint8),
    np.full((30, 20), 255, np.uint8),
    np.eye(20, dtype=np.uint8)[:1] * 255,
]


@pytest.mark.parametrize("alpha", MATTES)
@pytest.mark.parametrize("level", [0, 255])
def test_odd_mattes_and_extreme_colours_are_lit_without_harm(alpha: Bytes, level: int) -> None:
    rgb = np.full((*alpha.shape, 3), level, np.uint8)
    every = [Light(mode="auto"), *(Light(mode="preset", preset=name) for name in NAMES)]
    for told in [*every, Light(mode="manual", brightness=100, contrast=100, warmth=-100)]:
        done = light(Picture(rgb, alpha), told)
        assert done.rgb.shape == rgb.shape
    assert (rounded_levels_of(light_of(rgb)) == rgb).all()
