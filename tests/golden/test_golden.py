"""Whole cut-outs against reference pictures: by structure (SSIM) and by mean difference."""

from functools import cache

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from tests.golden import gold

# Other processors add up floats between int8 layers in another order, and what then falls on the
# other side of a rounding goes on through the network: most of all where it is in doubt (the cat).
MIN_SSIM = 0.99
MAX_MEAN_LEVELS = {"coffee": 0.06, "astronaut": 0.4, "chelsea": 2.5}

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


def difference(one: Bytes, other: Bytes) -> float:
    return float(np.abs(one.astype(np.int16) - other).mean())


def check(name: str, ours: Bytes, theirs: Bytes) -> None:
    assert similarity(ours, theirs) > MIN_SSIM
    assert difference(ours, theirs) <= MAX_MEAN_LEVELS[name]


@pytest.mark.parametrize(("name", "quality"), EVERY)
def test_alpha_is_that_of_the_reference(name: str, quality: str, models: Models) -> None:
    ours = gold.alpha_of(result(name, quality, models))
    check(name, ours, reference(name, quality, "alpha"))


@pytest.mark.parametrize(("name", "quality"), EVERY)
def test_edge_colours_are_those_of_the_reference(name: str, quality: str, models: Models) -> None:
    ours = gold.edges_of(result(name, quality, models), gold.PHOTOS[name])
    check(name, ours, reference(name, quality, "edges"))


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_a_halo_would_be_noticed(name: str, models: Models) -> None:
    with_halo = Picture(gold.photo(name).rgb, result(name, "standard", models).alpha)
    ours = gold.edges_of(with_halo, gold.PHOTOS[name])
    with pytest.raises(AssertionError):
        check(name, ours, reference(name, "standard", "edges"))


def test_a_mask_shifted_by_two_pixels_would_be_noticed(models: Models) -> None:
    alpha = gold.solid_alpha(result("coffee", "standard", models))
    shifted = Picture(gold.photo("coffee").rgb, np.roll(alpha, 2, axis=1))
    with pytest.raises(AssertionError):
        check("coffee", gold.alpha_of(shifted), reference("coffee", "standard", "alpha"))
