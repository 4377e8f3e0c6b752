"""Reducing to a number of pixels."""

import numpy as np
import pytest

from darkroom.picture import Picture
from darkroom.steps.shrink import shrink
from photo_steps import Shrink


@pytest.mark.parametrize(
    ("size", "pixels", "made"),
    [
        ((800, 450), 250_000, (666, 375)),  # 16 : 9
        ((1000, 1000), 250_000, (500, 500)),
        ((500, 500), 250_000, (500, 500)),
        ((3000, 10), 10_000, (1666, 6)),  # whose shorter side was rounded up
    ],
)
def test_both_sides_shrink_alike_until_there_are_no_more_pixels(
    size: tuple[int, int], pixels: int, made: tuple[int, int]
) -> None:
    width, height = size
    picture = Picture(np.zeros((height, width, 3), np.uint8))

    small = shrink(picture, Shrink(pixels=pixels))

    assert small.width * small.height <= pixels
    assert (small.width, small.height) == made
