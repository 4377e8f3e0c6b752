import numpy as np
import pytest
from PIL import Image

from darkroom.matte import full_size
from darkroom.tiling import around, enlarged, tiles


@pytest.mark.parametrize("shape", [(1, 1), (128, 128), (129, 300), (300, 7)])
def test_tiles_cover_every_pixel_once(shape: tuple[int, int]) -> None:
    seen = np.zeros(shape, np.uint8)
    for tile in tiles(shape):
        seen[tile] += 1
    assert (seen == 1).all()


def test_a_tile_is_what_the_whole_would_show_there() -> None:
    small = Image.fromarray(np.random.default_rng(2).random((40, 50), np.float32))
    lanczos = Image.Resampling.LANCZOS
    whole = np.asarray(small.resize((330, 290), lanczos))
    for tile in tiles(whole.shape):
        part = np.asarray(enlarged(small, tile, whole.shape, lanczos))
        assert np.abs(part - whole[tile]).max() < 1e-5


def test_what_lies_outside_of_around_does_not_count() -> None:
    small = np.zeros((40, 50), np.float32)
    shape = (400, 400)
    tile = tiles(shape)[5]
    around(small, tile, shape)[:] = 1
    lanczos = Image.Resampling.LANCZOS
    inside = np.asarray(enlarged(Image.fromarray(small), tile, shape, lanczos))
    assert np.abs(inside - 1).max() < 1e-6


@pytest.mark.parametrize("size", [(1500, 900), (300, 200)])
def test_skipping_even_tiles_changes_nothing(size: tuple[int, int]) -> None:
    # The subject begins 4 pixels beyond what the first tile of 300 covers: near when reduced.
    matte = np.zeros((1280, 1280), np.float32)
    matte[100:900, 550:] = 1
    whole = np.asarray(Image.fromarray(matte).resize(size, Image.Resampling.LANCZOS))
    levels = np.rint(whole.clip(0, 1) * 255)
    levels[levels <= 1], levels[levels >= 254] = 0, 255
    # Halves may be rounded the other way.
    assert np.abs(full_size(matte, *size) - levels).max() <= 1
