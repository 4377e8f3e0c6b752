"""The runner: photos through workflows, from the start or from where an earlier run was."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from darkroom.asking import Wish
from darkroom.keeping import pack, unpack
from darkroom.picture import Bytes, Picture, Remark
from darkroom.steps.operation import OPERATIONS, operation
from darkroom.studio.previewing import for_previews
from darkroom.workflow import Ask, Kept, Made, Tools, nobody, run
from lumiku.services.stopwatch import Stopwatch
from photo_steps import (
    Crop,
    CutOut,
    Fit,
    Keep,
    Leave,
    Mask,
    Measure,
    OnColour,
    Parameters,
    Role,
    SaveAs,
    Step,
    Workflow,
)
from photo_steps.scenes import Decor, Ground, InScene
from photo_steps.studio import Frame, Light, OnGradient, Shadow, Watermark
from tests.unit.darkroom.photos import disc, png
from tests.unit.darkroom.test_cutout import left_half


class Paint(Parameters, step="test-paint"):
    """Of an app that this package has never heard of."""

    level: int


class Slow(Parameters, step="test-slow"):
    """One that takes long, and shows how often it was done."""


@operation(Paint)
def paint(picture: Picture, told: Paint) -> Picture:
    return replace(picture, rgb=np.full_like(picture.rgb, told.level))


@operation(Slow, "watch", is_costly=True)
def slow(picture: Picture, told: Slow, /, **needed: object) -> Picture:
    assert needed.keys() == {"watch"}
    return replace(picture, rgb=picture.rgb + np.uint8(1))


CUT_OUT = CutOut(quality="basic")
PHOTO = png(np.random.default_rng(3).integers(0, 256, (64, 64, 3)).astype(np.uint8))


def steps(*parameters: Parameters) -> Workflow:
    return tuple(map(Step.of, parameters))


def tools(ask: Ask = nobody) -> Tools:
    return Tools(left_half(), Stopwatch(), ask)


def found(_place: int, _route: str, wish: Wish) -> Bytes:
    """A provider's alpha."""
    assert wish.rgb is not None
    return disc(len(wish.rgb))


def read(made: Made, role: Role = "result") -> Image.Image:
    image = Image.open(io.BytesIO(made.files[role].data))
    image.load()
    return image


STUDIO = (
    Frame(width=96, fill_percent=70, base_percent=90),
    InScene(
        ground=Ground(shape="table", material="wood"), decor=(Decor(ornament="bokeh"),), seed=5
    ),
)
GRADIENT = {
    "type": "radial",
    "stops": [{"colour": "#ffffff", "at": 0}, {"colour": "#204060", "at": 100}],
}
FACTS = (
    *("backdrop", "shadow", "mark", "cut_at", "lit_from", "remarks"),
    *("note", "is_grey", "format"),
)


def test_a_photo_becomes_a_result_and_a_thumbnail() -> None:
    kit = tools()

    made = run(PHOTO, steps(CUT_OUT, OnColour(colour="#0a0b0c"), SaveAs(format="jpeg")), kit)

    result, small = made.files["result"], made.files["thumbnail"]
    assert (result.width_px, result.height_px, result.format) == (64, 64, "jpeg")
    assert (small.width_px, small.height_px, small.format) == (64, 64, "webp")
    for role in made.files:
        level = np.asarray(read(made, role).convert("RGB"))[10, 60]
        assert abs(level.astype(int) - (10, 11, 12)).max() < 6
    assert made.note is None
    assert made.models == {"u2netp"}
    assert isinstance(kit.watch, Stopwatch)
    assert list(kit.watch.ms) == ["decode", "find", "edges", "on-colour", "save-as", "encode"]


def test_a_step_from_outside_runs_like_those_within() -> None:
    made = run(PHOTO, steps(Paint(level=7)), tools())

    assert read(made).getpixel((1, 1)) == (7, 7, 7)


def test_a_step_is_handed_only_what_it_declares() -> None:
    assert OPERATIONS["cut-out"].needs == {"models", "hosted", "watch"}
    assert OPERATIONS["crop"].needs == frozenset()
    assert run(PHOTO, steps(Slow()), tools()).files


@pytest.mark.parametrize("ask", [nobody, found], ids=["by models", "by a provider"])
def test_only_what_was_paid_for_or_is_costly_is_kept(ask: Ask) -> None:
    kept: dict[int, bytes] = {}

    run(PHOTO, steps(CUT_OUT, Crop(margin=5), Slow()), tools(ask), keep=kept.__setitem__)

    assert kept.keys() == ({0, 2} if ask is found else {2})


def test_a_provider_is_asked_for_the_step_and_by_its_route() -> None:
    asked = []

    def ask(place: int, route: str, wish: Wish) -> None:
        assert wish.rgb is not None
        asked.append((place, route, wish.rgb.shape))

    run(PHOTO, steps(Slow(), CutOut(quality="industry")), tools(ask))

    assert asked == [(1, "industry", (64, 64, 3))]


def test_a_kept_step_is_not_done_again() -> None:
    kept: dict[int, bytes] = {}
    workflow = steps(Paint(level=7), Slow(), Fit(side=64))
    once = run(PHOTO, workflow, tools(), keep=kept.__setitem__)

    again = run(PHOTO, workflow, tools(), resume=Kept(1, kept[1]))

    assert read(again).getpixel((1, 1)) == read(once).getpixel((1, 1)) == (8, 8, 8)


@pytest.mark.parametrize(
    "after",
    [
        (),
        (Crop(margin=5), Fit(side=64), OnColour(colour="#ffffff"), SaveAs(format="jpeg")),
        (Mask(), SaveAs(format="webp")),
        (Light(mode="auto"), *STUDIO, Shadow(type="natural"), Watermark(text="Lumiku")),
        (Light(mode="preset", preset="dramatic"), *STUDIO[:1], Shadow(type="reflection")),
        (Crop(margin=0), *STUDIO[:1], OnGradient.model_validate(GRADIENT), Shadow(type="drop")),
    ],
)
def test_a_later_run_goes_on_to_the_same_bytes_and_asks_nobody(
    after: tuple[Parameters, ...],
) -> None:
    kept: dict[int, bytes] = {}
    workflow = steps(CUT_OUT, *after)
    once = run(PHOTO, workflow, tools(found), keep=kept.__setitem__)

    def ask(*_: object) -> Bytes:
        raise AssertionError("paid twice")

    again = run(b"is not read again", workflow, tools(ask), resume=Kept(0, kept[0]))

    assert again == once
    assert again.models == frozenset()


@pytest.mark.parametrize(
    "picture",
    [
        Picture(np.full((3, 4, 3), 9, np.uint8)),
        Picture(np.full((3, 4, 3), 9, np.uint8), note="no_subject", format="webp"),
        Picture(np.full((64, 64, 3), 9, np.uint8), np.maximum(disc(), 1), backdrop=(1, 2, 3)),
        Picture(np.full((3, 4, 3), 9, np.uint8), is_grey=True, format="jpeg"),
        Picture(
            np.full((64, 64, 3), 9, np.uint8),
            np.maximum(disc(), 1),
            backdrop=STUDIO[1],
            shadow=Shadow(type="drop", opacity=7),
            mark=Watermark(text="x"),
            cut_at=frozenset({"left", "top"}),
            lit_from=-30,
            remarks=(Remark("cut_at_left"), Remark("low_resolution", {"enlargedPercent": 170})),
        ),
        Picture(np.full((3, 4, 3), 9, np.uint8), backdrop=OnGradient.model_validate(GRADIENT)),
    ],
)
def test_nothing_of_a_picture_is_lost_between_runs(picture: Picture) -> None:
    again = unpack(pack(picture))

    assert (again.rgb == picture.rgb).all()
    assert (again.alpha is None) == (picture.alpha is None)
    if again.alpha is not None and picture.alpha is not None:
        assert (again.alpha == picture.alpha).all()
    for name in FACTS:
        assert getattr(again, name) == getattr(picture, name)


def test_a_photo_that_is_kept_is_the_file_that_was_sent_with_two_smaller_ones() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    file = io.BytesIO()
    Image.new("RGB", (1600, 900), (200, 30, 40)).save(file, "JPEG", exif=turned)

    made = run(file.getvalue(), steps(Measure(min_side=500, max_side=8000), Keep()), tools())

    sizes = {role: (f.width_px, f.height_px, f.format) for role, f in made.files.items()}
    assert sizes == {
        "result": (900, 1600, "jpeg"),  # upright
        "thumbnail": (180, 320, "webp"),
        "view": (720, 1280, "webp"),
    }
    assert made.files["result"].data == file.getvalue()
    assert read(made, "view").size == (720, 1280)
    assert made.models == frozenset()


def test_a_kept_photo_stays_one_behind_a_step_that_was_kept_too() -> None:
    keeping: dict[int, bytes] = {}
    workflow = steps(Keep(), Slow())
    run(PHOTO, workflow, tools(), keep=keeping.__setitem__)

    made = run(PHOTO, workflow, tools(), resume=Kept(1, keeping[1]))

    assert (made.files["result"].data, "view" in made.files) == (PHOTO, True)


def test_the_light_is_judged_by_the_photo_after_a_kept_step_too() -> None:
    seen = np.arange(7 * 5 * 4, dtype=np.uint8).reshape(7, 5, 4)
    again = unpack(pack(Picture(np.full((3, 4, 3), 9, np.uint8), seen=seen)))

    assert again.seen is not None
    assert (again.seen == seen).all()


def test_what_steps_found_is_told() -> None:
    made = run(PHOTO, steps(CUT_OUT, *STUDIO[:1]), tools(found))

    assert [remark.code for remark in made.remarks] == ["low_resolution"]


def test_what_is_left_behind_a_cut_out_begins_another_run_that_ends_in_the_same_bytes() -> None:
    look = (OnColour(colour="#ffffff"), Shadow(type="drop"), Watermark(text="Lumiku"))
    whole = steps(Fit(side=64), CUT_OUT, Leave(), *look)

    first = run(PHOTO, whole, tools())
    again = run(PHOTO, whole, tools(), resume=Kept(2, first.files["cutout"].data))

    assert first.files.keys() == {"result", "thumbnail", "cutout", "preview"}
    assert again.files.keys() == {"result", "thumbnail"}, "it is kept already"
    assert again.files["result"].data == first.files["result"].data
    assert not again.models
    left = unpack(first.files["cutout"].data)
    assert left.alpha is not None
    assert (left.mark, left.backdrop) == (None, None), "nothing of the look, the mark above all"
    assert first.files["preview"].data == pack(for_previews(left))
