from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from darkroom.finding import (
    both_ways,
    closer,
    decided,
    levels,
    look,
    solid,
    subject_box,
    surest,
    with_input,
)
from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from tests.unit.darkroom.test_matte import Answering

PHOTO = np.zeros((60, 90, 3), np.uint8)
BATCH = np.zeros((1, 3, 320, 320), np.float32)
NOBODY = Answering(np.zeros((320, 320), np.float32))


def saying(*answers: Floats | None) -> Callable[[Any, Models], Floats | None]:
    """A look or find that gives these answers, one after another."""
    left = list(answers)
    return lambda seen, models: left.pop(0)


def square(value: float, side: int = 320) -> Floats:
    return np.full((side, side), value, np.float32)


def halves(left: float, right: float) -> Floats:
    found = square(left)
    found[:, 160:] = right
    return found


def test_a_look_is_one_inference() -> None:
    models = Answering(halves(0, 1))
    found = look("u2netp")(BATCH, models)
    assert found is not None
    assert [name for name, _ in models.asked] == ["u2netp"]


def test_what_a_model_is_nearly_sure_of_is_sure() -> None:
    found = decided(saying(halves(0.05, 0.95)))(BATCH, NOBODY)
    doubt = decided(saying(halves(0.3, 0.5)))(BATCH, NOBODY)
    assert found is not None
    assert doubt is not None
    assert (found[0, 0], found[0, -1]) == (0, 1)
    # (0.3 - 0.1) / 0.8
    assert (doubt[0, 0], doubt[0, -1]) == (pytest.approx(0.25), pytest.approx(0.5))
    assert decided(saying(None))(BATCH, NOBODY) is None


def test_both_ways_turns_the_mirrored_answer_back() -> None:
    found = both_ways(saying(halves(0.2, 1), halves(0.6, 0)))(BATCH, NOBODY)
    assert found is not None
    assert found[0, 0] == pytest.approx(0.1)
    assert found[0, -1] == pytest.approx(0.8)


def test_both_ways_shows_the_photo_and_its_mirror_image() -> None:
    batch = np.random.default_rng(3).random((1, 3, 320, 320), np.float32)
    models = Answering(halves(0, 1))
    both_ways(look("u2net"))(batch, models)
    (_, straight), (_, mirrored) = models.asked
    assert (straight == batch).all()
    assert (mirrored == batch[..., ::-1]).all()


def test_all_looks_share_one_input() -> None:
    models = Answering(halves(0, 1))
    with_input(surest(look("u2net"), look("u2netp")))(PHOTO, models)
    (large, first), (small, second) = models.asked
    assert (large, small) == ("u2net", "u2netp")
    assert first is second


@pytest.mark.parametrize("answers", [(halves(0, 1), None), (None, halves(1, 0))])
def test_one_way_that_sees_something_is_enough(answers: tuple[Floats | None, ...]) -> None:
    found = both_ways(saying(*answers))(BATCH, NOBODY)
    assert found is not None
    assert (found == halves(0, 1)).all()


def test_the_surest_of_two_counts_and_haze_does_not() -> None:
    found = surest(saying(halves(1, 0.4)), saying(halves(0, 0.7)))(BATCH, NOBODY)
    assert found is not None
    assert found[0, 0] == 1
    assert found[0, -1] == pytest.approx(0.5)
    hazy = surest(saying(halves(1, 0.4)), saying(halves(0, 0.39)))(BATCH, NOBODY)
    assert hazy is not None
    assert hazy[0, -1] == 0


def test_the_first_model_says_whether_there_is_a_subject() -> None:
    assert surest(saying(None), saying(halves(0, 1)))(BATCH, NOBODY) is None
    found = surest(saying(halves(0, 1)), saying(None))(BATCH, NOBODY)
    assert found is not None
    assert (found == halves(0, 1)).all()


def centre(value: float = 1.0) -> Floats:
    found = square(0)
    found[120:200, 120:200] = value
    return found


def test_the_second_look_is_at_the_subject() -> None:
    seen: list[Bytes] = []

    def find(rgb: Bytes, models: Models) -> Floats | None:
        seen.append(rgb)
        return centre() if len(seen) == 1 else square(1)

    rgb = np.arange(600, dtype=np.uint8).repeat(3).reshape(1, 600, 3).repeat(400, axis=0)
    closer(find)(rgb, NOBODY)
    height, width = seen[1].shape[:2]
    # A quarter of each side, and 12 % of that on either side of it.
    assert height == pytest.approx(400 / 4 * 1.24, abs=6)
    assert width == pytest.approx(600 / 4 * 1.24, abs=8)


def test_the_second_look_neither_removes_nor_adds_but_settles() -> None:
    sure = closer(saying(centre(), square(0)))(PHOTO, NOBODY)
    assert sure is not None
    assert sure[320, 320] > 0.8
    nothing = closer(saying(centre(), square(1)))(PHOTO, NOBODY)
    assert nothing is not None
    assert nothing[225, 225] < 0.2
    doubtful = [closer(saying(centre(0.5), square(said)))(PHOTO, NOBODY) for said in (0.0, 1.0)]
    low, high = (found[320, 320] for found in doubtful if found is not None)
    assert low < 0.36
    assert high > 0.64


def test_without_a_second_answer_the_first_stays() -> None:
    found = closer(saying(centre(), None))(PHOTO, NOBODY)
    assert found is not None
    assert (found == centre()).all()
    assert closer(saying(None))(PHOTO, NOBODY) is None
    assert closer(saying(square(0)))(PHOTO, NOBODY) is not None


def test_a_subject_at_the_border_has_its_margin_cut() -> None:
    found = np.zeros((100, 100), np.float32)
    found[:50, 80:] = 1
    assert subject_box(found) == (78, 0, 100, 56)
    assert subject_box(np.zeros((9, 9), np.float32)) is None


def test_solid_drops_specks() -> None:
    speckled = centre()
    speckled[10:14, 10:14] = 1
    found = solid(saying(speckled))(PHOTO, NOBODY)
    assert found is not None
    assert (found == centre()).all()
    assert solid(saying(None))(PHOTO, NOBODY) is None


def test_levels_by_hand() -> None:
    low, high = np.float32(0.4), np.float32(0.8)
    values = np.array((0.2, 0.4, 0.5, 0.8, 1), np.float32)
    assert levels(values, low, high) == pytest.approx(np.array((0, 0, 0.25, 1, 1)))
