"""Scenes: every block at every size, the same from the same, and what they do to a subject."""

from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest
from pydantic import ValidationError

from darkroom.compose import composed
from darkroom.picture import Bytes, Picture
from darkroom.steps.in_scene import in_scene
from darkroom.steps.shadow import shadow
from darkroom.studio.canvas import frame
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.rendering import painter, resolved
from darkroom.studio.scenes import scene as scenes
from darkroom.studio.scenes.panorama import NAMES, cleaned, packed, panorama, unpacked, view
from darkroom.studio.tones import light_of
from photo_steps.scenes import Decor, Ground, InScene, Material, Ornament, Pattern, Wall
from photo_steps.studio import Frame, Shadow
from tests.unit.darkroom.studio import shapes

PATTERNS: tuple[Pattern, ...] = get_args(Pattern.__value__)
MATERIALS: tuple[Material, ...] = get_args(Material.__value__)
ORNAMENTS: tuple[Ornament, ...] = get_args(Ornament.__value__)
SIZES = [(97, 101), (320, 64), (64, 320)]
CAFE = InScene(
    wall=Wall(pattern="room", room="esplanade", turn=225),
    ground=Ground(shape="table", material="wood", colour="#6b4325", accent="#2f1a0d"),
    decor=(Decor(ornament="bokeh", amount=40, colour="#ffd9a0"),),
    warmth=15,
    seed=7,
)


def painted(told: InScene, width: int = 96, height: int = 96) -> Bytes:
    return scenes.scene(told, width, height).rows(0, height)


def is_a_picture(rgb: Bytes, width: int, height: int) -> bool:
    return rgb.shape == (height, width, 3) and int(rgb.max()) > 20 and len(np.unique(rgb)) > 3


@pytest.mark.parametrize(("pattern", "size"), list(product(PATTERNS, SIZES)))
def test_every_wall_fills_every_size(pattern: Pattern, size: tuple[int, int]) -> None:
    assert is_a_picture(painted(InScene(wall=Wall(pattern=pattern)), *size), *size)


@pytest.mark.parametrize(
    ("material", "shape"), list(product(MATERIALS, ("sweep", "table", "podium")))
)
def test_every_material_lies_on_every_ground(material: Material, shape: str) -> None:
    ground = Ground.model_validate({"shape": shape, "material": material})
    assert is_a_picture(painted(InScene(ground=ground)), 96, 96)


@pytest.mark.parametrize(("ornament", "amount"), list(product(ORNAMENTS, (0, 100))))
def test_every_ornament_hangs_at_every_size(ornament: Ornament, amount: int) -> None:
    told = InScene(decor=(Decor(ornament=ornament, amount=amount, colour="#c04030"),), key=70)
    for width, height in SIZES:
        assert is_a_picture(painted(told, width, height), width, height)


@pytest.mark.parametrize("ornament", ORNAMENTS)
def test_every_ornament_is_seen(ornament: Ornament) -> None:
    plain, decorated = (
        painted(InScene(decor=decor), 200, 200).astype(int)
        for decor in ((), (Decor(ornament=ornament, amount=70, colour="#b02030"),))
    )
    assert (np.abs(plain - decorated).max(axis=-1) > 12).mean() > 0.005


def test_the_same_seed_is_the_same_picture_and_another_is_another() -> None:
    first = painted(CAFE)
    scenes._painted.cache_clear()
    assert (painted(CAFE) == first).all()
    assert (painted(CAFE.model_copy(update={"seed": 8})) != first).any()


def test_a_large_scene_is_enlarged_in_strips_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "_MAX_SIDE_PX", 100)
    large = scenes.scene(CAFE, 300, 240)
    whole = large.rows(0, 240)
    assert whole.shape == (240, 300, 3)
    parts = np.vstack([large.rows(0, 91), large.rows(91, 240)])
    assert np.abs(parts.astype(int) - whole).max() <= 1
    small = scenes.scene(CAFE, 100, 80).rows(0, 80)
    means = whole.reshape(80, 3, 100, 3, 3).mean(axis=(1, 3))
    assert np.abs(means - small).mean() < 4


@pytest.mark.parametrize("name", NAMES)
def test_every_panorama_is_there_and_is_light(name: str) -> None:
    light = panorama(name)
    assert light.shape == (256, 512, 3)
    assert np.isfinite(light).all()
    assert float(light.min()) >= 0
    assert float(light.max()) > 0.5
    seen = view(name, 30, 64, 40, 0.026)
    assert np.isfinite(seen).all()
    assert 0.05 < float(seen.mean()) < 1.5


def test_holes_in_a_panorama_are_filled_with_the_light_around_them() -> None:
    light = np.full((20, 20, 3), 0.2, np.float32)
    light[8:13, 8:13] = 40
    light[10, 10] = (-3, -2, 5)
    light[9, 9] = np.nan
    light[11, 11] = (np.inf, 1, 1)
    filled = cleaned(light)
    assert (filled[8:13, 8:13] == 40).all()
    assert (filled[:8] == np.float32(0.2)).all()
    assert (cleaned(np.full((4, 4, 3), np.nan, np.float32)) == 0).all()


def test_light_is_packed_within_a_few_percent() -> None:
    light = np.geomspace(0.001, 200, 300).astype(np.float32)
    assert unpacked(packed(light)) == pytest.approx(light, rel=0.05, abs=0.0008)


@pytest.mark.parametrize(
    "told",
    [
        {"wall": {"pattern": "brick"}},
        {"wall": {"room": "pub"}},
        {"ground": {"material": "lava"}},
        {"decor": [{"ornament": "bokeh"}] * 7},
        {"seed": -1},
        {"seed": 2**32},
        {"key": 101},
    ],
)
def test_a_scene_that_cannot_be_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        InScene.model_validate(told)


def noisy(alpha: Bytes) -> Picture:
    rng = np.random.default_rng(3)
    rgb = np.array((150, 110, 90)) + rng.integers(-40, 40, (*alpha.shape, 1))
    return Picture(rgb.astype(np.uint8), alpha)


@pytest.mark.parametrize("key", [-80, 80])
def test_a_shadow_falls_away_from_the_key_light(key: int) -> None:
    """Complaint 2, in the picture itself: the darker side is the far one."""
    subject = noisy(shapes.block(np.s_[150:330], np.s_[170:230]))
    told = CAFE.model_copy(update={"key": key, "decor": ()})
    with_, without = (
        composed(shadow(in_scene(subject, told), Shadow(type=kind))).rgb.astype(float)
        for kind in ("natural", "none")
    )
    dark = (without - with_).mean(axis=-1).clip(0, None)
    dark[subject.cover > 0] = 0
    middle = float((dark * np.arange(400)).sum() / dark.sum()) - 199.5
    assert np.sign(middle) == -np.sign(key)
    right, _ = resolved(Shadow(type="natural"), in_scene(subject, told)).way
    assert np.sign(right) == -np.sign(key)


@pytest.mark.parametrize("kind", ["natural", "drop", "none"])
def test_exact_colours_are_exact(kind: str) -> None:
    """Complaint 4: what a seller's customer orders by colour keeps it."""
    subject = noisy(shapes.cylinder())
    told = CAFE.model_copy(update={"exact_colours": True})
    shown = shadow(in_scene(subject, told), Shadow.model_validate({"type": kind}))
    out = composed(shown).rgb
    solid = subject.cover >= 250
    assert (out[solid] == subject.rgb[solid]).all()


@pytest.mark.parametrize("colour", ["#b3121d", "#0f5a46", "#ffcf4a", "#141d4a"])
def test_even_a_red_room_does_not_dye_the_product(colour: str) -> None:
    subject = noisy(shapes.cylinder())
    told = InScene(wall=Wall(colour=colour), ground=Ground(colour=colour), tint=100)
    solid = subject.cover >= 250
    inner = solid & np.roll(solid, 12, 1) & np.roll(solid, -12, 1) & np.roll(solid, 12, 0)
    before, after = (
        lab_of(light_of(rgb[inner])) for rgb in (subject.rgb, composed(in_scene(subject, told)).rgb)
    )
    assert float(np.median(difference(before, after))) < 6


def test_a_fringe_is_that_of_the_true_alpha() -> None:
    """Complaint 10: against the same composite made four times as large, and reduced."""
    fine = np.hypot(*(np.mgrid[:1600, :1600] - 799.5)) < 480
    alpha = np.rint(fine.reshape(400, 4, 400, 4).mean(axis=(1, 3)) * 255).astype(np.uint8)
    told = CAFE.model_copy(update={"exact_colours": True})
    out = composed(in_scene(shapes.picture(alpha), told)).rgb
    behind = painted(told, 400, 400).repeat(4, 0).repeat(4, 1)
    levels = np.where(fine[..., None], np.array((200, 60, 30)), behind)
    truth = np.rint(levels.reshape(400, 4, 400, 4, 3).mean(axis=(1, 3))).astype(np.uint8)
    edge = (alpha > 0) & (alpha < 255)
    ours, wanted = (lab_of(light_of(rgb[edge])) for rgb in (out, truth))
    far = difference(ours, wanted)
    assert float(far.mean()) < 3


def test_twenty_photos_stand_before_the_same_bytes_on_the_same_line() -> None:
    """Complaint 8: a batch in one look is one look."""
    rng = np.random.default_rng(11)
    backdrops, bases = set(), set()
    for _ in range(20):
        top, left = rng.integers(20, 120, 2)
        alpha = shapes.block(np.s_[top : top + 200], np.s_[left : left + rng.integers(60, 240)])
        told = Frame(width=300, fill_percent=50, base_percent=84)
        shown = in_scene(frame(noisy(alpha), told), CAFE)
        assert shown.backdrop is not None
        backdrops.add(painter(shown.backdrop, 300, 300).rows(0, 300).tobytes())
        bases.add(int(np.flatnonzero(shown.cover.any(axis=1))[-1]) + 1)
    assert len(backdrops) == 1
    assert max(bases) - min(bases) <= 1
    assert 252 in bases


@pytest.mark.parametrize("alpha", [np.zeros((64, 64), np.uint8), np.full((64, 64), 255, np.uint8)])
def test_empty_and_full_mattes_stand_in_a_scene(alpha: Bytes) -> None:
    shown = replace(shapes.picture(alpha), backdrop=CAFE, shadow=Shadow(type="natural"))
    assert composed(shown).rgb.shape == (64, 64, 3)
