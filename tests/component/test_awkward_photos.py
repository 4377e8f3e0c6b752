"""Every difficult file through the darkroom: right size and colours, or a precise refusal.

The files are not part of the repository: PHOTOS_DIR names the folder that holds `awkward/`.
"""

import csv
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from darkroom import cutout
from darkroom.decode import decode_photo
from darkroom.encode import encode
from darkroom.errors import PhotoRefused
from darkroom.models import Models
from darkroom.picture import Bytes, Note, Picture
from darkroom.steps.cut_out import RECIPES
from tests.component.awkward_outcomes import (
    CUT_OUT_ALREADY,
    DOUBTFUL,
    REFUSALS,
    SEEN_SIZES,
    WITHOUT_SUBJECT,
)
from tests.component.cmyk_table import cmyk_to_srgb
from tests.component.looks import models as models
from tests.unit.darkroom import icc

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PHOTOS_DIR", ROOT.parent / "shared" / "photos")) / "awkward"
SLOW_S = 8.0
MAX_BOMB_MB = 300
MAX_64_MEGAPIXEL_MB = 900

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.csv").is_file(),
    reason=f"no awkward photos in {FOLDER}: set PHOTOS_DIR to the folder that holds awkward/",
)


def rows() -> list[dict[str, str]]:
    if not (FOLDER / "manifest.csv").is_file():
        return []
    with (FOLDER / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(expected: str) -> list[str]:
    return [row["file"] for row in rows() if row["expected"] == expected]


def seen_size(name: str) -> tuple[int, int]:
    row = next(row for row in rows() if row["file"] == name)
    return SEEN_SIZES.get(name, (int(row["width"]), int(row["height"])))


@cache
def decoded(name: str) -> Picture:
    return decode_photo((FOLDER / name).read_bytes())


def levels(name: str) -> NDArray[np.int64]:
    return decoded(name).rgb.astype(np.int64)


def cut_out(name: str, quality: str, models: Models) -> tuple[Bytes, Note | None]:
    """Alpha and note of a tier's result, which has the seen size and something to see."""
    result = cutout.cut_out(decoded(name), cutout.by_models(RECIPES[quality], models))
    assert (result.width, result.height) == seen_size(name)
    assert result.alpha is not None
    assert result.alpha.shape == result.rgb.shape[:2]
    assert result.alpha.max() > 0
    return result.alpha, result.note


def test_the_list_is_the_one_these_expectations_are_for() -> None:
    assert len(rows()) == 87
    assert set(named("reject")) == set(REFUSALS)


@pytest.mark.parametrize("name", named("accept"))
def test_accepted_photos_come_out_upright_at_their_size(name: str) -> None:
    start = time.monotonic()
    picture = decoded(name)
    assert time.monotonic() - start < SLOW_S
    assert (picture.width, picture.height) == seen_size(name)
    assert picture.rgb.dtype == np.uint8


@pytest.mark.parametrize("name", named("accept"))
def test_accepted_photos_are_cut_out_or_left_whole(name: str, models: Models) -> None:
    alpha, note = cut_out(name, "basic", models)
    assert (note == "no_subject") == (name in WITHOUT_SUBJECT)
    if name in CUT_OUT_ALREADY:
        assert (alpha == decoded(name).alpha).all()


@pytest.mark.parametrize("quality", ["standard", "professional", "industry"])
@pytest.mark.parametrize("name", sorted(WITHOUT_SUBJECT | DOUBTFUL))
def test_photos_without_a_subject_are_left_whole_by_the_larger_model(
    name: str, quality: str, models: Models
) -> None:
    alpha, note = cut_out(name, quality, models)
    assert note == "no_subject"
    before = decoded(name).alpha
    assert (alpha == (255 if before is None else before)).all()


@pytest.mark.parametrize("name", REFUSALS)
def test_refused_files_say_precisely_why(name: str, models: Models) -> None:
    start = time.monotonic()
    with pytest.raises(PhotoRefused) as refusal:
        cutout.cut_out(
            decode_photo((FOLDER / name).read_bytes()),
            cutout.by_models(RECIPES["basic"], models),
        )
    assert time.monotonic() - start < SLOW_S
    assert refusal.value.code == REFUSALS[name]
    assert len(refusal.value.message) > 20


MEASURE = """
import re, sys
from pathlib import Path
from darkroom.decode import decode_photo
from darkroom.errors import PhotoRefused
for name in sys.argv[1:]:
    try:
        decode_photo(Path(name).read_bytes())
    except PhotoRefused:
        pass
# Not getrusage: its peak survives exec, so it would be that of the test process.
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def peak_mb(paths: list[Path]) -> float:
    """Most memory that a fresh process needs to decode some files, in MB."""
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603
    return int(done.stdout) / 1024


def test_bombs_and_broken_files_cost_little_memory() -> None:
    assert peak_mb([FOLDER / name for name in REFUSALS]) < MAX_BOMB_MB


def test_the_largest_allowed_photo_stays_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    Image.new("RGB", (8000, 8000), "teal").save(path, progressive=True)
    assert peak_mb([path]) < MAX_64_MEGAPIXEL_MB


@pytest.mark.parametrize(
    "name",
    [
        "pil_hopper_orientation_2.jpg",
        "pil_hopper_orientation_6.webp",
        "pil_hopper.heif",
        "pil_Lab.tif",
    ],
)
def test_one_portrait_looks_the_same_from_every_format(name: str) -> None:
    reference = levels("pil_hopper.bmp")
    assert np.abs(levels(name) - reference).mean() < 6
    assert np.abs(levels(name) - reference[:, ::-1]).mean() > 40


def test_grey_is_the_luma_of_the_same_portrait() -> None:
    luma = levels("pil_hopper.bmp") @ np.array((0.299, 0.587, 0.114))
    assert np.abs(levels("pil_hopper_gray.jpg")[..., 0] - luma).mean() < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("exif_Portrait_6.jpg", "exif_Portrait_8.jpg"),
        ("exif_Portrait_6.jpg", "exif_Portrait_3.jpg"),
        ("exif_Landscape_5.jpg", "exif_Landscape_6.jpg"),
    ],
)
def test_one_scene_stored_in_several_orientations_is_one_scene(one: str, other: str) -> None:
    # They differ in the digit that is painted on them.
    assert np.abs(levels(one) - levels(other)).mean() < 3
    assert np.abs(levels(one) - levels(other)[::-1, ::-1]).mean() > 40


def test_sixteen_bit_flag_has_its_colours() -> None:
    flag = levels("sharp_Flag_of_the_Netherlands-16bit.png")
    stripes = [flag[row, 450].tolist() for row in (100, 300, 500)]
    assert stripes == [[174, 28, 40], [255, 255, 255], [33, 70, 139]]


def test_sixteen_bit_grey_is_scaled() -> None:
    name = "pil_16bit.cropped.tif"
    with Image.open(FOLDER / name) as image:
        expected = np.rint(np.asarray(image, np.float64) / 257)
    assert (levels(name) == expected[..., None]).all()


def test_sixteen_bit_grey_of_gamma_1_is_shown_with_all_its_bits() -> None:
    name = "imgrs_basi0g16.png"
    with Image.open(FOLDER / name) as image:
        light = np.asarray(image, np.float64) / 65535
    assert np.abs(levels(name) - (255 * light ** (1 / 2.2))[..., None]).max() <= 1


def test_cmyk_through_its_profile_agrees_with_the_profiles_own_table() -> None:
    name = "sharp_Channel_digital_image_CMYK_color.jpg"
    with Image.open(FOLDER / name) as image:
        inks = np.asarray(image, np.float64)[20::30, 20::60].reshape(-1, 4) / 255
        profile = image.info["icc_profile"]
    ours = levels(name)[20::30, 20::60].reshape(-1, 3)
    table = np.array([cmyk_to_srgb(profile, ink) for ink in inks])
    light = table.mean(axis=1) > 170
    assert light.sum() > 10
    assert np.abs(ours - table)[light].max() < 8
    # Shadows are deeper than the table says: its black point is moved to black.
    assert (ours - table).max() < 4
    assert np.abs(ours - table).mean() < 8


def test_cmyk_without_profile_shows_the_same_scene() -> None:
    with_profile = levels("sharp_Channel_digital_image_CMYK_color.jpg")
    without = levels("sharp_Channel_digital_image_CMYK_color_no_profile.jpg")
    assert np.abs(with_profile - without).mean() < 16
    assert np.corrcoef(with_profile.ravel(), without.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("name", ["pil_pil_sample_cmyk.jpg", "pil_tiff_strip_cmyk_jpeg.tif"])
def test_adobe_cmyk_is_not_inverted(name: str) -> None:
    red, black = levels(name)[2, 5], levels(name)[95, 95]
    assert red[0] > 240
    assert red[1:].max() < 40
    assert black.max() < 20


def test_display_p3_is_converted_by_its_matrix() -> None:
    name = "vips_avif-orientation-6.avif"
    with Image.open(FOLDER / name) as image:
        stored = np.asarray(image)[::400, ::400].astype(np.float64)
    to_srgb = np.linalg.solve(icc.to_xyz_d50(icc.SRGB), icc.to_xyz_d50(icc.P3))
    expected = icc.encode_srgb((icc.decode_srgb(stored) @ to_srgb.T).clip(0, 1))
    ours = levels(name)[::400, ::400]
    assert np.abs(stored - expected).max() > 8
    assert np.abs(ours - expected).max() <= 3
    # Red 241 of P3 lies outside sRGB.
    assert levels("sharp_p3.png")[4, 4].tolist() == [255, 0, 0]


def test_xyb_has_natural_colours_only_through_its_profile() -> None:
    natural = levels("vips_indexed.png")
    with Image.open(FOLDER / "vips_sample-xyb.jpg") as image:
        raw = np.asarray(image).astype(np.int64)
    assert np.abs(raw - natural).mean() > 20
    assert np.abs(levels("vips_sample-xyb.jpg") - natural).mean() < 7


@pytest.mark.parametrize(
    "name", ["pil_p_trns_single.png", "pil_rgb_trns.png", "pil_transparency.avif"]
)
def test_transparency_of_palettes_keys_and_avif_is_the_same_hole(name: str) -> None:
    alpha = decoded(name).alpha
    assert alpha is not None
    assert alpha[32, 32] == 0
    assert alpha[2, 2] == 255
    assert abs(float(alpha.mean()) - 200.46) < 0.1


def png_chunks(file: bytes) -> set[bytes]:
    found, at = set(), 8
    while at < len(file):
        found.add(file[at + 4 : at + 8])
        at += 12 + int.from_bytes(file[at : at + 4])
    return found


def webp_chunks(file: bytes) -> set[bytes]:
    found, at = set(), 12
    while at < len(file):
        found.add(file[at : at + 4])
        length = int.from_bytes(file[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return found


@pytest.mark.parametrize("name", ["pil_exif_gps.jpg", "exif_Portrait_6.jpg"])
def test_no_trace_of_place_or_camera_is_written(name: str) -> None:
    assert b"Exif" in (FOLDER / name).read_bytes()
    # Words are no evidence: compressed pixels have any three letters now and then.
    assert png_chunks(encode(decoded(name), "png")) == {b"IHDR", b"IDAT", b"IEND"}
    assert webp_chunks(encode(decoded(name), "webp")) == {b"VP8 "}
