"""Colours that are told without a profile, against values worked out by hand."""

import numpy as np
import pytest

from darkroom import told
from darkroom.told import Told, by_code_points, by_gamma, converter
from tests.unit.darkroom import icc

P3_CODE, BT2020_CODE, UNSPECIFIED = 12, 9, 2
SRGB_CURVE, LINEAR, PQ, HLG, BT709_CURVE = 13, 8, 16, 18, 1
BT2020 = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))


def shown(colour: Told | None, *levels: int) -> list[int]:
    assert colour is not None
    return [int(level) for level in converter(colour, 256)(np.array([levels], np.uint8))[0]]


def test_nothing_is_told_by_what_is_unspecified() -> None:
    assert by_code_points(UNSPECIFIED, UNSPECIFIED) is None
    assert by_code_points(0, 255) is None
    assert by_gamma(0, [0] * 8) is None


def test_srgb_and_the_curves_of_television_change_nothing() -> None:
    levels = np.random.default_rng(2).integers(0, 256, (500, 3)).astype(np.uint8)
    for colour in (told.SRGB, by_code_points(1, BT709_CURVE), by_code_points(UNSPECIFIED, 13)):
        assert colour is not None
        assert (converter(colour, 256)(levels) == levels).all()


def test_display_p3_goes_through_its_matrix() -> None:
    levels = np.array((180, 120, 60), np.float64)
    linear = icc.to_xyz_d50(icc.P3) @ icc.decode_srgb(levels)
    expected = icc.encode_srgb(np.linalg.solve(icc.to_xyz_d50(icc.SRGB), linear).clip(0, 1))
    found = shown(by_code_points(P3_CODE, SRGB_CURVE), 180, 120, 60)
    assert np.abs(found - expected).max() <= 1
    # Its pure green lies outside sRGB.
    assert shown(by_code_points(P3_CODE, SRGB_CURVE), 0, 255, 0) == [0, 255, 0]


def test_whites_other_than_d65_are_white() -> None:
    for primaries in (4, 8, 11):
        assert shown(by_code_points(primaries, SRGB_CURVE), 255, 255, 255) == [255, 255, 255]


def test_linear_light_and_narrow_levels() -> None:
    # 0.5 of linear light: 1.055 * 0.50196 ** (1 / 2.4) - 0.055 = 0.7365
    assert shown(by_code_points(1, LINEAR), 128, 0, 255) == [188, 0, 255]
    assert shown(by_code_points(1, 13, is_narrow=True), 16, 126, 235) == [0, 128, 255]


def test_gamma_within_five_per_cent_of_srgb_is_srgb() -> None:
    nothing = [0] * 8
    assert by_gamma(45455, nothing) == told.SRGB
    assert by_gamma(47000, nothing) == told.SRGB
    # 1 / 1.8, of old Macintoshes: 255 * (100 / 255) ** (1.8 / 2.2) = 118.6
    assert shown(by_gamma(55556, nothing), 100, 100, 100) == [119, 119, 119]


def pq(nits: float) -> int:
    """Level 0-255 of PQ (BT.2100, table 4, the inverse EOTF)."""
    power = (nits / 10_000) ** 0.1593017578125
    level: float = 255 * ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375
    return round(level)


def test_pq_white_is_at_203_nits_and_highlights_are_drawn_below_it() -> None:
    # A level of PQ is 4 % of light here; 0.18 of white is level 118 of sRGB.
    grey = shown(by_code_points(BT2020_CODE, PQ), *[pq(0.18 * 203)] * 3)
    assert np.ptp(grey) == 0
    assert abs(grey[0] - 118) <= 3
    ramp = [shown(by_code_points(BT2020_CODE, PQ), *[pq(nits)] * 3)[0] for nits in (150, 203, 1000)]
    assert 210 < ramp[0] < ramp[1] < ramp[2] <= 255
    assert ramp[1] >= 248


def test_hlg_white_is_at_three_quarters_of_the_signal() -> None:
    white = shown(by_code_points(BT2020_CODE, HLG), *[round(0.75 * 255)] * 3)
    assert np.ptp(white) == 0
    assert 248 <= white[0] <= 254
    # Signal 0.5 is 1/12 of scene light: 1000 * (1 / 12) ** 1.2 = 50.7 nits, 0.25 of white.
    assert abs(shown(by_code_points(BT2020_CODE, HLG), 128, 128, 128)[0] - 137) <= 2


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_bright_colours_keep_their_hue(transfer: int) -> None:
    # In BT.709's own primaries, so that only brightness is in question.
    red, green, blue = shown(by_code_points(1, transfer), 220, 160, 150)
    assert red > green > blue


def test_sixteen_bits_are_used() -> None:
    colour = by_code_points(1, LINEAR)
    assert colour is not None
    values = np.array([[100, 200, 300]], np.uint16)
    expected = icc.encode_srgb(np.array((100, 200, 300)) / 65535)
    assert np.abs(converter(colour, 65_536)(values)[0] - expected).max() <= 0.6
