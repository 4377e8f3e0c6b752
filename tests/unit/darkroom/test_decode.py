import contextlib
import struct
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageFile, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from darkroom.decode import decode_photo, upright
from darkroom.errors import (
    DamagedPhoto,
    PhotoRefused,
    PhotoTooSmall,
    TooManyPixels,
    UnsupportedFormat,
    UnsupportedLayout,
)
from darkroom.files.jpeg import MAX_SCANS
from darkroom.picture import Bytes
from tests.unit.darkroom.photos import as_file, png

# As seen by a person: rows top to bottom. Stored as the orientation value says (Exif 2.32, 0x0112:
# which side of the scene the stored row 0 and column 0 are).
SEEN = [[1, 2, 3], [4, 5, 6]]
STORED = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[3, 6], [2, 5], [1, 4]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[4, 1], [5, 2], [6, 3]],
}


def blocks(rows: list[list[int]], side: int = 16) -> Bytes:
    """Make a photo of square blocks, one grey per number: (h, w, 3) uint8."""
    grey = np.kron(np.array(rows, np.uint8) * 40, np.ones((side, side), np.uint8))
    return np.dstack([grey] * 3)


def with_orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    return exif


@pytest.mark.parametrize("value", STORED)
def test_turns_pixels_as_orientation_asks(value: int) -> None:
    turned = upright(np.array(STORED[value], np.uint8), value)
    assert turned.tolist() == SEEN
    assert turned.flags.c_contiguous


@pytest.mark.parametrize("value", STORED)
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_every_format_comes_out_upright(format: str, value: int) -> None:
    stored = Image.fromarray(blocks(STORED[value]))
    picture = decode_photo(as_file(stored, format, exif=with_orientation(value)))
    assert (picture.width, picture.height) == (48, 32)
    difference = picture.rgb.astype(int) - blocks(SEEN)
    assert abs(difference[8::16, 8::16]).max() <= 6
    assert picture.alpha is None


def test_orientation_in_xmp_alone_counts() -> None:
    xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="3"/></x:xmpmeta>'
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp)
    picture = decode_photo(png(blocks(STORED[3]), pnginfo=info))
    assert (picture.rgb == blocks(SEEN)).all()


def test_broken_exif_is_ignored() -> None:
    data = as_file(Image.fromarray(blocks(SEEN)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert decode_photo(data).width == 48


def test_transparency_turns_with_the_colours() -> None:
    rgba = np.dstack([blocks(STORED[6]), blocks(STORED[6])[..., 0]])
    picture = decode_photo(png(rgba, exif=with_orientation(6)))
    assert picture.alpha is not None
    assert (picture.alpha == blocks(SEEN)[..., 0]).all()


def test_pixel_cap_is_checked_before_any_pixel_is_read() -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 8001, 8000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header
    data += struct.pack(">I", zlib.crc32(header)) + struct.pack(">I", 0) + b"IDAT"
    data += struct.pack(">I", zlib.crc32(b"IDAT"))
    with pytest.raises(TooManyPixels) as refusal:
        decode_photo(data)
    assert refusal.value.facts == {"width": 8001, "height": 8000, "maxPixels": 64_000_000}


def test_the_cap_itself_is_allowed() -> None:
    data = png(np.zeros((10, 20, 3), np.uint8))
    assert decode_photo(data, max_pixels=200).width == 20
    with pytest.raises(TooManyPixels):
        decode_photo(data, max_pixels=199)


@pytest.mark.parametrize("brand", [b"avif", b"heic"])
def test_size_declared_by_an_iso_file_is_capped(brand: bytes) -> None:
    ispe = b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", 17000, 17000)
    meta = struct.pack(">I", 8 + len(ispe)) + b"meta" + ispe
    wide = struct.pack(">I4sQ", 1, b"free", 20) + bytes(4)  # a box with a size of 64 bits
    to_the_end = b"\0\0\0\0meta" + ispe
    for boxes in (meta, wide + meta, struct.pack(">I4sQ", 1, b"meta", 36) + ispe, to_the_end):
        with pytest.raises(TooManyPixels):
            decode_photo(b"\0\0\0\x14ftyp" + brand + bytes(4) + b"mif1" + boxes)


@pytest.mark.parametrize(("width", "height"), [(7, 100), (100, 7), (1, 1)])
def test_refuses_what_is_too_small_to_show_anything(width: int, height: int) -> None:
    with pytest.raises(PhotoTooSmall) as refusal:
        decode_photo(png(np.zeros((height, width, 3), np.uint8)))
    assert refusal.value.facts == {"width": width, "height": height, "minSide": 8}


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
def test_a_file_cut_short_is_damaged(format: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    data = as_file(Image.fromarray(noise), format)
    with pytest.raises(DamagedPhoto) as refusal:
        decode_photo(data[: len(data) * 2 // 3])
    assert refusal.value.code == "damaged_photo"


def test_a_progressive_jpeg_with_absurdly_many_scans_is_refused() -> None:
    data = as_file(Image.fromarray(blocks(SEEN)), "JPEG", progressive=True)
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    assert decode_photo(data[:start] + scan * 3 + data[-2:]).width == 48
    with pytest.raises(UnsupportedLayout, match="more than 200 scans"):
        decode_photo(data[:start] + scan * (MAX_SCANS + 1) + data[-2:])


def test_the_preview_in_a_raw_file_is_not_taken_for_the_photo() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[254] = 1
    data = as_file(Image.fromarray(blocks(SEEN)), "TIFF", tiffinfo=tags)
    with pytest.raises(UnsupportedFormat, match="camera raw"):
        decode_photo(data)


def test_floating_point_tiff_is_refused_not_guessed() -> None:
    with pytest.raises(UnsupportedLayout, match="32 bits, floating point"):
        decode_photo(as_file(Image.fromarray(np.zeros((16, 16), np.float32)), "TIFF"))


def test_first_frame_of_an_animation() -> None:
    first, second = (Image.new("RGB", (16, 16), colour) for colour in ("red", "blue"))
    for format in ("GIF", "WEBP", "PNG", "TIFF"):
        data = as_file(first, format, save_all=True, append_images=[second], lossless=True)
        assert decode_photo(data).rgb[8, 8].tolist() == [255, 0, 0]


def test_pillow_keeps_its_settings() -> None:
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, dict(Image.OPEN))
    decode_photo(png(blocks(SEEN)))
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, dict(Image.OPEN))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
def test_whatever_is_broken_in_a_file_the_answer_is_a_picture_or_a_refusal(format: str) -> None:
    data = as_file(Image.fromarray(blocks(SEEN)), format, exif=with_orientation(6))
    chance = np.random.default_rng(7)
    for _ in range(150):
        broken = bytearray(data)
        for at in chance.integers(0, min(len(data), 600), chance.integers(1, 8)):
            broken[at] = chance.integers(0, 256)
        with contextlib.suppress(PhotoRefused):
            assert min(decode_photo(bytes(broken)).rgb.shape[:2]) >= 8
