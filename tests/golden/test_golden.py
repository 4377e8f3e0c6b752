"""Whole cut-outs against reference pictures: by structure (SSIM) and by the largest difference."""

from functools import cache

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps import TIERS
from darkroom.weights import manifest
from models.fetch import CACHE
from tests.golden import gold

MIN_SSIM = 0.995
# Other processors round differently inside the network.
MAX_DIFFERENCE = 12

pytestmark = pytest.mark.skipif(
    not all((CACHE / weights.file_name).is_file() for weights in manifest().values()),
    reason="no model weights: run `python -m models.fetch`",
)
EVERY = [(name, quality) for name in gold.PHOTOS for quality in TIERS]


@cache
def models() -> Models:
    return Models(lambda name: CACHE / manifest()[name].file_name, threads=2)


@cache
def result(name: str, quality: str) -> Picture:
    return gold.cut_out(name, quality, models())


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


@pytest.mark.parametrize(("name", "quality"), EVERY)
def test_alpha_is_that_of_the_reference(name: str, quality: str) -> None:
    ours, theirs = gold.alpha_of(result(name, quality)), reference(name, quality, "alpha")
    assert similarity(ours, theirs) > MIN_SSIM
    assert largest_difference(ours, theirs) <= MAX_DIFFERENCE


@pytest.mark.parametrize(("name", "quality"), EVERY)
def test_edge_colours_are_those_of_the_reference(name: str, quality: str) -> None:
    ours = gold.edges_of(result(name, quality), gold.PHOTOS[name])
    theirs = reference(name, quality, "edges")
    assert similarity(ours, theirs) > MIN_SSIM
    assert largest_difference(ours, theirs) <= MAX_DIFFERENCE


@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_a_halo_would_be_noticed(name: str) -> None:
    alpha = result(name, "standard").alpha
    with_halo = Picture(gold.photo(name).rgb, alpha)
    ours = gold.edges_of(with_halo, gold.PHOTOS[name])
    assert largest_difference(ours, reference(name, "standard", "edges")) > 2 * MAX_DIFFERENCE


def test_a_mask_shifted_by_two_pixels_would_be_noticed() -> None:
    alpha = gold.solid_alpha(result("coffee", "standard"))
    shifted = Picture(gold.photo("coffee").rgb, np.roll(alpha, 2, axis=1))
    assert similarity(gold.alpha_of(shifted), reference("coffee", "standard", "alpha")) < MIN_SSIM
