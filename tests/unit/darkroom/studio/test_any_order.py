"""All steps in any order, on any subject: no crash, no NaN, and a resumed run is the same run."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkroom.compose import composed
from darkroom.encode import encode
from darkroom.keeping import pack, unpack
from darkroom.picture import Bytes, Edge, Picture
from darkroom.steps import OPERATIONS
from photo_steps import (
    Crop,
    CropAround,
    Fit,
    Mask,
    OnColour,
    OnTint,
    Parameters,
    Place,
    Region,
    Shrink,
)
from photo_steps.scenes import Decor, Ground, InScene, Wall
from photo_steps.studio import Frame, Light, OnGradient, Shadow, Stop, Watermark

SCENES = (
    InScene(gloss=100, tint=100, key=100),
    InScene(ground=Ground(shape="podium", material="marble"), key=-100, warmth=-100),
    InScene(
        wall=Wall(pattern="room", room="night"),
        ground=Ground(shape="table", material="wood"),
        decor=(Decor(ornament="bokeh", amount=100),),
        exact_colours=True,
    ),
)
percent = st.integers(0, 100)
signed = st.integers(-100, 100)
colours = st.sampled_from(["#000000", "#ffffff", "#c81e50"])
lengths = st.sampled_from(["0px", "3px", "10%"])
sides = st.sampled_from([64, 65, 97, 200])

STEPS: dict[str, st.SearchStrategy[Parameters]] = {
    "crop": st.builds(Crop, margin=st.sampled_from([0, 3, 50])),
    "crop-around": st.builds(
        CropAround, top=lengths, right=lengths, bottom=lengths, left=lengths, pixels=st.just(10_000)
    ),
    "place": st.builds(
        Place,
        scale=st.sampled_from([None, "10%", "100%"]),
        across=st.sampled_from([None, "0%", "100%"]),
        down=st.sampled_from([None, "50%"]),
    ),
    "region": st.sampled_from(
        [
            Region(left="0%", top="0%", right="100%", bottom="60%"),
            Region(left="0px", top="0px", right="1px", bottom="1px"),
        ]
    ),
    "on-tint": st.builds(OnTint, colour=colours, opacity=st.integers(0, 255)),
    "shrink": st.just(Shrink(pixels=10_000)),
    "fit": st.builds(Fit, side=st.sampled_from([64, 90])),
    "mask": st.just(Mask()),
    "on-colour": st.builds(OnColour, colour=colours),
    "on-gradient": st.builds(
        OnGradient,
        type=st.sampled_from(["linear", "radial"]),
        stops=st.just((Stop(colour="#102030", at=50), Stop(colour="#ffffff", at=50))),
        angle=st.sampled_from([0, 45, 360]),
        radius=st.sampled_from([1, 200]),
    ),
    "in-scene": st.sampled_from(SCENES),
    "frame": st.builds(
        Frame,
        width=sides,
        height=sides,
        fill_percent=st.sampled_from([5, 80, 100]),
        align=st.sampled_from(["centre", "bottom", "top", "left", "right"]),
        base_percent=st.sampled_from([None, 5, 84, 100]),
    ),
    "shadow": st.builds(
        Shadow,
        type=st.sampled_from(["none", "natural", "drop", "reflection"]),
        opacity=st.none() | percent,
        blur=st.none() | percent,
        angle=st.none() | st.integers(0, 360),
        distance=st.none() | percent,
        colour=colours,
        pose=st.sampled_from(["standing", "lying"]),
    ),
    "light": st.one_of(
        st.just(Light(mode="auto")),
        st.sampled_from(["studio", "natural", "dramatic", "bright", "moody"]).map(
            lambda name: Light.model_validate({"mode": "preset", "preset": name})
        ),
        st.builds(Light, mode=st.just("manual"), brightness=signed, contrast=signed, warmth=signed),
    ),
    "watermark": st.builds(
        Watermark, text=st.sampled_from(["L", "W" * 40]), opacity=st.sampled_from([5, 100])
    ),
}


def test_every_step_that_needs_no_model_is_tried() -> None:
    free = {name for name, each in OPERATIONS.items() if not each.needs and name[:5] != "test-"}
    whole_files = {"export", "slide"}  # which come last, alone
    assert free - set(STEPS) - whole_files == {"keep", "leave", "measure", "save-as"}


def speck(alpha: Bytes) -> None:
    alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] = 255


def line(alpha: Bytes) -> None:
    alpha[:, alpha.shape[1] // 2] = 255


def low(alpha: Bytes) -> None:
    alpha[-1, :] = 255


def mesh(alpha: Bytes) -> None:
    alpha[::3] = alpha[:, ::3] = 140


def glass(alpha: Bytes) -> None:
    alpha[2:-1, 1:-1] = 14


def several(alpha: Bytes) -> None:
    alpha[1:5, 1:4] = alpha[4:8, 6:8] = 255


SHAPES: dict[str, Callable[[Bytes], None]] = {
    "empty": lambda _: None,
    "whole": lambda alpha: alpha.fill(255),
    "faint": lambda alpha: alpha.fill(12),
    **{shape.__name__: shape for shape in (speck, line, low, mesh, glass, several)},
}
CUTS: tuple[frozenset[Edge] | None, ...] = (None, frozenset(), frozenset({"bottom", "left"}))
SIZES = ((8, 8), (9, 160), (160, 9), (61, 47), (1, 40), (40, 1))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    size = draw(st.sampled_from(SIZES))
    rgb = np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8)
    level = draw(st.sampled_from([None, 0, 255]))
    if level is not None:
        rgb[:] = level
    alpha = np.zeros(size, np.uint8)
    SHAPES[draw(st.sampled_from(sorted(SHAPES)))](alpha)
    seen = np.random.default_rng(3).integers(0, 120, (20, 16, 4)).astype(np.uint8)
    seen[4:16, 4:12, 3] = 255
    return Picture(
        rgb,
        draw(st.sampled_from([alpha, None])),
        is_grey=level is not None,
        seen=draw(st.sampled_from([seen, None])),
        cut_at=draw(st.sampled_from(CUTS)),
        lit_from=draw(st.sampled_from([None, -100, 40])),
    )


workflows = st.lists(st.sampled_from(sorted(STEPS)).flatmap(STEPS.__getitem__), max_size=6)


def done(picture: Picture, told: Parameters) -> Picture:
    return OPERATIONS[told.step].apply(picture, told)


def finished(picture: Picture, steps: list[Any]) -> Picture:
    for told in steps:
        picture = done(picture, told)
    return picture


@pytest.mark.filterwarnings("error")
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(pictures(), workflows, st.data())
def test_steps_go_on_from_any_place_as_if_nothing_had_been(
    picture: Picture, steps: list[Parameters], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(steps)))
    between = finished(picture, steps[:place])
    straight = finished(between, steps[place:])
    resumed = finished(unpack(pack(between)), steps[place:])
    laid = composed(straight)
    assert laid.rgb.dtype == np.uint8
    assert laid.rgb.shape == (straight.height, straight.width, 3)
    assert not laid.is_grey or (laid.rgb == laid.rgb[..., :1]).all()
    assert encode(straight, "png") == encode(resumed, "png")
    assert straight.remarks == resumed.remarks


@pytest.mark.parametrize(
    "told",
    [
        Light(mode="auto"),
        Light(mode="preset", preset="dramatic"),
        Light(mode="preset", preset="moody"),
        Frame(width=64),
        Fit(side=64),
    ],
)
def test_what_alpha_hides_changes_nothing_that_is_seen(told: Parameters) -> None:
    rng = np.random.default_rng(2)
    rgb = rng.integers(60, 130, (500, 400, 3)).astype(np.uint8)
    alpha = np.zeros((500, 400), np.uint8)
    alpha[100:400, 101:304] = 255
    alpha[100:400, 304] = 90
    shown = []
    for hidden in ((235, 222, 200), (0, 0, 0)):
        other = np.where(alpha[..., None] > 0, rgb, np.array(hidden, np.uint8))
        laid = done(Picture(other, alpha), told)
        shown.append(np.where(laid.cover[..., None] > 0, laid.rgb, np.uint8(0)))
    assert (shown[0] == shown[1]).all()


def test_a_grey_picture_before_a_colour_is_no_grey_one() -> None:
    grey = Picture(np.full((80, 80, 3), 150, np.uint8), is_grey=True)
    steps = [Mask(), Frame(width=200, height=64), OnColour(colour="#c81e50")]
    laid = composed(finished(grey, steps))
    assert not laid.is_grey
    assert laid.rgb[0, -1].tolist() == [0xC8, 0x1E, 0x50]
