"""JPEG: kinds that are refused by name, colours that EXIF tells, and a missing last marker."""

import re

import numpy as np
import pytest
from PIL import ExifTags, Image

from darkroom.decode import decode_photo
from darkroom.errors import DamagedPhoto, UnsupportedLayout
from darkroom.picture import Bytes
from tests.unit.darkroom import icc
from tests.unit.darkroom.photos import as_file

ADOBE = ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060))
KINDS: list[dict[str, object]] = [
    {},
    {"progressive": True},
    {"restart_marker_blocks": 5},
    {"progressive": True, "restart_marker_rows": 1},
    {"optimize": True, "subsampling": 0},
]


def scene() -> Bytes:
    """Smooth colours, flat at the end: what is missing there looks like what decoders invent."""
    down, across = np.mgrid[:96, :128]
    ramp = np.dstack([down * 2, across, (down + across) % 256]).astype(np.uint8)
    ramp[72:] = 90
    return ramp


@pytest.mark.parametrize("options", KINDS)
def test_a_file_that_was_cut_short_is_damaged_with_a_last_marker_too(
    options: dict[str, object],
) -> None:
    """Decoders show grey for what is missing, and do not say so."""
    data = as_file(Image.fromarray(scene()), "JPEG", **options)
    first, second, *_ = [match.start() for match in re.finditer(b"\xff\xda|$", data)]
    cut = data[: (first + second) // 2]
    with pytest.raises(DamagedPhoto):
        decode_photo(cut + b"\xff\xd9")
    with pytest.raises(DamagedPhoto):
        decode_photo(cut + b"\xff\xd9" + data)


@pytest.mark.parametrize("options", KINDS)
def test_a_photo_that_is_grey_at_its_end_is_whole(options: dict[str, object]) -> None:
    grey = scene()
    grey[48:] = 128
    data = as_file(Image.fromarray(grey), "JPEG", **options)
    assert (decode_photo(data + b"what follows").rgb[-1] == 128).all()


@pytest.mark.parametrize("options", KINDS)
def test_a_file_that_lacks_only_its_last_marker_is_taken(
    options: dict[str, object],
) -> None:
    data = as_file(Image.fromarray(scene()), "JPEG", **options)
    assert (decode_photo(data[:-2]).rgb == decode_photo(data).rgb).all()
    assert decode_photo(data[:-2] + bytes(40)).width == 128
    with pytest.raises(DamagedPhoto):
        decode_photo(data[:-1])


@pytest.mark.parametrize("options", KINDS)
def test_a_file_that_lacks_pixels_too_is_damaged(options: dict[str, object]) -> None:
    noise = np.random.default_rng(6).integers(0, 256, (96, 128, 3)).astype(np.uint8)
    for pixels in (scene(), noise):
        data = as_file(Image.fromarray(pixels), "JPEG", **options)
        start = data.index(b"\xff\xda")
        for share in (0.2, 0.5, 0.9, 0.97):
            with pytest.raises(DamagedPhoto):
                decode_photo(data[: start + int((len(data) - start) * share)])


def test_a_file_that_ends_between_two_scans_is_damaged() -> None:
    data = as_file(Image.fromarray(scene()), "JPEG", progressive=True)
    with pytest.raises(DamagedPhoto):
        decode_photo(data[: data.rindex(b"\xff\xda")])


def test_a_file_that_ends_between_two_restarts_is_damaged() -> None:
    data = as_file(Image.fromarray(scene()), "JPEG", restart_marker_rows=1)
    for marker in (b"\xff\xd0", b"\xff\xd2"):
        for end in (data.rindex(marker), data.rindex(marker) + 2):
            with pytest.raises(DamagedPhoto):
                decode_photo(data[:end])


@pytest.mark.parametrize(
    ("frame", "body", "name"),
    [
        (0xC1, b"\x0c\0\x10\0\x10\x03", "12 bits a channel"),
        (0xC0, b"\x08\0\x10\0\x10\x02", "2 channels"),
        (0xC3, b"\x08\0\x10\0\x10\x03", "lossless or hierarchical"),
    ],
)
def test_kinds_that_are_not_read_are_refused_by_name(frame: int, body: bytes, name: str) -> None:
    data = b"\xff\xd8\xff" + bytes((frame,)) + (len(body) + 2).to_bytes(2) + body + b"\xff\xd9"
    with pytest.raises(UnsupportedLayout, match=name):
        decode_photo(data)


def exif(index: str, space: int = 65535) -> Image.Exif:
    found = Image.Exif()
    found.get_ifd(ExifTags.IFD.Exif).update(
        {ExifTags.Base.ColorSpace: space, ExifTags.IFD.Interop: {1: index}}
    )
    return found


def test_exif_tells_adobe_rgb() -> None:
    image = Image.new("RGB", (16, 16), (150, 80, 40))
    told = decode_photo(as_file(image, "JPEG", exif=exif("R03"), quality=95)).rgb[8, 8]
    expected = icc.expected_srgb((150, 80, 40), ADOBE, 2.2)
    assert np.abs(told - expected).max() <= 2
    for other in (exif("R98"), exif("R03", space=1)):
        plain = decode_photo(as_file(image, "JPEG", exif=other, quality=95)).rgb[8, 8]
        assert np.abs(plain.astype(int) - (150, 80, 40)).max() <= 1


def test_a_profile_comes_before_exif() -> None:
    image = Image.new("RGB", (16, 16), (150, 80, 40))
    profile = icc.gamma_profile(icc.SRGB, 2.2)
    data = as_file(image, "JPEG", exif=exif("R03"), icc_profile=profile, quality=95)
    expected = icc.expected_srgb((150, 80, 40), icc.SRGB, 2.2)
    assert np.abs(decode_photo(data).rgb[8, 8] - expected).max() <= 3


def test_xmp_alone_does_not_turn_a_jpeg() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="6"/></x:xmpmeta>'
    data = as_file(Image.new("RGB", (30, 20)), "JPEG", xmp=xmp)
    assert (decode_photo(data).width, decode_photo(data).height) == (30, 20)
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6
    assert (
        decode_photo(as_file(Image.new("RGB", (30, 20)), "JPEG", xmp=xmp, exif=turned)).width == 20
    )
