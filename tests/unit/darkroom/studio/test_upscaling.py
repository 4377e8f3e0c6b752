"""Enlarging: what a network draws is bound to what the photo shows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom.errors import TooLargeToUpscale
from darkroom.models import Models
from darkroom.picture import Floats, Picture
from darkroom.steps.operation import OPERATIONS
from darkroom.studio import upscaling
from darkroom.studio.upscaling import upscale
from tests.unit.darkroom.studio import shapes


class Network(Models):
    """Draws what a test says in place of the network."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw
        self.tiles: list[tuple[int, ...]] = []

    def run(self, name: str, batch: Floats) -> Floats:
        assert name == "realesr-animevideov3-x4"
        assert batch.dtype == np.float32
        self.tiles.append(batch.shape)
        return np.asarray(self._draw(batch), np.float32)


def nearest(batch: Floats) -> Floats:
    return batch.repeat(4, axis=2).repeat(4, axis=3)


def inventive(batch: Floats) -> Floats:
    """A network that makes everything redder and draws strokes of its own."""
    drawn = nearest(batch)
    drawn[:, 0] += 0.3
    drawn[:, :, ::3] -= 0.2
    return drawn


def photo(width: int = 60, height: int = 40) -> Picture:
    rng = np.random.default_rng(6)
    small = rng.integers(0, 256, (height // 4, width // 4, 3)).astype(np.uint8)
    image = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    return Picture(np.asarray(image))


@pytest.mark.parametrize("factor", [2, 4])
@pytest.mark.parametrize("draw", [nearest, inventive])
def test_reduced_again_it_is_the_photo_whatever_the_network_invents(factor: int, draw: Any) -> None:
    before = photo()
    after = upscale(before, factor, Network(draw))
    assert (after.width, after.height) == (60 * factor, 40 * factor)
    again = Image.fromarray(after.rgb).resize((60, 40), Image.Resampling.LANCZOS)
    assert np.abs(np.asarray(again).astype(int) - before.rgb).mean() < 2.5


def test_a_compressed_photo_is_bound_less_to_what_compression_left_in_it() -> None:
    drawn = {
        sent_as: upscale(replace(photo(), sent_as=sent_as), 4, Network(inventive)).rgb.astype(int)
        for sent_as in ("PNG", "JPEG", "WebP")
    }
    small = Image.fromarray(photo().rgb)
    plain = np.asarray(small.resize((240, 160), Image.Resampling.LANCZOS)).astype(int)
    assert (drawn["JPEG"] == drawn["WebP"]).all()
    # Less is taken back of what the network drew.
    assert np.abs(drawn["JPEG"] - plain).mean() > np.abs(drawn["PNG"] - plain).mean()


def test_tiles_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    before, network = photo(600, 300), Network(nearest)
    in_tiles = upscale(before, 2, network).rgb
    assert len(network.tiles) == 6
    assert max(max(tile) for tile in network.tiles) == 288
    monkeypatch.setattr(upscaling, "_TILE_PX", 1000)
    assert np.abs(in_tiles.astype(int) - upscale(before, 2, network).rgb).max() <= 1


def test_only_the_box_of_the_subject_is_sent_and_no_hidden_colour_is_seen() -> None:
    alpha = np.zeros((100, 120), np.uint8)
    alpha[40:60, 30:70] = 255
    rgb = np.where(alpha[..., None] > 0, np.array((210, 40, 60), np.uint8), np.uint8(0))
    network = Network(nearest)
    after = upscale(Picture(rgb, alpha), 4, network)
    assert network.tiles == [(1, 3, 20 + 32, 40 + 32)]
    assert after.alpha is not None
    assert after.alpha.shape == (400, 480)
    seen = after.alpha > 128
    assert np.abs(after.rgb[seen].astype(int) - (210, 40, 60)).max() <= 2


def test_what_would_be_too_large_is_refused_with_its_size() -> None:
    with pytest.raises(TooLargeToUpscale) as refused:
        upscale(Picture(np.zeros((10, 1201, 3), np.uint8)), 4, Network(nearest))
    assert refused.value.facts == {"width": 4804, "height": 40, "maxSide": 4800}


def test_a_picture_without_a_subject_asks_no_network() -> None:
    network = Network(nearest)
    after = upscale(shapes.picture(np.zeros((20, 30), np.uint8)), 2, network)
    assert (after.width, network.tiles) == (60, [])


def test_it_is_kept_so_that_it_is_not_made_twice() -> None:
    assert OPERATIONS["upscale"].is_costly
    assert OPERATIONS["upscale"].needs == {"models"}


def test_the_real_network_is_nearer_to_the_truth_than_lanczos(models: Models) -> None:
    truth = np.asarray(Image.open("docs/images/cutouts.png").convert("RGB"))[40:296, 40:296]
    small = Image.fromarray(truth).resize((64, 64), Image.Resampling.LANCZOS)

    def error(rgb: np.ndarray) -> float:
        return float(((rgb.astype(float) - truth) ** 2).mean())

    ours = upscale(Picture(np.asarray(small)), 4, models).rgb
    lanczos = np.asarray(small.resize((256, 256), Image.Resampling.LANCZOS))
    assert error(ours) < 0.95 * error(lanczos)
