"""A limit of bytes: which quality and which size it costs."""

import numpy as np
import pytest

from darkroom.exporting.squeezing import Limit, Squeezed, squeezed
from darkroom.picture import Picture
from photo_steps import Format


def blank(width: int, height: int) -> Picture:
    return Picture(np.zeros((height, width, 3), np.uint8))


class Encoder:
    """Files as large as pixels times quality in percent; PNGs as large as their pixels."""

    def __init__(self) -> None:
        self.tried: list[int] = []

    def __call__(self, picture: Picture, format: Format, quality: int) -> bytes:
        self.tried.append(quality)
        share = 100 if format == "png" else quality
        return bytes(picture.width * picture.height * share // 100)


def made(
    max_bytes: int | None, min_side_px: int | None = 64, format: Format = "jpeg"
) -> tuple[Squeezed, Encoder]:
    encode = Encoder()
    limit = Limit(max_bytes, min_side_px)
    return squeezed(blank(400, 200), format, 90, limit, blank, encode), encode


@pytest.mark.parametrize("max_bytes", [None, 80_000, 72_000])
def test_what_fits_is_encoded_once(max_bytes: int | None) -> None:
    file, encode = made(max_bytes)
    assert (file.quality, file.picture.width, encode.tried) == (90, 400, [90])


@pytest.mark.parametrize("quality", range(60, 90))
def test_the_best_quality_that_fits_is_found_in_seven_tries(quality: int) -> None:
    file, encode = made(80_000 * quality // 100)
    assert (file.quality, file.picture.width) == (quality, 400)
    assert len(encode.tried) <= 7


def test_below_60_the_size_shrinks_and_quality_is_as_good_as_fits_then() -> None:
    file, _ = made(40_000)
    assert (file.picture.width, file.picture.height) == (360, 180)
    assert (file.quality, len(file.data)) == (61, 39_528)


def test_a_png_shrinks_until_it_fits() -> None:
    file, _ = made(20_000, format="png")
    assert (file.picture.width, file.picture.height, len(file.data)) == (200, 100, 20_000)


@pytest.mark.parametrize("min_side_px", [None, 150])
def test_where_it_may_not_shrink_it_stays_too_large(min_side_px: int | None) -> None:
    file, _ = made(5_000, min_side_px)
    assert (file.picture.width, file.quality) == (400, 60)
    assert len(file.data) > 5_000
