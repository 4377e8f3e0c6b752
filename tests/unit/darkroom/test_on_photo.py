"""Laying a picture on another one."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from darkroom.errors import PhotoRefused
from darkroom.picture import Picture
from darkroom.steps.on_photo import on_photo
from photo_steps import OnPhoto


def file(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


CLEAR = Picture(np.zeros((20, 40, 3), np.uint8), np.zeros((20, 40), np.uint8))


def behind(image: Image.Image, picture: Picture = CLEAR) -> Picture:
    return on_photo(picture, OnPhoto(key="k"), stored={"k": file(image)}.__getitem__)


def test_the_middle_of_it_covers_the_canvas() -> None:
    image = Image.new("RGB", (40, 60), "red")
    image.paste("blue", (0, 20, 40, 40))

    made = behind(image)

    assert (made.width, made.height, made.alpha) == (40, 20, None)
    assert (made.rgb == (0, 0, 255)).all()


def test_one_of_the_canvas_own_size_stays_as_it_is() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (20, 40, 3)).astype(np.uint8)

    assert (behind(Image.fromarray(pixels)).rgb == pixels).all()


def test_what_is_transparent_in_it_is_white_and_the_subject_lies_on_it() -> None:
    alpha = CLEAR.cover.copy()
    alpha[5, 5] = 255

    made = behind(Image.new("RGBA", (8, 8)), replace(CLEAR, alpha=alpha))

    assert made.rgb[5, 5].tolist() == [0, 0, 0]
    assert made.rgb[0, 0].tolist() == [255, 255, 255]


def test_what_is_no_picture_is_refused_as_the_background() -> None:
    with pytest.raises(PhotoRefused) as refused:
        on_photo(CLEAR, OnPhoto(key="k"), stored=lambda _: b"<html>")
    assert refused.value.message.startswith("The background: ")
