import numpy as np
import pytest

from darkroom.compose import WHITE, composed, lay_on
from darkroom.picture import Bytes, Colour, Picture


def level(value: int, shape: tuple[int, ...] = (1, 1)) -> Bytes:
    return np.full(shape, value, np.uint8)


@pytest.mark.parametrize(
    ("shown", "alpha", "colour", "laid"),
    [
        (100, 51, 255, 224),  # 100 / 5 + 255 * 4 / 5 = 224
        (7, 255, 90, 7),
        (7, 0, 90, 90),
        (255, 128, 0, 128),
        (10, 128, 20, 15),  # 10 * 128 / 255 + 20 * 127 / 255 = 14.98
        (0, 1, 200, 199),  # 199.2
        (200, 1, 0, 1),  # 0.8
    ],
)
def test_a_level_laid_on_another_by_hand(shown: int, alpha: int, colour: int, laid: int) -> None:
    result = lay_on(level(shown, (1, 1, 3)), level(alpha), (colour, colour, colour))
    assert result.tolist() == [[[laid] * 3]]


def test_every_alpha_and_level_is_rounded_to_the_nearest() -> None:
    alpha, shown = np.mgrid[:256, :256].astype(np.uint8)
    for sheet in (0, 1, 37, 254, 255):
        laid = lay_on(np.repeat(shown[..., None], 3, axis=2), alpha, (sheet, sheet, sheet))
        weight = alpha / np.float64(255)
        exact = shown * weight + sheet * (1 - weight)
        assert (laid[..., 1] == np.floor(exact + 0.5 - 1e-9)).all()


def test_channels_are_red_green_and_blue() -> None:
    colour: Colour = (1, 2, 3)
    assert lay_on(level(9, (2, 2, 3)), level(0, (2, 2)), colour)[1, 1].tolist() == [1, 2, 3]


def test_strips_leave_no_seam() -> None:
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 256, (3, 1_100_000, 3)).astype(np.uint8)
    alpha = rng.integers(0, 256, (3, 1_100_000)).astype(np.uint8)
    at_once = lay_on(rgb[:, :1000], alpha[:, :1000], WHITE)
    assert (lay_on(rgb, alpha, WHITE)[:, :1000] == at_once).all()


def test_a_picture_on_a_colour_is_opaque_and_keeps_its_note() -> None:
    picture = Picture(level(9, (2, 3, 3)), level(0, (2, 3)), WHITE, "no_subject", format="jpeg")
    laid = composed(picture)
    assert (laid.alpha, laid.note, laid.format) == (None, "no_subject", "jpeg")
    assert laid.rgb.tolist() == np.full((2, 3, 3), 255).tolist()


def test_an_opaque_picture_hides_the_colour() -> None:
    picture = Picture(level(9, (2, 3, 3)), backdrop=WHITE)
    assert composed(picture).rgb is picture.rgb
