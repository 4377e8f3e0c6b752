from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from darkroom import framing
from darkroom.compose import lay_on
from darkroom.framing import crop, fit
from darkroom.picture import Bytes, Picture
from tests.unit.darkroom.photos import disc


def with_subject(rows: slice, columns: slice, alpha: int = 255) -> Picture:
    """100 x 60 pixels that number themselves, opaque at one place."""
    seen = np.zeros((60, 100), np.uint8)
    seen[rows, columns] = alpha
    down, across = np.mgrid[:60, :100].astype(np.uint8)
    return Picture(np.stack([down, across, seen], axis=-1), seen, format="webp")


def corner(picture: Picture) -> tuple[int, int]:
    """Left and top of what was cropped."""
    return int(picture.rgb[0, 0, 1]), int(picture.rgb[0, 0, 0])


@pytest.mark.parametrize(
    ("margin", "left_top", "size"),
    [
        (0, (20, 10), (40, 8)),
        (5, (18, 8), (44, 12)),  # 5 % of 40 = 2
        (1, (20, 10), (40, 8)),  # 0.4
        (2, (19, 9), (42, 10)),  # 0.8
        (50, (0, 0), (80, 38)),  # 20: ends above and at the left, at 80 and at 38
    ],
)
def test_a_crop_has_its_margin_as_far_as_the_photo_goes(
    margin: int, left_top: tuple[int, int], size: tuple[int, int]
) -> None:
    cropped = crop(with_subject(np.s_[10:18], np.s_[20:60]), margin)
    assert corner(cropped) == left_top
    assert (cropped.width, cropped.height) == size
    assert cropped.alpha is not None
    assert (cropped.alpha == cropped.rgb[..., 2]).all()
    assert cropped.format == "webp"


def test_a_crop_at_the_far_edges() -> None:
    cropped = crop(with_subject(np.s_[55:60], np.s_[90:100]), 10)
    assert (corner(cropped), cropped.width, cropped.height) == ((89, 54), 11, 6)


def test_haze_is_no_subject_and_a_faint_edge_is() -> None:
    picture = with_subject(np.s_[10:18], np.s_[20:60])
    assert picture.alpha is not None
    picture.alpha[0] = 12
    picture.alpha[10:18, 60] = 13
    assert crop(picture, 0).width == 41


@pytest.mark.parametrize("alpha", [0, 12])
def test_where_nothing_shows_the_picture_stays_whole(alpha: int) -> None:
    picture = with_subject(np.s_[10:18], np.s_[20:60], alpha)
    assert crop(picture, 5) is picture


def test_a_picture_left_whole_is_not_cropped_and_keeps_its_note() -> None:
    whole = replace(with_subject(np.s_[:], np.s_[:]), note="no_subject")
    cropped = crop(whole, 5)
    assert (cropped.width, cropped.height, cropped.note) == (100, 60, "no_subject")
    opaque = Picture(whole.rgb)
    assert crop(opaque, 5) is opaque


@pytest.mark.parametrize(
    ("size", "side", "fitted"),
    [
        ((400, 300), 200, (200, 150)),
        ((300, 400), 200, (150, 200)),
        ((401, 300), 200, (200, 150)),
        ((400, 1), 64, (64, 1)),
        ((1, 400), 64, (1, 64)),
        ((65, 64), 64, (64, 63)),
    ],
)
def test_the_longer_side_fits_and_the_shape_stays(
    size: tuple[int, int], side: int, fitted: tuple[int, int]
) -> None:
    picture = Picture(np.zeros((size[1], size[0], 3), np.uint8), note="no_subject")
    reduced = fit(picture, side)
    assert (reduced.width, reduced.height) == fitted
    assert (reduced.alpha, reduced.note) == (None, "no_subject")


@pytest.mark.parametrize("side", [64, 65, 16383])
def test_nothing_is_enlarged(side: int) -> None:
    picture = Picture(np.zeros((10, 64, 3), np.uint8))
    assert fit(picture, side) is picture


@pytest.mark.parametrize("hidden", [0, 255])
@pytest.mark.parametrize("shown", [(200, 30, 90), (255, 255, 255), (0, 0, 0)])
def test_no_hidden_colour_gets_into_an_edge(hidden: int, shown: tuple[int, int, int]) -> None:
    alpha = disc(256, 90)
    rgb = np.where(alpha[..., None] > 0, np.array(shown, np.uint8), np.uint8(hidden))
    reduced = fit(Picture(rgb, alpha), 100)
    assert reduced.alpha is not None
    visible = reduced.alpha > 0
    assert (reduced.rgb[visible] == shown).all()


def test_no_line_is_drawn_beside_a_hard_edge() -> None:
    alpha = np.zeros((400, 400), np.uint8)
    alpha[:, 203:] = 255
    reduced = fit(Picture(np.full((400, 400, 3), 180, np.uint8), alpha), 100)
    assert reduced.alpha is not None
    assert np.unique(reduced.alpha).size <= 5
    assert (reduced.alpha[:, :49] == 0).all()
    assert (reduced.alpha[:, 53:] == 255).all()
    on_black = lay_on(reduced.rgb, reduced.alpha, (0, 0, 0))
    assert on_black.max() == 180


def test_strips_make_what_the_whole_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    picture = Picture(rng.integers(0, 256, (333, 211, 3)).astype(np.uint8), disc(333)[:, 61:272])
    at_once = fit(picture, 97)
    monkeypatch.setattr(framing, "_READ_PIXELS", 0)
    in_strips = fit(picture, 97)
    assert differ(in_strips.rgb, at_once.rgb) <= 1
    assert in_strips.alpha is not None
    assert at_once.alpha is not None
    assert differ(in_strips.alpha, at_once.alpha) <= 1


def test_an_opaque_picture_is_reduced_as_pillow_does() -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (300, 200, 3)).astype(np.uint8)
    pillow = np.asarray(Image.fromarray(rgb).resize((67, 100), Image.Resampling.BICUBIC))
    assert differ(fit(Picture(rgb), 100).rgb, pillow) <= 2


def differ(one: Bytes, other: Bytes) -> int:
    """Largest difference of two arrays of one shape."""
    return int(np.abs(one.astype(np.int16) - other).max())
