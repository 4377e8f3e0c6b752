"""Whole cut-outs against reference pictures: by structure (SSIM) and by the largest difference."""

from functools import cache

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from tests.golden import gold

MIN_SSIM = 0.995
# Other processors round differently inside the network.
MAX_DIFFERENCE = 12

EVERY = [(name, quality) for name in gold.PHOTOS for quality in RECIPES]


@cache
def result(name: str, quality: str, models: Models) -> Picture:
    return gold.cut_out(name, quality, models)


def reference(name: str, quality: str, kind: str) -> Bytes:
    return np.asarray(Image.open(gold.FOLDER / f"{name}-{quality}-{kind}.png"))


def similarity(one: Bytes, other: Bytes) -> float:
    channels = 2 if one.ndim == 3 else None
    found = structural_similarity(  # type: ignore[no-untyped-call]
        one, other, channel_axis=channels
    )
    return float(found)


def largest_difference(one: Bytes, other: Bytes) -> int:
    return int(np.abs(one.astype(np.int16) - other).max())


def check(ours: Bytes, theirs: Bytes) -> None:
    assert similarity(ours, theirs) > MIN_SSIM
    assert largest_difference(ours, theirs) <= MAX_DIFFERENCE


@pytest.mark.parametrize(("name", "quality"), EVERY)
def test_alpha_is_that_of_the_reference(name: str, quality: str, models: Models) -> None:
    ours = gold.alpha_of(result(name, quality, models))
    check(ours, reference(name, quality, "alpha"))


@pytest.mark.parametrize(("name", "quality"), EVERY)
def test_edge_colours_are_those_of_the_reference(name: str, quality: str, models: Models) -> None:
    ours = gold.edges_of(result(name, quality, models), gold.PHOTOS[name])
    check(ours, reference(name, quality, "edges"))


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_a_halo_would_be_noticed(name: str, models: Models) -> None:
    with_halo = Picture(gold.photo(name).rgb, result(name, "standard", models).alpha)
    ours = gold.edges_of(with_halo, gold.PHOTOS[name])
    with pytest.raises(AssertionError):
        check(ours, reference(name, "standard", "edges"))


def test_a_mask_shifted_by_two_pixels_would_be_noticed(models: Models) -> None:
    alpha = gold.solid_alpha(result("coffee", "standard", models))
    shifted = Picture(gold.photo("coffee").rgb, np.roll(alpha, 2, axis=1))
    with pytest.raises(AssertionError):
        check(gold.alpha_of(shifted), reference("coffee", "standard", "alpha"))
