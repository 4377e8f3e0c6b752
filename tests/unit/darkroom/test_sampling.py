import numpy as np
import pytest
from PIL import Image

from darkroom import picture
from darkroom.sampling import sampled, soft_places


def test_soft_places_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_STRIP_PIXELS", 6)  # two rows
    alpha = np.array([(0, 255, 1), (0, 0, 255), (255, 0, 0), (0, 0, 0), (254, 128, 0)], np.uint8)

    assert [places.tolist() for places in soft_places(alpha)] == [[2], [12, 13]]


@pytest.mark.parametrize("shape", [(330, 290), (40, 31), (25, 31)])
def test_a_sample_is_what_pillow_would_show_there(shape: tuple[int, int]) -> None:
    planes = np.random.default_rng(2).random((2, 25, 31), np.float32)
    places = np.arange(0, shape[0] * shape[1], 3, dtype=np.int32)

    seen = sampled(planes, places, shape)

    for plane, shown in zip(planes, seen, strict=True):
        image = Image.fromarray(plane).resize(shape[::-1], Image.Resampling.BILINEAR)
        assert np.abs(shown - np.asarray(image).reshape(-1)[places]).max() < 1e-4
