"""The templates: complete, possible, different from each other, and kind to the product."""

from collections import Counter
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from darkroom.picture import FAINT, Bytes, Picture
from darkroom.regions import extent
from darkroom.studio.lab import difference, lab_of
from darkroom.studio.rendering import resolved
from darkroom.studio.sample import bottle
from darkroom.studio.scenes.scene import scene
from darkroom.studio.showing import rendered
from darkroom.studio.tones import light_of
from photo_steps import check
from photo_steps.scenes import InScene
from photo_steps.studio import Frame, Shadow
from photo_steps.templates import Template, templates

EVERY = templates()
SIDE_PX = 320
each_template = pytest.mark.parametrize("template", EVERY, ids=lambda template: template.id)


@cache
def preview(name: str) -> Picture:
    (template,) = (template for template in EVERY if template.id == name)
    return rendered(template, bottle(400), SIDE_PX)


def test_there_are_as_many_as_were_promised() -> None:
    counted = Counter(template.category for template in EVERY)
    assert counted == {"studio": 15, "lifestyle": 15, "ecommerce": 15, "seasonal": 10}
    assert len({template.id for template in EVERY}) == 55
    tags = {tag for template in EVERY for tag in template.tags}
    assert {"christmas", "lunar", "ramadan", "eid", "merdeka"} <= tags


def test_at_least_twenty_are_made_of_different_blocks() -> None:
    kinds = set()
    for template in EVERY:
        for step in template.workflow:
            if step.name == InScene.step:
                told = step.read(InScene)
                ornaments = tuple(decor.ornament for decor in told.decor)
                wall, ground = told.wall, told.ground
                kinds.add((wall.pattern, wall.room, ground.shape, ground.material, ornaments))
    assert len(kinds) >= 20


@each_template
def test_a_template_is_complete_and_can_be_ordered(template: Template) -> None:
    check(template.workflow)
    for words in (template.name, template.description):
        assert words.en
        assert words.id
        assert words.en != words.id
    assert template.tags
    assert template.workflow[0].name == "frame"
    across, down = map(int, template.aspect_ratio.split(":"))
    width, height = template.size_px
    assert abs(width * down - height * across) <= max(across, down)


@each_template
def test_a_template_is_a_picture_of_the_right_shape(template: Template) -> None:
    rgb = preview(template.id).rgb
    width, height = template.size_px
    assert max(rgb.shape[:2]) == SIDE_PX
    assert rgb.shape[1] / rgb.shape[0] == pytest.approx(width / height, rel=0.01)
    assert float(rgb.std()) > 3


def _subject(template: Template) -> Picture:
    """The subject on the template's canvas, before anything lights it."""
    first = template.model_copy(update={"workflow": template.workflow[:1]})
    return rendered(first, bottle(400), SIDE_PX)


def _inside(subject: Picture) -> Bytes:
    solid = subject.cover >= 250
    for shift, axis in ((6, 0), (-6, 0), (6, 1), (-6, 1)):
        solid = solid & np.roll(solid, shift, axis)
    return solid.astype(np.uint8)


@each_template
def test_colours_stay_near_to_the_products(template: Template) -> None:
    """Complaint 4: tinted by its scene, the median differs by less than 6, the hue by 4 degrees.

    A preset is a choice of its own, and has its own limits.
    """
    if any(step.name == "light" for step in template.workflow):
        pytest.skip("has a preset")
    subject = _subject(template)
    inside = _inside(subject) > 0
    before, after = (
        lab_of(light_of(rgb[inside])) for rgb in (subject.rgb, preview(template.id).rgb)
    )
    assert float(np.median(difference(before, after))) < 6
    strong = np.hypot(before[:, 1], before[:, 2]) > 20
    turns = [np.degrees(np.arctan2(lab[strong, 2], lab[strong, 1])) for lab in (before, after)]
    assert abs(float(np.median((turns[1] - turns[0] + 180) % 360 - 180))) < 4


@each_template
def test_shape_lettering_and_texture_stay(template: Template) -> None:
    """Complaints 3, 5 and 11: the box, gradients, and the energy of fine detail."""
    subject = _subject(template)
    inside = _inside(subject) > 0
    one, other = (
        (light_of(rgb) @ (0.2126, 0.7152, 0.0722)) ** (1 / 2.4)
        for rgb in (subject.rgb, preview(template.id).rgb)
    )
    slopes = [
        np.float64(np.concatenate([np.gradient(tone, axis=axis)[inside] for axis in (0, 1)]))
        for tone in (one, other)
    ]
    assert float(np.corrcoef(slopes[0], slopes[1])[0, 1]) >= 0.98
    box, start = extent(subject.cover >= FAINT), extent(bottle(400).cover >= FAINT)
    assert box is not None
    assert start is not None
    assert float(np.abs(slopes[1]).mean()) >= 0.95 * float(np.abs(slopes[0]).mean()) * _toned(
        one[inside], other[inside]
    )
    (high, wide), (tall, broad) = (
        [part.stop - part.start for part in found] for found in (box, start)
    )
    assert abs(wide - high * broad / tall) <= 1.5


def _toned(before: np.ndarray, after: np.ndarray) -> float:
    """How much darker a subject became: its detail may become so too."""
    return min(1.0, float(after.mean() / before.mean()))


def _mesh() -> Bytes:
    alpha = np.zeros((80, 80), np.uint8)
    alpha[20:70:4, 20:60] = 140
    alpha[20:70, 20:60:4] = 140
    return alpha


def _several() -> Bytes:
    alpha = np.zeros((80, 80), np.uint8)
    alpha[10:40, 5:25] = alpha[30:79, 40:55] = alpha[70:80, 60:80] = 255
    return alpha


def _single() -> Bytes:
    alpha = np.zeros((80, 80), np.uint8)
    alpha[40, 40] = 255
    return alpha


@each_template
def test_odd_subjects_go_through_every_template(template: Template) -> None:
    empty, full = np.zeros((80, 80), np.uint8), np.full((80, 80), 255, np.uint8)
    for alpha in (empty, full, _single(), _mesh(), _several()):
        rgb = np.full((80, 80, 3), 150, np.uint8)
        shown = rendered(template, Picture(rgb, alpha), 96).rgb
        assert max(shown.shape[:2]) == 96
        assert int(shown.max()) > 15


@each_template
def test_a_shadow_falls_away_from_the_scenes_light(template: Template) -> None:
    """Complaint 2, for every template that has a scene."""
    steps = {step.name: step for step in template.workflow}
    if InScene.step not in steps or Shadow.step not in steps:
        pytest.skip("has no scene")
    told, key = steps[Shadow.step].read(Shadow), steps[InScene.step].read(InScene).key
    picture = Picture(np.zeros((8, 8, 3), np.uint8), lit_from=key)
    right, down = resolved(told, picture).way
    assert right * key < 0
    assert down > 0


@each_template
def test_a_subject_takes_what_the_template_allows(template: Template) -> None:
    """Complaint 7: its size is the template's, whatever the photo was."""
    told = template.workflow[0].read(Frame)
    box = extent(_subject(template).cover >= FAINT)
    assert box is not None
    width, height = template.size_px
    scale = SIDE_PX / max(width, height)
    filled = max(
        (part.stop - part.start) / (side * scale)
        for part, side in zip(box, (height, width), strict=True)
    )
    assert filled * 100 == pytest.approx(told.fill_percent, abs=1)


def _small(name: str) -> Bytes:
    return np.asarray(Image.fromarray(preview(name).rgb).resize((128, 128), Image.Resampling.BOX))


def test_no_two_previews_look_alike() -> None:
    small = {template.id: _small(template.id) for template in EVERY}
    colours = {name: lab_of(light_of(rgb)) for name, rgb in small.items()}
    pairs = []
    for one, other in combinations(small, 2):
        apart = float(difference(colours[one][::4, ::4], colours[other][::4, ::4]).mean())
        likeness = 0.0
        if apart <= 6:
            likeness = float(
                structural_similarity(small[one], small[other], channel_axis=2)  # type: ignore[no-untyped-call]
            )
        pairs.append((apart, likeness, one, other))
    closest = sorted(pairs)[:10]
    assert not [pair for pair in pairs if pair[0] <= 6 and pair[1] >= 0.85], closest


def _scene(template: Template, side: int) -> np.ndarray:
    """The scene of a template, painted on a square and reduced to 300 px a side."""
    (told,) = (s.read(InScene) for s in template.workflow if s.name == InScene.step)
    image = Image.fromarray(scene(told, side, side).rows(0, side))
    return np.asarray(image.resize((300, 300), Image.Resampling.BOX), np.float32)


@pytest.mark.parametrize("name", ["oak-kitchen", "linen-window", "beach-sand", "instagram-square"])
def test_a_preview_shows_the_scene_of_the_picture(name: str) -> None:
    """Grain and veins are where they are at any size: who chose from a preview gets that."""
    (template,) = (template for template in EVERY if template.id == name)
    small, large = _scene(template, 300), _scene(template, 900)
    likeness = structural_similarity(  # type: ignore[no-untyped-call]
        small.mean(axis=-1), large.mean(axis=-1), data_range=255
    )
    assert float(likeness) > 0.9
    assert float(np.abs(small - large).mean()) < 4
