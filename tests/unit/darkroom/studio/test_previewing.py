"""Previews: the same look as the finished picture, and of no use in its place."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from darkroom.compose import composed
from darkroom.framing import fit
from darkroom.keeping import pack, unpack
from darkroom.picture import FAINT, Bytes, Picture
from darkroom.regions import extent
from darkroom.steps import OPERATIONS
from darkroom.studio.marking import marked_all_over
from darkroom.studio.previewing import SIDE_PX, for_previews, preview
from darkroom.studio.sample import bottle
from photo_steps import CutOut, Fit, OnColour, Parameters, SaveAs, Step, Workflow
from photo_steps.studio import Frame, Light, Shadow, Upscale, Watermark
from photo_steps.templates import templates
from tests.golden.test_golden import similarity

# What differs is the grain of scenes, which no two sizes show alike.
MIN_SSIM, MIN_SSIM_OF_SCENES = 0.985, 0.95
GREY = OnColour(colour="#b0b0b0")


def look(*steps: Parameters) -> Workflow:
    return tuple(map(Step.of, steps))


@cache
def cut() -> Picture:
    return bottle(1500)


@cache
def small() -> Picture:
    return unpack(pack(for_previews(cut())))


def final(workflow: Workflow) -> Bytes:
    """The finished picture, as small as the preview."""
    picture = cut()
    for step in workflow:
        operation = OPERATIONS[step.name]
        picture = operation.apply(picture, step.read(operation.parameters))
    return fit(composed(picture), SIDE_PX).rgb


def alike(workflow: Workflow) -> float:
    return similarity(preview(small(), workflow, None).rgb, final(workflow))


@pytest.mark.parametrize(
    "workflow",
    [
        look(GREY),
        look(Light(mode="preset", preset="dramatic"), GREY),
        look(Light(mode="auto"), GREY),
        look(Light(mode="manual", brightness=40, contrast=30, warmth=-50), GREY),
        look(Frame(width=1200), GREY, Shadow(type="natural")),
        look(Frame(width=2000, height=1000), GREY, Shadow(type="drop", distance=60, blur=20)),
        look(Frame(aspect_ratio="3:4", fill_percent=60), GREY, Shadow(type="reflection")),
        look(Frame(width=400, align="bottom"), GREY, Shadow(type="natural", angle=250)),
        look(GREY, Shadow(type="natural")),
    ],
    ids=lambda workflow: "-".join(step.name for step in workflow),
)
def test_a_preview_shows_what_the_finished_picture_will(workflow: Workflow) -> None:
    assert alike(workflow) > MIN_SSIM


@pytest.mark.parametrize("name", ["oak-kitchen", "merdeka-bunting", "pastel-podium", "linen-grey"])
def test_a_scene_is_the_same_at_both_sizes(name: str) -> None:
    (template,) = (template for template in templates() if template.id == name)
    assert alike(template.workflow) > MIN_SSIM_OF_SCENES


def test_another_shadow_would_be_seen() -> None:
    low, high = (
        look(Frame(width=1200), GREY, Shadow(type="natural", angle=angle)) for angle in (90, 270)
    )
    shown = preview(small(), low, None).rgb
    assert similarity(shown, final(high)) < MIN_SSIM


@pytest.mark.parametrize(
    ("workflow", "size"),
    [
        ((), (397, 640)),
        (look(Frame(width=8000, height=8000)), (640, 640)),
        (look(Frame(width=8000, height=400)), (640, 32)),
        (look(Frame(width=64)), (64, 64)),
    ],
)
def test_it_has_at_most_640_px_and_no_alpha(workflow: Workflow, size: tuple[int, int]) -> None:
    shown = preview(small(), workflow, None)
    assert (shown.width, shown.height) == size
    assert shown.alpha is None
    assert (shown.backdrop, shown.shadow, shown.mark) == (None, None, None)


def test_a_full_size_cut_out_gives_no_larger_preview() -> None:
    shown = preview(bottle(2000), (), None)
    assert max(shown.width, shown.height) == SIDE_PX


def test_what_is_transparent_lies_on_a_checkerboard() -> None:
    rgb = preview(small(), look(Frame(width=640)), None).rgb
    assert rgb[0, 0].tolist() == [255, 255, 255]
    assert rgb[0, 16].tolist() == [224, 224, 224]
    assert rgb[16, 16].tolist() == [255, 255, 255]


def test_a_shadow_falls_on_the_checkerboard() -> None:
    without, with_ = (
        preview(small(), look(Frame(width=640), *more), None).rgb.astype(int)
        for more in ((), (Shadow(type="natural"),))
    )
    darker = (without - with_).max(axis=-1)
    assert int(darker.max()) > 40
    assert int((with_ - without).max()) <= 1


def test_steps_of_the_file_and_of_models_are_left_out() -> None:
    told = look(
        CutOut(quality="basic"),
        Fit(side=64),
        Upscale(factor=4),
        Frame(width=640),
        GREY,
        Watermark(text="Mine"),
        SaveAs(format="jpeg"),
    )
    shown = preview(small(), told, None)
    assert np.array_equal(shown.rgb, preview(small(), look(Frame(width=640), GREY), None).rgb)
    assert shown.format == "webp"


@pytest.mark.parametrize("share", [0.05, 0.3, 1.0])
def test_what_is_kept_for_previews_has_a_subject_of_640_px(share: float) -> None:
    side = round(1500 * share)
    alpha = np.zeros((1500, 1500), np.uint8)
    alpha[100 : 100 + side, 100 : 100 + side] = 255
    kept = for_previews(Picture(np.full((1500, 1500, 3), 90, np.uint8), alpha))
    box = extent(kept.cover >= FAINT)
    assert box is not None
    assert box[0].stop - box[0].start == pytest.approx(min(side, SIDE_PX), abs=4)


def test_a_matte_in_which_nothing_shows_is_kept_small() -> None:
    nothing = Picture(np.zeros((3000, 2000, 3), np.uint8), np.zeros((3000, 2000), np.uint8))
    assert max(for_previews(nothing).rgb.shape) == SIDE_PX


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("size", [(640, 640), (640, 64), (64, 640), (397, 640)])
def test_the_mark_leaves_no_part_free(size: tuple[int, int], level: int) -> None:
    width, height = size
    plain = np.full((height, width, 3), level, np.uint8)
    changed = np.abs(marked_all_over(plain, "Lumiku").astype(int) - level).max(axis=-1) > 24
    tile = max(size) // 4
    for top in range(0, height, tile):
        for left in range(0, width, tile):
            part = changed[top : top + tile, left : left + tile]
            if part.size >= tile * tile // 2:
                assert part.mean() > 0.02, (top, left)


def test_a_marked_preview_is_the_plain_one_with_its_mark() -> None:
    told = look(Frame(width=640), GREY)
    plain, marked = (preview(small(), told, mark) for mark in (None, "Lumiku"))
    assert np.array_equal(marked.rgb, marked_all_over(plain.rgb, "Lumiku"))
    assert not np.array_equal(marked.rgb, plain.rgb)
    assert replace(marked, rgb=plain.rgb).alpha is None
