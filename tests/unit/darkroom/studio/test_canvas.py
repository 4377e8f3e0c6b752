"""Where a subject comes to lie on its canvas, and what is said of it."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from darkroom.framing import crop
from darkroom.picture import FAINT, Bytes, Picture
from darkroom.regions import extent
from darkroom.studio.canvas import frame
from photo_steps.studio import Frame
from tests.unit.darkroom.studio import shapes


def box_of(picture: Picture) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is seen."""
    box = extent(picture.cover >= FAINT)
    assert box is not None
    return (
        box[1].start,
        box[0].start,
        box[1].stop - box[1].start,
        box[0].stop - box[0].start,
    )


def codes(picture: Picture) -> list[str]:
    return [remark.code for remark in picture.remarks]


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ({}, (1200, 1200)),
        ({"aspect_ratio": "4:5"}, (960, 1200)),
        ({"aspect_ratio": "16:9"}, (1200, 675)),
        ({"width": 300}, (300, 300)),
        ({"width": 300, "height": 100}, (300, 100)),
        ({"height": 300, "aspect_ratio": "2:1"}, (600, 300)),
        ({"width": 300, "aspect_ratio": "2:3"}, (300, 450)),
        ({"width": 8000, "height": 400}, (8000, 400)),
    ],
)
def test_a_canvas_has_the_size_it_was_told(told: dict[str, Any], size: tuple[int, int]) -> None:
    assert Frame(**told).size == size


@pytest.mark.parametrize(
    "told",
    [
        {"width": 8000, "height": 399},
        {"width": 8001},
        {"width": 63},
        {"aspect_ratio": "21:1"},
        {"aspect_ratio": "0:1"},
        {"aspect_ratio": "1:1", "width": 300, "height": 300},
        {"fill_percent": 4},
        {"fill_percent": 101},
        {"fill": 50},
    ],
)
def test_a_canvas_that_cannot_be_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Frame(**told)


def test_the_visible_box_fills_its_share_in_the_middle() -> None:
    subject = shapes.picture(shapes.block(np.s_[100:300], np.s_[150:250]))
    framed = frame(subject, Frame(width=500, height=400, fill_percent=75))
    # 200 high becomes 300 = 75 % of 400, 100 wide becomes 150.
    assert box_of(framed) == (175, 50, 150, 300)
    assert (framed.width, framed.height, codes(framed)) == (500, 400, [])


@pytest.mark.parametrize(
    ("align", "corner"),
    [
        ("centre", (175, 50)),
        ("top", (175, 50)),
        ("bottom", (175, 50)),
        ("left", (62, 50)),
        ("right", (288, 50)),
    ],
)
def test_aligned_subjects_keep_the_margin(align: Any, corner: tuple[int, int]) -> None:
    subject = shapes.picture(shapes.block(np.s_[100:300], np.s_[150:250]))
    framed = frame(subject, Frame(width=500, height=400, fill_percent=75, align=align))
    assert box_of(framed)[:2] == corner


def test_a_product_at_its_own_size_keeps_its_pixels() -> None:
    alpha = shapes.block(np.s_[100:300], np.s_[150:250])
    rgb = np.random.default_rng(1).integers(0, 256, (*alpha.shape, 3)).astype(np.uint8)
    framed = frame(Picture(rgb, alpha), Frame(width=400, height=400, fill_percent=50))
    assert (framed.rgb[100:300, 150:250] == rgb[100:300, 150:250]).all()


@pytest.mark.parametrize(("width", "height"), [(333, 777), (777, 333), (1200, 1200)])
def test_the_shape_of_the_box_stays_to_a_pixel(width: int, height: int) -> None:
    subject = shapes.picture(shapes.box_from_its_corner())
    _, _, before_across, before_down = box_of(subject)
    _, _, across, down = box_of(frame(subject, Frame(width=width, height=height)))
    assert abs(across - down * before_across / before_down) <= 1.5


@pytest.mark.parametrize(
    ("rows", "columns", "edge"),
    [
        (np.s_[200:400], np.s_[100:300], "bottom"),
        (np.s_[0:200], np.s_[100:300], "top"),
        (np.s_[100:300], np.s_[0:200], "left"),
        (np.s_[100:300], np.s_[200:400], "right"),
    ],
)
def test_what_a_photos_edge_cut_lies_on_the_canvas_edge(
    rows: slice, columns: slice, edge: str
) -> None:
    framed = frame(shapes.picture(shapes.block(rows, columns)), Frame(width=500))
    left, top, across, down = box_of(framed)
    ends = {"left": left, "top": top, "right": 500 - left - across, "bottom": 500 - top - down}
    assert ends.pop(edge) == 0
    assert min(ends.values()) > 0
    assert codes(framed) == [f"cut_at_{edge}", "low_resolution"][: 2 if across > 320 else 1]


@pytest.mark.parametrize(
    ("rows", "base", "below"),
    [
        pytest.param(np.s_[0:400], None, 0, id="cut above and below"),
        pytest.param(np.s_[0:200], 80, 100, id="cut above, in a scene with a ground"),
    ],
)
def test_nothing_hangs_that_can_stand(rows: slice, base: int | None, below: int) -> None:
    subject = shapes.picture(shapes.block(rows, np.s_[100:300]))
    framed = frame(subject, Frame(width=500, fill_percent=60, base_percent=base))
    _, top, _, down = box_of(framed)
    assert 500 - top - down == below


def test_what_two_opposite_edges_cut_spans_the_canvas() -> None:
    wide = shapes.picture(shapes.block(np.s_[150:250], np.s_[:]))
    assert box_of(frame(wide, Frame(width=600)))[::2] == (0, 600)
    # Twice as high as the canvas, it cannot: then it lies at one of them.
    assert box_of(frame(wide, Frame(width=600, height=100)))[:1] == (0,)


def test_a_crop_before_the_canvas_does_not_look_like_a_cut() -> None:
    subject = shapes.picture(shapes.block(np.s_[100:300], np.s_[150:250]))
    assert codes(frame(crop(subject, 0), Frame(width=300))) == []
    torso = shapes.picture(shapes.block(np.s_[200:400], np.s_[100:300]))
    assert codes(frame(crop(torso, 0), Frame(width=300))) == ["cut_at_bottom"]


def test_more_than_sixty_percent_larger_is_said() -> None:
    small = shapes.picture(shapes.block(np.s_[100:200], np.s_[100:200]))
    assert codes(frame(small, Frame(width=200, fill_percent=80))) == []
    (remark,) = frame(small, Frame(width=200, fill_percent=81)).remarks
    assert (remark.code, remark.facts) == ("low_resolution", {"enlargedPercent": 162})


def test_an_empty_matte_gives_an_empty_canvas_and_a_note() -> None:
    framed = frame(shapes.picture(np.zeros((50, 40), np.uint8)), Frame(width=100))
    assert (framed.width, framed.note, int(framed.cover.max())) == (100, "no_subject", 0)


def whole() -> Bytes:
    return np.full((60, 40), 255, np.uint8)


def single() -> Bytes:
    alpha = np.zeros((60, 40), np.uint8)
    alpha[59, 3] = 255
    return alpha


@pytest.mark.parametrize(
    ("alpha", "told"),
    list(
        product([whole(), single()], [{"width": 1280, "height": 64}, {"width": 64, "height": 1280}])
    ),
)
def test_odd_mattes_lie_on_odd_canvases(alpha: Bytes, told: dict[str, int]) -> None:
    framed = frame(shapes.picture(alpha), Frame(**told))
    assert framed.rgb.shape == (told["height"], told["width"], 3)
    assert int(framed.cover.max()) == 255


def test_an_opaque_photo_is_shown_whole() -> None:
    framed = frame(Picture(np.full((100, 50, 3), 9, np.uint8)), Frame(width=200))
    assert box_of(framed)[2:] == (100, 200)


def test_no_hidden_colour_gets_into_an_edge() -> None:
    alpha = shapes.cylinder()
    rgb = np.where(alpha[..., None] > 0, np.array((200, 30, 90), np.uint8), np.uint8(0))
    framed = frame(Picture(rgb, alpha), Frame(width=333))
    assert (framed.rgb[framed.cover > 0] == (200, 30, 90)).all()
