import io
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from darkroom.encode import as_image, encode, join_visible
from darkroom.errors import NotEncodable
from darkroom.picture import Picture
from darkroom.steps.mask import mask
from photo_steps import Format, Mask
from tests.unit.darkroom.photos import disc


def photo(side: int = 64) -> Picture:
    noise = np.random.default_rng(6).integers(0, 256, (side, side, 3)).astype(np.uint8)
    return Picture(noise, disc(side))


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_colour_is_black_where_nothing_shows() -> None:
    rgb = np.full((1, 3, 3), 9, np.uint8)
    alpha = np.array([[0, 1, 255]], np.uint8)
    assert np.asarray(join_visible(rgb, alpha)).tolist() == [
        [[0, 0, 0, 0], [9, 9, 9, 1], [9, 9, 9, 255]]
    ]


def repeated(tiles: int = 4) -> Picture:
    return Picture(np.tile(photo().rgb, (tiles, tiles, 1)))


@pytest.mark.parametrize("picture", [photo(), Picture(repeated().rgb, disc(256, 100.0))])
def test_png_gives_the_visible_pixels_back_exactly(picture: Picture) -> None:
    assert picture.alpha is not None
    image = read(encode(picture, "png"))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    assert (np.asarray(image) == np.asarray(join_visible(picture.rgb, picture.alpha))).all()


def by_run_lengths(picture: Picture) -> int:
    file = io.BytesIO()
    as_image(picture).save(file, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return len(file.getvalue())


def test_a_png_of_what_repeats_itself_is_smaller_than_by_run_lengths() -> None:
    assert len(encode(repeated())) < by_run_lengths(repeated()) / 2


def test_a_png_of_noise_is_not_larger_than_by_run_lengths() -> None:
    soft = Picture(photo(256).rgb // 8 + 100, disc(256, 100.0))
    assert len(encode(soft)) <= by_run_lengths(soft)


@pytest.mark.parametrize("height", [1, 7, 33])
def test_a_png_may_be_lower_than_the_bands_that_are_looked_at(height: int) -> None:
    rgb = photo().rgb[:height]
    assert (np.asarray(read(encode(Picture(rgb)))) == rgb).all()


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
def test_no_metadata_is_written(format: Format) -> None:
    image = read(encode(Picture(photo().rgb), format))
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "dpi", "comment"} & set(image.info)


def test_webp_keeps_the_alpha_exactly() -> None:
    image = read(encode(photo(), "webp"))
    assert (image.format, image.mode) == ("WEBP", "RGBA")
    assert (np.asarray(image)[..., 3] == photo().alpha).all()


@pytest.mark.parametrize(("format", "mode"), [("png", "RGB"), ("webp", "RGB"), ("jpeg", "RGB")])
def test_an_opaque_picture_stays_opaque(format: Format, mode: str) -> None:
    assert read(encode(Picture(photo().rgb), format)).mode == mode


@pytest.mark.parametrize(("format", "mode"), [("png", "L"), ("webp", "RGB"), ("jpeg", "L")])
def test_a_mask_is_grey_and_exact_but_in_jpeg(format: Format, mode: str) -> None:
    alpha = disc()
    image = read(encode(mask(Picture(photo().rgb, alpha), Mask()), format))
    assert image.mode == mode
    levels = np.asarray(image.convert("L")).astype(np.int16)
    assert np.abs(levels - alpha).max() <= (20 if format == "jpeg" else 0)


def test_jpeg_keeps_colour_up_to_the_edge() -> None:
    rgb = np.full((32, 32, 3), 255, np.uint8)
    rgb[:, 15:] = (200, 0, 0)
    image = read(encode(Picture(rgb), "jpeg"))
    assert np.abs(np.asarray(image).astype(np.int16) - rgb).max() <= 24


def test_jpeg_refuses_transparency() -> None:
    with pytest.raises(NotEncodable, match="no transparency"):
        encode(photo(), "jpeg")


def test_a_transparent_webp_of_more_than_50_megapixels_is_refused() -> None:
    # Both are one row, seen many times: nothing of that size is held here.
    rgb = np.broadcast_to(np.zeros(3, np.uint8), (5001, 10_000, 3))
    alpha = np.broadcast_to(np.uint8(0), (5001, 10_000))
    with pytest.raises(NotEncodable) as refusal:
        encode(Picture(rgb, alpha), "webp")
    assert refusal.value.facts["maxPixels"] == 50_000_000


@pytest.mark.parametrize(("format", "most"), [("webp", 16383), ("jpeg", 65500)])
def test_a_side_that_a_format_cannot_hold_is_refused(format: Format, most: int) -> None:
    read(encode(Picture(np.zeros((8, most, 3), np.uint8)), format))
    with pytest.raises(NotEncodable) as refusal:
        encode(Picture(np.zeros((8, most + 1, 3), np.uint8)), format)
    assert refusal.value.facts["maxSide"] == most


def test_a_zip_has_the_colours_and_the_alpha_apart() -> None:
    picture = Picture(np.full((32, 48, 3), (200, 90, 30), np.uint8), disc(48)[:32])

    with zipfile.ZipFile(io.BytesIO(encode(picture, "zip"))) as archive:
        assert archive.namelist() == ["color.jpg", "alpha.png"]
        colours, alpha = (read(archive.read(name)) for name in archive.namelist())

    assert (colours.format, colours.mode, alpha.format, alpha.mode) == ("JPEG", "RGB", "PNG", "L")
    # Colours are there also where nothing shows.
    assert np.abs(np.asarray(colours).astype(int) - picture.rgb).max() < 6
    assert (np.asarray(alpha) == picture.alpha).all()


def test_a_zip_of_an_opaque_picture_has_a_white_alpha() -> None:
    with zipfile.ZipFile(io.BytesIO(encode(Picture(photo().rgb), "zip"))) as archive:
        assert read(archive.read("alpha.png")).getextrema() == (255, 255)
