"""Each step of the studio and each family of templates against a reference picture."""

import numpy as np
import pytest
from PIL import Image

from darkroom.picture import Bytes
from tests.golden import studio
from tests.golden.test_golden import similarity

MIN_SSIM = 0.995
# Sines and powers round differently on other processors, and dithering turns that into a level.
MAX_DIFFERENCE = 10

EVERY = studio.every()


def reference(name: str) -> Bytes:
    return np.asarray(Image.open(studio.FOLDER / f"{name}.png"))


def largest_difference(one: Bytes, other: Bytes) -> int:
    return int(np.abs(one.astype(np.int16) - other).max())


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_is_that_of_the_reference(name: str) -> None:
    ours, theirs = studio.small(EVERY[name]()), reference(name)
    assert similarity(ours, theirs) > MIN_SSIM
    assert largest_difference(ours, theirs) <= MAX_DIFFERENCE


def test_a_shadow_of_half_the_strength_would_be_noticed() -> None:
    natural, none = reference("shadow-natural"), studio.small(EVERY["frame"]())
    assert largest_difference(natural, none) > MAX_DIFFERENCE
    half = ((natural.astype(int) + studio.small(EVERY["light-studio"]())) // 2).astype(np.uint8)
    assert largest_difference(half, natural) > MAX_DIFFERENCE


def test_every_reference_is_compared() -> None:
    assert {path.stem for path in studio.FOLDER.iterdir()} == set(EVERY)
