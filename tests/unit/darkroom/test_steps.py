"""The steps that are not the pixel functions of `framing` and `cutout` under a name."""

import numpy as np
import pytest

from darkroom.compose import WHITE
from darkroom.errors import PhotoRefused
from darkroom.picture import Bytes, Picture
from darkroom.steps.crop import crop
from darkroom.steps.keep import keep
from darkroom.steps.mask import mask
from darkroom.steps.measure import measure
from darkroom.steps.on_colour import on_colour
from darkroom.steps.save_as import save_as
from photo_steps import Crop, Keep, Mask, Measure, OnColour, SaveAs


def level(value: int, shape: tuple[int, ...]) -> Bytes:
    return np.full(shape, value, np.uint8)


def test_a_mask_shows_the_alpha_in_grey() -> None:
    alpha = np.array([[0, 13, 255]], np.uint8)
    picture = Picture(level(9, (1, 3, 3)), alpha, WHITE, "no_subject", format="webp")
    shown = mask(picture, Mask())
    assert shown.rgb.tolist() == [[[0] * 3, [13] * 3, [255] * 3]]
    assert (shown.alpha, shown.backdrop, shown.is_grey) == (None, None, True)
    assert (shown.note, shown.format) == ("no_subject", "webp")


def test_the_mask_of_an_opaque_picture_is_white() -> None:
    assert (mask(Picture(level(9, (2, 3, 3))), Mask()).rgb == 255).all()


def test_a_colour_is_put_behind_a_subject_that_stays_apart() -> None:
    picture = Picture(level(9, (4, 4, 3)), np.diag([255, 0, 0, 0]).astype(np.uint8))
    before = on_colour(picture, OnColour(colour="#Ff8001"))
    assert before.backdrop == (255, 128, 1)
    assert (before.rgb is picture.rgb, before.alpha is picture.alpha) == (True, True)
    assert crop(before, Crop(margin=0)).rgb.shape == (1, 1, 3)


def test_a_format_is_noted_and_nothing_else() -> None:
    picture = Picture(level(9, (2, 3, 3)))
    saved = save_as(picture, SaveAs(format="jpeg"))
    assert (saved.format, saved.rgb is picture.rgb) == ("jpeg", True)


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (500, 8000, None),
        (499, 8000, "photo_too_small"),
        (500, 499, "photo_too_small"),
        (8001, 500, "too_many_pixels"),
        (500, 8001, "too_many_pixels"),
    ],
)
def test_a_picture_is_measured_on_both_sides(width: int, height: int, code: str | None) -> None:
    picture = Picture(np.broadcast_to(np.uint8(0), (height, width, 3)))
    told = Measure(min_side=500, max_side=8000)
    if code is None:
        assert measure(picture, told) is picture
        return
    with pytest.raises(PhotoRefused, match=f"{width} x {height}") as refused:
        measure(picture, told)
    assert refused.value.code == code


@pytest.mark.parametrize("sent_as", ["TIFF", "BMP", "GIF"])
def test_what_few_programs_show_is_not_kept(sent_as: str) -> None:
    with pytest.raises(PhotoRefused, match=sent_as) as refused:
        keep(Picture(level(9, (2, 3, 3)), sent_as=sent_as), Keep())
    assert refused.value.code == "unsupported_format"


@pytest.mark.parametrize("sent_as", ["JPEG", "PNG", "WebP", "HEIC", "AVIF"])
def test_what_is_kept_is_noted(sent_as: str) -> None:
    assert keep(Picture(level(9, (2, 3, 3)), sent_as=sent_as), Keep()).is_kept
