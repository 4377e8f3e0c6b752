"""Files that were reported as shown wrongly or refused wrongly: each gives what its row says.

The files are not part of the repository: PHOTOS_DIR names the folder that holds `reported/`.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from darkroom.decode import decode_photo
from darkroom.errors import UnsupportedLayout
from darkroom.picture import Picture
from tests.unit.darkroom.iso_files import with_property

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PHOTOS_DIR", ROOT.parent / "shared" / "photos")) / "reported"

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.csv").is_file(),
    reason=f"no reported photos in {FOLDER}: set PHOTOS_DIR to the folder that holds reported/",
)

# Two rows of three blocks of 40 x 40 pixels.
SCENE = [
    [(200, 40, 30), (40, 180, 60), (30, 60, 200)],
    [(220, 200, 40), (128, 128, 128), (240, 240, 240)],
]
# Most levels between a block and the scene, by file. JPEG, AVIF and HEIC round once more, and PQ
# of 8 bits (all that the decoder of AVIF gives) has steps of many levels in the dark.
COLOURS = {
    "t03b_rgb16_planar.tif": 0,
    "n1_cmyk16_planar.tif": 1,
    "n4_exif_adobergb_r03_no_icc.jpg": 2,
    "p04_cicp_p3.png": 1,
    "a04_pq_2020.avif": 18,
    "p04b_cicp_2100_pq_16bit.png": 1,
    "p03_gama_1.0_linear.png": 2,
    "p02b_bad_crc_iccp.png": 0,
    "p05_icc_1.3MB.png": 0,
    "p06_itxt_xmp_compressed_1.2MB.png": 0,
    "t13_bigtiff.tif": 0,
    "t15_thumbnail_page_first.tif": 0,
    "j13b_xmp6_only_jpeg.jpg": 2,
    "j08_no_eoi.jpg": 2,
}
GREYS = {
    "t04b_grey16_miniswhite.tif",
    "t04e_grey16_miniswhite_be_lzw.tif",
    "t05_grey12.tif",
    "t10b_la16.tif",
}
REFUSED = {"j10_12bit.jpg": "12 bits", "n6_bmp32_masks.bmp": "bitfields"}
# These have tests of their own.
SPECIAL = {
    "h06_nclx_p3.heic",
    "a09_clap.avif",
    "tbbn0g04.png",
    "p07_grey4bit_trns_key5.png",
    "p07d_rgb16_trns_same_high_byte.png",
}


def decoded(name: str) -> Picture:
    return decode_photo((FOLDER / name).read_bytes())


def blocks(picture: Picture) -> NDArray[np.int64]:
    """The median of each block: (2, 3, 3) levels."""
    assert (picture.width, picture.height) == (120, 80)
    parts = picture.rgb.reshape(2, 40, 3, 40, 3)[:, 4:-4, :, 4:-4]
    middle: NDArray[np.int64] = np.median(parts, axis=(1, 3)).astype(np.int64)
    return middle


def test_the_list_is_the_one_these_expectations_are_for() -> None:
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as file:
        names = {row["file"] for row in csv.DictReader(file)}
    assert names == {*COLOURS, *GREYS, *REFUSED, *SPECIAL}


@pytest.mark.parametrize("name", COLOURS)
def test_the_scene_has_its_colours(name: str) -> None:
    assert np.abs(blocks(decoded(name)) - SCENE).max() <= COLOURS[name]


@pytest.mark.parametrize("name", sorted(GREYS))
def test_the_grey_scene_has_its_levels(name: str) -> None:
    luma = np.array(SCENE) @ (0.299, 0.587, 0.114)
    assert np.abs(blocks(decoded(name)) - luma[..., None]).max() <= 1


def test_grey_with_alpha_of_16_bits_keeps_its_alpha() -> None:
    alpha = decoded("t10b_la16.tif").alpha
    assert alpha is not None
    assert sorted(np.unique(alpha)) == [128, 255]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(UnsupportedLayout, match=REFUSED[name]):
        decoded(name)


def test_nclx_of_heic_counts() -> None:
    # The file has lost the box that its row speaks of, so it says nothing; with the box, it does.
    name = "h06_nclx_p3.heic"
    p3 = with_property((FOLDER / name).read_bytes(), b"colrnclx\0\x0c\0\x0d\0\x06\x80")
    assert np.abs(blocks(decode_photo(p3)) - SCENE).max() <= 5
    assert np.abs(blocks(decoded(name)) - SCENE).max() > 40


def test_what_a_clean_aperture_cuts_away_stays_away() -> None:
    picture = decoded("a09_clap.avif")
    assert (picture.width, picture.height) == (60, 40)
    # From 15, 10 of the scene on: the corners lie in the four blocks of the left.
    corners = picture.rgb[[3, 3, -4, -4], [3, -4, 3, -4]].astype(np.int64)
    expected = [SCENE[0][0], SCENE[0][1], SCENE[1][0], SCENE[1][1]]
    assert np.abs(corners - expected).max() <= 2


@pytest.mark.parametrize("name", ["tbbn0g04.png", "p07_grey4bit_trns_key5.png"])
def test_the_grey_of_a_key_of_4_bits_is_transparent(name: str) -> None:
    picture = decoded(name)
    assert picture.alpha is not None
    assert sorted(np.unique(picture.alpha)) == [0, 255]
    keyed = np.unique(picture.rgb[picture.alpha == 0])
    assert len(keyed) == 1
    assert not (picture.rgb[picture.alpha > 0] == keyed).any()


def test_only_the_exact_colour_of_16_bits_is_transparent() -> None:
    alpha = decoded("p07d_rgb16_trns_same_high_byte.png").alpha
    assert alpha is not None
    assert sorted(np.unique(alpha)) == [0, 255]
