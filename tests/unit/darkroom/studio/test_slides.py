"""Slides: words that are read, within the safe area, and a picture that stays what it is."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pydantic import ValidationError

from darkroom.picture import Bytes, Picture
from darkroom.studio import slides
from darkroom.studio.slides import CONTRAST, contrast, slide
from photo_steps.slides import SAFE, SIZES, Line, Ratio, Slide, layouts

WORDS = {"title": "Tas selempang kulit", "price": "Rp 1.249.000", "note": "Stok terbatas"}
EVERY = [(layout, ratio) for layout in layouts() for ratio in SIZES]


def photo(width: int = 1000, height: int = 1000) -> Picture:
    """A grey ramp with a dark square in its middle."""
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[:] = np.linspace(120, 250, width).astype(np.uint8)[None, :, None]
    rgb[height // 3 : -height // 3, width // 3 : -width // 3] = 30
    return Picture(rgb)


def made(**told: object) -> Bytes:
    """The pixels of a slide."""
    return slide(photo(), Slide.model_validate(told)).rgb


@pytest.mark.parametrize(("layout", "ratio"), EVERY)
def test_words_stay_within_the_safe_area_whatever_they_are(layout: str, ratio: Ratio) -> None:
    long = {"title": "W" * 60, "price": "Rp 1.249.000.000.000.000", "note": "Mmmmmmmm " * 13}
    told = {"layout": layout, "ratio": ratio, "colour": "#e4572e"}

    changed = (made(**told, **long) != made(**told)).any(axis=-1)

    width, height = SIZES[ratio]
    rows, columns = np.nonzero(changed)
    margin = round(SAFE * width) - 1
    assert margin <= columns.min()
    assert columns.max() < width - margin
    assert rows.max() < height - margin + round(0.01 * height)
    assert rows.min() >= margin - round(0.02 * height)


@pytest.mark.parametrize(("layout", "ratio"), EVERY)
def test_every_part_is_written_and_none_over_another(layout: str, ratio: Ratio) -> None:
    told = {"layout": layout, "ratio": ratio}
    plain = made(**told)
    parts = [(made(**told, **{name: WORDS[name]}) != plain).any(axis=-1) for name in WORDS]

    assert all(part.sum() > 500 for part in parts)
    assert sum(part.astype(int) for part in parts).max() == 1


@pytest.mark.parametrize("layout", layouts())
def test_what_is_cut_off_is_told(layout: str) -> None:
    shown = slide(photo(), Slide(layout=layout, title="W" * 60))
    whole = slide(photo(), Slide(layout=layout, **WORDS))

    assert (shown.note, whole.note) == ("text_cut", None)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_words_are_read_on_every_accent(colour: tuple[int, int, int]) -> None:
    assert contrast(slides._on(colour), colour) >= CONTRAST


def test_words_on_a_white_picture_are_read() -> None:
    white = Picture(np.full((1080, 1080, 3), 255, np.uint8))

    ground = slide(white, Slide(layout="shade")).rgb[round(1080 * 0.66) :]

    assert min(contrast(slides.PAPER, tuple(pixel)) for pixel in ground[:, 540]) >= CONTRAST


def test_a_picture_that_has_nearly_the_shape_fills_its_place_and_another_is_shown_whole() -> None:
    nearly, long = photo(1000, 1040), photo(400, 1600)

    filled = slide(nearly, Slide(layout="shade")).rgb
    whole = slide(long, Slide(layout="shade")).rgb

    assert filled[10, 5].tolist() != filled[10, 1070].tolist()  # the ramp goes from edge to edge
    square = (whole[: 1080 // 2] < 60).all(axis=-1)
    assert 80 < square[520].sum() < 100


def test_what_is_transparent_lies_on_paper() -> None:
    rgb, alpha = np.zeros((500, 500, 3), np.uint8), np.zeros((500, 500), np.uint8)

    shown = slide(Picture(rgb, alpha), Slide(layout="gallery"))

    assert shown.alpha is None
    assert (shown.rgb[200:800, 200:800] == 255).all()


def test_the_dot_of_its_place_is_the_clear_one() -> None:
    first, last = made(place=(1, 5)), made(place=(5, 5))

    changed = np.nonzero((first != last).any(axis=-1))[1]

    assert changed.min() < 540 < changed.max()
    assert (made() != first).any(axis=-1).sum() > 5 * 50  # five dots


def test_every_letter_that_may_be_written_is_in_the_font() -> None:
    pattern = Line.__value__.__metadata__[0].metadata[0].pattern
    letters = [chr(code) for code in range(32, 0x2200) if re.match(pattern, chr(code))]
    font = slides._font("Bold", 40)

    def drawn(letter: str) -> bytes:
        image = Image.new("L", (80, 80))
        ImageDraw.Draw(image).text((10, 60), letter, fill=255, font=font, anchor="ls")
        return image.tobytes()

    missing = drawn("\u0378")  # which is no letter at all
    assert len(letters) > 180
    assert [letter for letter in letters if drawn(letter) == missing] == []


@pytest.mark.parametrize(
    "told",
    [
        {"title": "Sepatu 🔥"},
        {"title": "x" * 61},
        {"price": "line\nbreak"},
        {"layout": "none-such"},
        {"colour": "red"},
        {"place": (3, 2)},
        {"ratio": "9:16"},
    ],
)
def test_what_cannot_be_shown_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Slide.model_validate(told)
