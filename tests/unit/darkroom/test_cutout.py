from collections import Counter

import numpy as np
import pytest

from darkroom.cutout import Recipe, by_models, cut_out, is_cut_out, multiply
from darkroom.errors import FullyTransparent
from darkroom.finding import look, with_input
from darkroom.models import Models
from darkroom.picture import Bytes, Floats, Picture
from darkroom.refining import plain
from darkroom.steps.cut_out import RECIPES
from tests.unit.darkroom.photos import disc
from tests.unit.darkroom.test_matte import Answering

PLAIN = Recipe(with_input(look("u2net")), plain)


def left_half() -> Answering:
    raw = np.zeros((320, 320), np.float32)
    raw[:, :160] = 1
    return Answering(raw)


def grey(height: int, width: int) -> Bytes:
    return np.full((height, width, 3), 90, np.uint8)


def test_the_result_has_the_size_of_the_photo_and_the_shape_of_the_matte() -> None:
    result = cut_out(Picture(grey(31, 67)), by_models(PLAIN, left_half()))
    assert result.alpha is not None
    assert result.alpha.shape == (31, 67)
    assert (result.alpha[:, :30] == 255).all()
    assert (result.alpha[:, 38:] == 0).all()


def test_the_photo_is_remembered_small_with_the_alpha_that_was_found() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (600, 800, 3)).astype(np.uint8)
    result = cut_out(Picture(rgb), by_models(PLAIN, left_half()))
    assert result.seen is not None
    assert result.seen.shape == (192, 256, 4)
    assert (result.seen[:, :120, 3] == 255).all()
    assert (result.seen[:, 136:, 3] == 0).all()
    # What alpha hides is still seen: it tells about the light.
    assert float(result.seen[:, 136:, :3].std()) > 10


def test_a_product_that_is_cut_out_already_stays_as_it_is() -> None:
    models = left_half()
    picture = Picture(grey(64, 64), disc())
    assert cut_out(picture, by_models(PLAIN, models)) is picture
    assert models.asked == []


def test_a_photo_with_see_through_corners_is_still_cut_out() -> None:
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[:3, :3] = 0
    alpha[10:20] = 128
    result = cut_out(Picture(grey(40, 40), alpha), by_models(PLAIN, left_half()))
    assert result.alpha is not None
    assert result.alpha[0, 0] == 0
    assert result.alpha[15, 5] == 128
    assert result.alpha[30, 5] == 255
    assert result.alpha[30, 35] == 0


def test_a_photo_on_a_transparent_sheet_is_a_photo() -> None:
    alpha = np.zeros((60, 60), np.uint8)
    alpha[10:50, 5:55] = 255
    assert not is_cut_out(alpha)
    assert is_cut_out(disc())
    assert not is_cut_out(np.full((9, 9), 254, np.uint8))


def test_a_fully_transparent_photo_is_refused() -> None:
    with pytest.raises(FullyTransparent) as refusal:
        cut_out(Picture(grey(16, 16), np.zeros((16, 16), np.uint8)), by_models(PLAIN, left_half()))
    assert refusal.value.code == "fully_transparent"


def test_a_photo_without_a_subject_is_left_whole_and_noted() -> None:
    faint = Answering(np.full((320, 320), 0.1, np.float32))
    result = cut_out(Picture(grey(16, 24)), by_models(PLAIN, faint))
    assert result.alpha is not None
    assert (result.alpha == 255).all()
    assert result.alpha.shape == (16, 24)
    assert (result.rgb == 90).all()
    assert result.note == "no_subject"
    assert cut_out(Picture(grey(16, 24)), by_models(PLAIN, left_half())).note is None


def test_a_photo_without_a_subject_keeps_the_alpha_it_had() -> None:
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[10:20] = 128
    faint = Answering(np.full((320, 320), 0.1, np.float32))
    result = cut_out(Picture(grey(40, 40), alpha), by_models(PLAIN, faint))
    assert result.alpha is alpha
    assert result.note == "no_subject"


def test_multiplying_by_hand() -> None:
    # 128 * 128 / 255 = 64.25
    half = np.full((1, 1), 128, np.uint8)
    assert multiply(half, half)[0, 0] == 64


@pytest.mark.parametrize(
    ("quality", "asked"),
    [
        ("basic", {"u2netp": 1}),
        ("standard", {"u2net": 1, "u2netp": 1}),
        ("professional", {"u2net": 2, "u2netp": 2}),
        ("industry", {"u2net": 4, "u2netp": 4}),
    ],
)
def test_each_tier_asks_so_much_of_the_models(quality: str, asked: dict[str, int]) -> None:
    models = left_half()
    result = cut_out(Picture(grey(40, 50)), by_models(RECIPES[quality], models))
    assert result.alpha is not None
    assert result.alpha.shape == (40, 50)
    assert Counter(name for name, _ in models.asked) == asked
    assert RECIPES[quality].models == tuple(dict.fromkeys(name for name, _ in models.asked))


@pytest.mark.parametrize("quality", RECIPES)
@pytest.mark.parametrize("size", [(8, 8), (8, 900), (700, 9), (333, 501)])
def test_every_tier_takes_every_shape(quality: str, size: tuple[int, int]) -> None:
    result = cut_out(Picture(grey(*size)), by_models(RECIPES[quality], left_half()))
    assert result.alpha is not None
    assert result.alpha.shape == size
    assert result.alpha.max() > 0


@pytest.mark.parametrize("quality", RECIPES)
def test_every_tier_leaves_a_photo_without_a_subject_whole(quality: str) -> None:
    faint = Answering(np.full((320, 320), 0.1, np.float32))
    result = cut_out(Picture(grey(40, 50)), by_models(RECIPES[quality], faint))
    assert result.note == "no_subject"


@pytest.mark.parametrize(
    ("size", "looked_at"), [((300, 2047), (300, 2047)), ((1501, 4096), (751, 2048))]
)
def test_the_subject_is_found_on_a_smaller_copy_and_drawn_at_full_size(
    size: tuple[int, int], looked_at: tuple[int, int]
) -> None:
    seen: list[tuple[int, ...]] = []

    def find(rgb: Bytes, _: Models) -> Floats:
        seen.append(rgb.shape[:2])
        return np.ones((4, 4), np.float32)

    alpha = by_models(Recipe(find, plain), left_half())(grey(*size))

    assert seen == [looked_at]
    assert alpha is not None
    assert alpha.shape == size
