"""What strangers' models answer, brought to an alpha of the photo's size, or refused."""

import io
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from darkroom.decode import MAX_PIXELS
from darkroom.picture import Bytes
from darkroom.received import NoSubject, UnusableMatte, for_sending, received_alpha
from tests.unit.darkroom.photos import as_file, disc, png

SIDE = 64
DISC = disc(SIDE)


def cutout(alpha: Bytes = DISC, colour: int = 90) -> Bytes:
    rgb = np.full((*alpha.shape, 3), colour, np.uint8)
    rgb[..., 0] = 200
    return np.dstack([rgb, alpha])


def read(data: bytes, shows: Literal["cutout", "mask"] = "cutout", side: int = SIDE) -> Bytes:
    return received_alpha(data, shows, side, side)


@pytest.mark.parametrize(
    ("data", "shows"),
    [
        (png(cutout()), "cutout"),
        (as_file(Image.fromarray(cutout()), "WEBP", lossless=True), "cutout"),
        (png(DISC), "mask"),
        (png(np.dstack([DISC] * 3)), "mask"),
        (as_file(Image.fromarray(np.dstack([DISC, np.full_like(DISC, 255)]), "LA"), "PNG"), "mask"),
        (png(cutout()), "mask"),
        (as_file(Image.fromarray(DISC.astype(np.uint16) * 257), "PNG"), "mask"),
        (as_file(Image.fromarray(DISC).convert("P"), "PNG"), "mask"),
    ],
    ids=["RGBA", "WebP", "grey", "RGB mask", "LA", "cut-out called mask", "16 bits", "palette"],
)
@pytest.mark.filterwarnings("ignore:'mode' parameter is deprecated:DeprecationWarning")
def test_whatever_came_back_is_the_same_alpha(
    data: bytes, shows: Literal["cutout", "mask"]
) -> None:
    assert (read(data, shows) == DISC).all()


def test_a_binary_mask_stays_binary() -> None:
    mask = np.where(DISC > 127, 255, 0).astype(np.uint8)
    bilevel = as_file(Image.fromarray(mask).convert("1"), "PNG")
    assert (read(bilevel, "mask") == mask).all()


@pytest.mark.parametrize("side", [32, 61, 320])
def test_another_size_is_brought_to_the_photos(side: int) -> None:
    alpha = read(png(cutout()), side=side)
    assert alpha.shape == (side, side)
    middle = side // 2
    assert (alpha[middle, middle], alpha[0, 0]) == (255, 0)
    share = float((alpha > 127).mean())
    assert abs(share - float((DISC > 127).mean())) < 0.02


@pytest.mark.parametrize(
    ("data", "shows", "why"),
    [
        (b"", "cutout", "empty_file"),
        (b'{"error": "no credits"}', "cutout", "unsupported_format"),
        (png(cutout())[:-400], "cutout", "damaged_photo"),
        (png(np.zeros((SIDE, SIDE, 4), np.uint8)), "cutout", "nothing"),
        (png(np.zeros((SIDE, SIDE), np.uint8)), "mask", "nothing"),
        (png(np.full((SIDE, SIDE), 100, np.uint8)), "mask", "nothing"),
        (png(np.full((SIDE, SIDE), 250, np.uint8)), "mask", "all of it"),
        (png(cutout(np.full_like(DISC, 254))), "cutout", "all of it"),
        (png(cutout()[..., :3].copy()), "cutout", "without alpha"),
        (png(cutout(np.full_like(DISC, 255))), "cutout", "without alpha"),
        (png(DISC), "cutout", "without alpha"),
        (png(cutout()[..., :3].copy()), "mask", "colours"),
        (png(cutout(np.tile(DISC, (1, 2)))), "cutout", "shape"),
        (png(cutout(DISC[:, :60].copy())), "cutout", "shape"),
    ],
)
def test_what_tells_nothing_of_this_photo_is_refused(
    data: bytes, shows: Literal["cutout", "mask"], why: str
) -> None:
    with pytest.raises(UnusableMatte, match=why) as refusal:
        read(data, shows)
    of_the_photo = {"nothing", "all of it", "without alpha"}
    assert isinstance(refusal.value, NoSubject) is (why in of_the_photo)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    side = int(MAX_PIXELS**0.5) + 8
    bomb = as_file(Image.new("1", (side, side)), "PNG")
    with pytest.raises(UnusableMatte, match="too_many_pixels"):
        read(bomb, "mask", side=side)


def test_rounded_sides_are_the_same_shape() -> None:
    strip = np.tile(DISC[:, :40], (1, 40))
    sent = Image.fromarray(strip).resize((500, 20))
    alpha = received_alpha(as_file(sent, "PNG"), "mask", strip.shape[1], strip.shape[0])
    assert alpha.shape == strip.shape


def test_a_small_picture_is_sent_without_loss() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
    sending = for_sending(rgb, 2048)
    assert (sending.content_type, sending.width, sending.height) == ("image/png", 80, 60)
    assert (np.asarray(Image.open(io.BytesIO(sending.data))) == rgb).all()


def test_a_large_picture_is_sent_as_a_jpeg_within_the_side_and_without_metadata() -> None:
    rgb = np.full((1500, 3000, 3), 90, np.uint8)
    sending = for_sending(rgb, 2048)
    assert (sending.content_type, sending.width, sending.height) == ("image/jpeg", 2048, 1024)
    with Image.open(io.BytesIO(sending.data)) as sent:
        assert (sent.format, sent.size) == ("JPEG", (2048, 1024))
        assert not sent.getexif()
        assert sent.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert sent.getpixel((5, 5)) == (90, 90, 90)
