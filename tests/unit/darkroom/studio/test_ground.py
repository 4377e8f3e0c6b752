"""The ground line of shapes, worked out by hand."""

import numpy as np
import pytest

from darkroom.picture import Bytes
from darkroom.regions import cut_edges
from darkroom.studio.ground import Ground, ground, lower_hull
from tests.unit.darkroom.studio import shapes


def found(alpha: Bytes) -> Ground:
    base = ground(alpha)
    assert base is not None
    return base


def test_an_upright_block_stands_on_its_lowest_row() -> None:
    base = found(shapes.block(np.s_[100:300], np.s_[150:250]))
    assert base.line[150:250] == pytest.approx(300)
    assert base.contact[156:244] == pytest.approx(1, abs=0.02)
    assert base.contact[:140].max() == 0
    assert (base.height, base.width) == (200, 100)
    # The floor goes on upwards by 6 in 100 on either side.
    assert base.line[50] == pytest.approx(300 - 0.06 * 100, abs=0.1)
    assert base.line[350] == pytest.approx(300 - 0.06 * 101, abs=0.1)


def test_both_bases_of_a_box_seen_from_its_corner_are_ground() -> None:
    base = found(shapes.box_from_its_corner())
    assert base.line[200] == pytest.approx(300, abs=1.5)
    assert base.line[150] == pytest.approx(275, abs=1.5)
    assert base.line[290] == pytest.approx(255, abs=1.5)
    assert base.contact[105:295].min() > 0.6


def test_the_middle_of_a_cylinders_base_touches_and_its_sides_follow() -> None:
    base = found(shapes.cylinder())
    assert base.line[200] == pytest.approx(300)
    assert base.contact[170:230].min() > 0.6
    assert base.line[142] < 297


def test_two_feet_stand_and_the_board_between_them_does_not() -> None:
    base = found(shapes.two_feet())
    assert base.line[100:300] == pytest.approx(300)
    assert base.contact[104:116].min() > 0.9
    assert base.contact[284:296].min() > 0.9
    assert base.contact[130:270].max() < 0.01


def test_a_tilted_base_is_ground_along_its_length() -> None:
    base = found(shapes.tilted_base())
    assert base.line[110] == pytest.approx(298, abs=1.5)
    assert base.line[290] == pytest.approx(262, abs=1.5)
    assert base.contact[104:296].min() > 0.8


def test_a_lamps_shade_is_in_the_air() -> None:
    base = found(shapes.lamp())
    assert base.line[180:220] == pytest.approx(300)
    assert base.line[110] > 290
    assert base.contact[100:170].max() < 0.01


@pytest.mark.parametrize("alpha", [0, 12])
def test_where_nothing_shows_there_is_no_ground(alpha: int) -> None:
    assert ground(np.full((20, 30), alpha, np.uint8)) is None


@pytest.mark.parametrize("alpha", [13, 90, 255])
def test_glass_and_single_pixels_stand_too(alpha: int) -> None:
    one = np.zeros((20, 30), np.uint8)
    one[7, 11] = alpha
    assert found(one).line[11] == pytest.approx(8)


def test_a_hull_has_the_corners_that_stick_out_below() -> None:
    across = np.array([0.0, 1, 2, 3, 4])
    down = np.array([5.0, 9, 7, 9, 5])
    assert lower_hull(across, down) == [(0, 5), (1, 9), (3, 9), (4, 5)]


def test_what_lies_on_an_edge_over_a_twelfth_of_its_side_is_cut() -> None:
    alpha = shapes.block(np.s_[100:400], np.s_[150:250])
    assert cut_edges(alpha) == {"bottom"}
    assert cut_edges(alpha[::-1]) == {"top"}
    assert cut_edges(alpha.T) == {"right"}
    assert cut_edges(alpha.T[:, ::-1]) == {"left"}
    touched = shapes.block(np.s_[100:399], np.s_[150:250])
    touched[399, 150:157] = 255  # 7 of 100
    assert cut_edges(touched) == set()
    touched[399, 150:158] = 255
    assert cut_edges(touched) == {"bottom"}
    assert cut_edges(np.zeros((9, 9), np.uint8)) == set()
