import numpy as np
import pytest
from PIL import Image

from darkroom.picture import Bytes, Floats
from darkroom.refining import by_colour, fit, guided, plain, softness, told_by_colour

SIDE = 512


def scene() -> tuple[Bytes, Bytes]:
    """A red disc on green, and its true alpha."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = np.hypot(rows - 256, columns - 256) < 150
    rgb = np.where(inside[..., None], (200, 40, 40), (40, 160, 60)).astype(np.uint8)
    return rgb, np.where(inside, 255, 0).astype(np.uint8)


def coarse(alpha: Bytes, side: int = 64) -> Floats:
    small = Image.fromarray(alpha).resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, np.float32) * np.float32(1 / 255)


def error(one: Bytes, other: Bytes) -> float:
    return float(np.abs(one.astype(np.float64) - other).mean())


def test_edges_follow_the_photo() -> None:
    rgb, truth = scene()
    before = plain(rgb, coarse(truth))
    assert error(guided(rgb, coarse(truth)), truth) < 0.85 * error(before, truth)
    assert error(told_by_colour(rgb, coarse(truth)), truth) < 0.65 * error(before, truth)


@pytest.mark.parametrize("refine", [guided, told_by_colour])
def test_a_sure_matte_is_not_touched_by_texture(refine: object) -> None:
    assert callable(refine)
    rgb = np.random.default_rng(4).integers(0, 256, (200, 300, 3), np.uint8)
    assert (refine(rgb, np.ones((64, 64), np.float32)) == 255).all()
    assert (refine(rgb, np.zeros((64, 64), np.float32)) == 0).all()


@pytest.mark.parametrize("refine", [guided, told_by_colour])
def test_a_photo_of_one_colour_keeps_its_matte(refine: object) -> None:
    assert callable(refine)
    rgb, truth = scene()
    flat = np.full_like(rgb, 90)
    assert error(refine(flat, coarse(truth)), plain(flat, coarse(truth))) < 2


def test_the_fit_is_exact_where_alpha_is_linear_in_colour() -> None:
    random = np.random.default_rng(5)
    colours = random.random((3, 40, 50), np.float32)
    alpha = np.tensordot(np.array((0.2, 0.5, 0.1), np.float32), colours, axes=1) + np.float32(0.1)
    fitted = fit(colours, alpha)
    again = (fitted[:3] * colours).sum(axis=0) + fitted[3]
    # The regularisation costs a little.
    assert np.abs(again - alpha).max() < 0.02


def test_doubt_is_settled_by_colour_and_certainty_is_not() -> None:
    colours = np.zeros((3, 30, 30), np.float32)
    colours[..., 15:] = 1
    alpha = np.where(np.arange(30) < 15, 0.0, 1.0).astype(np.float32)[None].repeat(30, 0)
    alpha[15, 13] = alpha[15, 16] = 0.5
    alpha[3, 3] = 1
    moved = by_colour(colours, alpha)
    assert moved[15, 13] < 0.1
    assert moved[15, 16] > 0.9
    assert moved[3, 3] == 1


def test_softness_by_hand() -> None:
    alpha = np.array((0, 0.5, 0.05, 1), np.float32)
    assert softness(alpha, np.float32(1)) == pytest.approx(np.array((0, 1, 0.19, 0)))
    assert softness(alpha, np.float32(2)) == pytest.approx(np.array((0, 1, 0.38, 0)))
