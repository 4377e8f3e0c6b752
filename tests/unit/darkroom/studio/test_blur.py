"""Soft copies: what a Gaussian of that deviation gives, and nothing lost."""

import numpy as np
import pytest

from darkroom.studio.blur import blurred, resized
from darkroom.studio.small import reduced


@pytest.mark.parametrize("deviation", [0.7, 2.0, 6.0, 20.0])
def test_an_edge_becomes_as_soft_as_it_was_told(deviation: float) -> None:
    edge = np.zeros((40, 400), np.float32)
    edge[:, 200:] = 1
    row = blurred(edge, deviation)[20]
    # One deviation beside the edge a Gaussian has 0.159 and 0.841 of it.
    before = np.interp(199.5 - deviation, np.arange(400), row)
    after = np.interp(199.5 + deviation, np.arange(400), row)
    assert before == pytest.approx(0.159, abs=0.02)
    assert after == pytest.approx(0.841, abs=0.02)


@pytest.mark.parametrize("deviation", [0.0, 0.3, 1.0, 9.0, 80.0])
def test_an_even_field_stays_and_a_spot_keeps_its_sum(deviation: float) -> None:
    even = np.full((50, 70), 0.4, np.float32)
    assert blurred(even, deviation) == pytest.approx(even, abs=1e-5)
    if deviation < 5:
        spot = np.zeros((61, 61), np.float32)
        spot[30, 30] = 1
        assert float(blurred(spot, deviation).sum()) == pytest.approx(1, abs=1e-3)


def test_across_and_down_are_two_things() -> None:
    spot = np.zeros((41, 41), np.float32)
    spot[20, 20] = 1
    soft = blurred(spot, 4, 0)
    assert float(soft[20].sum()) == pytest.approx(1, abs=0.02)
    assert float(soft[19].sum()) == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 3)])
def test_the_smallest_fields_are_blurred_too(shape: tuple[int, int]) -> None:
    assert blurred(np.ones(shape, np.float32), 5) == pytest.approx(np.ones(shape))


def test_a_part_is_enlarged_as_it_lies_in_the_whole() -> None:
    field = np.random.default_rng(1).random((20, 30), np.float32)
    whole = resized(field, 300, 200)
    part = resized(field, 300, 50, box=(0, 5, 30, 10))
    assert part == pytest.approx(whole[50:100], abs=1e-5)


def test_a_small_copy_has_the_mean_of_the_large_one() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (400, 300)).astype(np.uint8)
    small = reduced(pixels, 0.1)
    assert small.shape == (40, 30)
    assert float(small.mean()) == pytest.approx(float(pixels.mean()) / 255, rel=0.01)
    assert reduced(pixels, 1.0) == pytest.approx(pixels / 255)
