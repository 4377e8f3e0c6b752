"""The mark: where it is, and that it can be read."""

import numpy as np
import pytest
from pydantic import ValidationError

from darkroom.compose import composed
from darkroom.picture import Picture
from darkroom.steps.watermark import watermark
from darkroom.studio.marking import marked
from photo_steps.studio import MarkPlace, Watermark
from tests.unit.darkroom.studio import shapes

TOLD = Watermark(text="Lumiku", opacity=55)


def on(level: int, width: int = 1000, height: int = 800) -> Picture:
    return composed(watermark(Picture(np.full((height, width, 3), level, np.uint8)), TOLD))


def test_it_takes_eighteen_percent_three_from_the_corner() -> None:
    changed = (on(0).rgb != 0).any(axis=-1)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert columns[0] >= 1000 - 24 - 180
    assert columns[-1] < 1000 - 24
    assert rows[-1] < 800 - 24
    assert rows[0] > 700


@pytest.mark.parametrize(
    ("place", "middle"),
    [
        ("bottom-right", (0.93, 0.88)),
        ("bottom-left", (0.93, 0.12)),
        ("top-right", (0.07, 0.88)),
        ("top-left", (0.07, 0.12)),
        ("middle", (0.5, 0.5)),
    ],
)
def test_it_lies_where_it_is_asked_for(place: MarkPlace, middle: tuple[float, float]) -> None:
    plain = Picture(np.zeros((1000, 1000, 3), np.uint8))

    changed = marked(plain, Watermark(text="Lumiku", place=place)).rgb.any(axis=-1)

    found = [float(np.mean(np.flatnonzero(changed.any(axis=axis)))) / 1000 for axis in (1, 0)]
    assert found == pytest.approx(middle, abs=0.02)


def test_one_that_a_picture_has_stays() -> None:
    ours = watermark(Picture(np.zeros((100, 100, 3), np.uint8)), TOLD)
    assert watermark(ours, Watermark(text="Toko")).mark == TOLD


@pytest.mark.parametrize("level", [0, 60, 128, 200, 255])
def test_it_can_be_read_on_anything(level: int) -> None:
    part = on(level).rgb[700:, 780:, 0]
    assert int(part.max()) - int(part.min()) > 90


def test_a_transparent_picture_keeps_its_transparency_elsewhere() -> None:
    picture = shapes.picture(shapes.cylinder())
    marked = composed(watermark(picture, TOLD))
    assert marked.alpha is not None
    assert (marked.alpha[:300] == picture.cover[:300]).all()
    assert int(marked.alpha[350:, 300:].max()) > 100


@pytest.mark.parametrize("size", [(8, 8), (1280, 64), (64, 1280), (20, 400)])
def test_no_size_escapes_the_mark(size: tuple[int, int]) -> None:
    assert (on(0, *size).rgb != 0).any()


@pytest.mark.parametrize("text", ["", " ", "Café", "a\nb", "\N{CHRISTMAS TREE}", "x" * 41])
def test_what_cannot_be_written_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Watermark(text=text)


def test_it_is_written_once_and_over_all() -> None:
    marked = on(128)
    assert marked.mark is None
    assert composed(marked) is marked


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (90, 1), (3, 3)])
@pytest.mark.parametrize("alpha", [None, 0, 255])
def test_a_mark_is_never_larger_than_its_picture(size: tuple[int, int], alpha: int | None) -> None:
    cover = None if alpha is None else np.full(size, alpha, np.uint8)
    done = marked(Picture(np.zeros((*size, 3), np.uint8), cover), Watermark(text="W" * 40))
    assert done.rgb.shape == (*size, 3)
