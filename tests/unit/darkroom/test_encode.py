import io

import numpy as np
import pytest
from PIL import Image

from darkroom.encode import Format, encode, join_visible
from darkroom.errors import NotEncodable
from darkroom.picture import Picture
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
    assert join_visible(rgb, alpha).tolist() == [[[0, 0, 0, 0], [9, 9, 9, 1], [9, 9, 9, 255]]]


def test_png_gives_the_visible_pixels_back_exactly() -> None:
    picture = photo()
    assert picture.alpha is not None
    image = read(encode(picture, "png"))
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (64, 64))
    assert (np.asarray(image) == join_visible(picture.rgb, picture.alpha)).all()


@pytest.mark.parametrize("format", ["png", "webp"])
def test_no_metadata_is_written(format: Format) -> None:
    image = read(encode(photo(), format))
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "dpi", "comment"} & set(image.info)


def test_webp_keeps_the_alpha_exactly() -> None:
    image = read(encode(photo(), "webp"))
    assert (image.format, image.mode) == ("WEBP", "RGBA")
    assert (np.asarray(image)[..., 3] == photo().alpha).all()


@pytest.mark.parametrize(("format", "mode"), [("png", "RGB"), ("webp", "RGB")])
def test_an_opaque_picture_stays_opaque(format: Format, mode: str) -> None:
    assert read(encode(Picture(photo().rgb), format)).mode == mode


def test_webp_refuses_a_side_it_cannot_hold() -> None:
    with pytest.raises(NotEncodable) as refusal:
        encode(Picture(np.zeros((8, 16384, 3), np.uint8)), "webp")
    assert refusal.value.facts["maxSide"] == 16383
