"""Regions, margins and places of a subject, as clients of remove.bg ask for them."""

import numpy as np
import pytest

from darkroom.cutout import cut_out
from darkroom.errors import RegionOutside
from darkroom.picture import Bytes, Picture
from darkroom.regions import extent
from darkroom.steps.crop_around import crop_around
from darkroom.steps.place import place
from darkroom.steps.region import region
from photo_steps import CropAround, Place, Region

type Box = tuple[int, int, int, int]


def with_subject(width: int, height: int, box: Box) -> Picture:
    """A picture whose subject fills the box (left, top, right, bottom)."""
    alpha = np.zeros((height, width), np.uint8)
    alpha[box[1] : box[3], box[0] : box[2]] = 255
    return Picture(np.full((height, width, 3), 90, np.uint8), alpha)


def box_of(picture: Picture) -> Box:
    found = extent(picture.cover >= 128)
    assert found
    return found[1].start, found[0].start, found[1].stop, found[0].stop


def corners(told: str) -> Region:
    left, top, right, bottom = told.split()
    return Region(left=left, top=top, right=right, bottom=bottom)


def test_outside_of_a_region_nothing_shows() -> None:
    shown = region(Picture(np.zeros((50, 200, 3), np.uint8)), corners("10% 5px 150px 90%"))

    assert box_of(shown) == (20, 5, 150, 45)


@pytest.mark.parametrize("told", ["0px 0px 201px 50px", "10% 0% 20px 100%", "0% 99% 1px 100%"])
def test_a_region_beyond_the_photo_or_without_pixels_is_refused(told: str) -> None:
    with pytest.raises(RegionOutside) as refused:
        region(Picture(np.zeros((50, 200, 3), np.uint8)), corners(told))
    assert refused.value.facts == {"width": 200, "height": 50}


def test_a_subject_is_looked_for_in_the_region_alone() -> None:
    asked: list[tuple[int, ...]] = []

    def left_half(rgb: Bytes) -> Bytes:
        asked.append(rgb.shape)
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        alpha[:, : rgb.shape[1] // 2] = 255
        return alpha

    shown = region(Picture(np.zeros((50, 200, 3), np.uint8)), corners("50% 10px 100% 40px"))

    assert box_of(cut_out(shown, left_half)) == (100, 10, 150, 40)
    assert asked == [(30, 100, 3)]


def around(told: str, pixels: int = 1_000_000) -> CropAround:
    top, right, bottom, left = told.split()
    return CropAround(top=top, right=right, bottom=bottom, left=left, pixels=pixels)


def test_margins_are_added_side_by_side_also_beyond_the_photo() -> None:
    made = crop_around(with_subject(100, 80, (0, 20, 40, 70)), around("30px 25% 10% 0px"))

    # The subject has 40 x 50 pixels: 30 above, 10 to the right, 5 below.
    assert (made.width, made.height) == (50, 85)
    assert box_of(made) == (0, 30, 40, 80)


def test_margins_shrink_with_the_subject_and_never_make_more_pixels() -> None:
    whole = with_subject(400, 400, (0, 0, 400, 400))

    made = crop_around(whole, around("50% 50% 50% 50%", 10_000))

    assert (made.width, made.height) == (100, 100)
    assert box_of(made) == (25, 25, 75, 75)


@pytest.mark.parametrize(
    ("told", "box"),
    [
        (Place(scale="50%"), (50, 25, 150, 75)),
        (Place(scale="50%", across="50%", down="50%"), (50, 25, 150, 75)),
        (Place(scale="100%", across="0%", down="100%"), (0, 0, 200, 100)),
        (Place(across="100%", down="0%"), (160, 0, 200, 20)),
        (Place(across="50%", down="50%"), (80, 40, 120, 60)),
        (Place(scale="20%", across="12.5%", down="0%"), (20, 0, 60, 20)),
    ],
)
def test_a_subject_is_scaled_and_laid_on_its_canvas(told: Place, box: Box) -> None:
    made = place(with_subject(200, 100, (80, 40, 120, 60)), told)

    assert (made.width, made.height) == (200, 100)
    assert box_of(made) == box


def test_a_subject_that_grows_at_its_place_stays_on_the_canvas() -> None:
    made = place(with_subject(200, 100, (0, 80, 40, 100)), Place(scale="50%"))

    assert box_of(made) == (0, 50, 100, 100)


def test_where_nothing_shows_nothing_is_moved() -> None:
    empty = Picture(np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.uint8))

    assert place(empty, Place(scale="50%")) is empty
