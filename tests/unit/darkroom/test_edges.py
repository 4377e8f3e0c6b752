import numpy as np
import pytest

from darkroom.edges import box_sums, decontaminate, fuse, weighted_means
from tests.unit.darkroom.photos import disc


def test_box_sums_by_hand() -> None:
    values = np.array(((1, 2, 3, 4), (5, 6, 7, 8)), np.float32)
    planes = np.stack((values, -values))
    both = [14, 24, 30, 22]  # of 1 and 2 with 5 and 6, and so on
    assert box_sums(planes, 1).tolist() == [[both] * 2, [[-value for value in both]] * 2]
    assert box_sums(planes, 9)[0].tolist() == [[36] * 4] * 2
    tall = np.array(((1,), (1,), (5,), (5,)), np.float32)
    assert box_sums(tall[None], 1)[0].tolist() == [[2], [7], [11], [10]]


def test_means_take_the_subject_from_opaque_and_the_rest_from_clear_pixels() -> None:
    image = np.array((0.2, 0.4, 0.9), np.float32).reshape(1, 1, 3).repeat(3, 0)
    alpha = np.array((1, 0.5, 0), np.float32).reshape(1, 3)
    subject, rest = weighted_means(image, image, alpha, 1)
    # middle: (0.2 * 1 + 0.4 * 0.5) / 1.5 and (0.4 * 0.5 + 0.9 * 1) / 1.5
    assert subject[0, 0, 1] == pytest.approx(0.2667, abs=1e-3)
    assert rest[0, 0, 1] == pytest.approx(0.7333, abs=1e-3)


def test_fuse_keeps_what_is_opaque_and_solves_the_mix() -> None:
    image = np.array((0.7,), np.float32)
    one = np.array((1.0,), np.float32)
    assert fuse(image, np.float32(0.1) * one, np.float32(0.9) * one, one) == pytest.approx(0.7)
    # 0.3 + 0.5 * (0.7 - 0.5 * 0.3 - 0.5 * 0.9) = 0.35
    mixed = fuse(image, np.float32(0.3) * one, np.float32(0.9) * one, np.float32(0.5) * one)
    assert mixed == pytest.approx(0.35)


@pytest.mark.parametrize("side", [48, 200, 700])
def test_the_background_leaves_the_edge(side: int) -> None:
    alpha = disc(side, side / 3)
    weight = (np.asarray(alpha, np.float64) / 255)[..., None]
    red, green = np.array((200.0, 30, 40)), np.array((20.0, 220, 60))
    photo = np.rint(red * weight + green * (1 - weight)).astype(np.uint8)
    edge = (alpha > 25) & (alpha < 255)
    before = np.abs(photo[edge] - red).mean()
    after = np.abs(decontaminate(photo, alpha)[edge] - red).mean()
    assert before > 40
    assert after < before / 5


def test_opaque_pixels_keep_their_colour_and_the_input_is_left_alone() -> None:
    photo = np.random.default_rng(4).integers(0, 256, (150, 140, 3)).astype(np.uint8)
    alpha = np.zeros((150, 140), np.uint8)
    alpha[40:100, 30:90] = 255
    alpha[40, 30:90] = 120
    kept = photo.copy()
    cleaned = decontaminate(photo, alpha)
    changed = (cleaned != photo).any(axis=2)
    assert not changed[alpha == 255].any()
    assert changed[alpha == 120].any()
    assert (photo == kept).all()


@pytest.mark.parametrize("shape", [(3, 5000), (5000, 1), (1, 1)])
def test_any_shape_of_photo_has_edges(shape: tuple[int, int]) -> None:
    photo = np.full((*shape, 3), 90, np.uint8)
    assert (decontaminate(photo, np.full(shape, 128, np.uint8)) == 90).all()


def test_nothing_soft_means_nothing_to_do() -> None:
    photo = np.full((9, 9, 3), 7, np.uint8)
    assert (decontaminate(photo, np.full((9, 9), 255, np.uint8)) == photo).all()
