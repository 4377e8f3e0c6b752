import numpy as np
import pytest

from darkroom.encode import encode
from darkroom.picture import Picture
from darkroom.thumbnail import thumbnail
from tests.unit.darkroom.photos import disc


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((320, 200), (320, 200)),
        ((8, 9), (8, 9)),
        ((640, 320), (320, 160)),
        ((641, 641), (320, 320)),
        ((4000, 3000), (320, 240)),
        ((3000, 4000), (240, 320)),
        ((16383, 8), (320, 1)),
    ],
)
def test_the_longer_side_is_320_and_nothing_is_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    small = thumbnail(Picture(np.zeros((size[1], size[0], 3), np.uint8)))

    assert (small.width, small.height) == expected
    assert encode(small, small.format)[8:12] == b"WEBP"


def test_transparency_is_kept_and_hidden_colours_do_not_show_at_edges() -> None:
    alpha = disc(1000, 400)
    rgb = np.where(alpha[..., None] > 0, np.uint8(200), np.uint8(0)).repeat(3, axis=2)

    small = thumbnail(Picture(rgb, alpha))

    assert small.alpha is not None
    assert (small.alpha[160, 160], small.alpha[0, 0]) == (255, 0)
    # Reduced in 8 bits: where alpha is faint, a level of a colour is worth several.
    assert abs(small.rgb[small.alpha > 60].astype(np.int64) - 200).max() <= 2
    assert abs(small.rgb[small.alpha > 200].astype(np.int64) - 200).max() <= 1


def test_it_looks_like_the_picture() -> None:
    down, across = np.mgrid[:900, :1200]
    rgb = np.stack([down * 255 // 900, across * 255 // 1200, down * 0], axis=-1).astype(np.uint8)

    small = thumbnail(Picture(rgb))

    ideal = rgb.reshape(225, 4, 300, 4, 3).mean(axis=(1, 3))  # a quarter of the size
    shown = small.rgb[:: 240 // 24, :: 320 // 32].astype(np.float64)
    wanted = ideal[np.linspace(0, 224, 24).astype(int)][:, np.linspace(0, 299, 32).astype(int)]
    assert abs(shown - wanted).mean() < 6
