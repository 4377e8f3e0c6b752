from pathlib import Path

import numpy as np
import pytest

from darkroom import matte
from darkroom.models import Models
from darkroom.picture import Floats


class Answering(Models):
    """Gives a fixed raw matte and keeps what it was asked."""

    def __init__(self, raw: Floats) -> None:
        super().__init__(lambda name: Path(name), 1)
        self.raw = raw
        self.asked: list[tuple[str, Floats]] = []

    def run(self, name: str, batch: Floats) -> Floats:
        self.ran.add(name)
        self.asked.append((name, batch))
        return self.raw[None, None]


def test_input_is_scaled_by_its_own_maximum_and_normalised() -> None:
    rgb = np.full((10, 30, 3), (100, 50, 200), np.uint8)
    batch = matte.model_input(rgb)
    assert batch.shape == (1, 3, 320, 320)
    assert batch.dtype == np.float32
    # (100 / 200 - 0.485) / 0.229, (50 / 200 - 0.456) / 0.224, (200 / 200 - 0.406) / 0.225
    assert batch[0, :, 7, 9] == pytest.approx((0.0655, -0.9196, 2.64), abs=1e-3)


def test_a_black_photo_does_not_divide_by_zero() -> None:
    assert np.isfinite(matte.model_input(np.zeros((8, 8, 3), np.uint8))).all()


def test_a_seen_subject_is_stretched_to_all_of_the_range() -> None:
    raw = np.array(((0.1, 0.35), (0.6, 0.6)), np.float32)
    stretched = matte.stretch(raw)
    assert stretched is not None
    assert stretched == pytest.approx(np.array(((0, 0.5), (1, 1))))


@pytest.mark.parametrize("raw", [((0.0, 0.49),), ((0.0, 0.0),), ((0.9, 0.9),)])
def test_what_is_too_faint_is_not_stretched_into_noise(raw: tuple[tuple[float, ...]]) -> None:
    assert matte.stretch(np.array(raw, np.float32)) is None


@pytest.mark.parametrize(
    ("near", "is_seen"),
    [pytest.param(0.32, False, id="a spark in a flat photo"), pytest.param(0.42, True, id="thin")],
)
def test_a_few_pixels_are_a_subject_only_with_a_body_around_them(
    near: float, is_seen: bool
) -> None:
    raw = np.zeros((320, 320), np.float32)
    raw.flat[:201] = near
    raw.flat[:30] = 0.6

    assert (matte.stretch(raw) is not None) == is_seen


def test_a_large_body_that_never_peaks_is_haze() -> None:
    raw = np.zeros((320, 320), np.float32)
    raw[:100] = 0.49

    assert matte.stretch(raw) is None


def test_infer_asks_the_named_model_once() -> None:
    raw = np.zeros((320, 320), np.float32)
    raw[:160] = 1
    models = Answering(raw)
    found = matte.infer(np.zeros((1, 3, 320, 320), np.float32), "u2netp", models)
    assert found is not None
    assert (found == raw).all()
    assert [name for name, _ in models.asked] == ["u2netp"]


def test_ripple_near_both_ends_is_flattened() -> None:
    levels = np.array((-0.1, 0.004, 0.009, 0.012, 0.5, 0.98, 0.996, 1.1), np.float32)
    # times 255: 1.02 -> 0, 2.3 -> 2, 3.06 -> 3, 127.5 -> 128 (even), 249.9, 253.98 -> 255
    assert matte.settle(levels).tolist() == [0, 0, 2, 3, 128, 250, 255, 255]
