"""Every layout of samples is read right, or refused by its name."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from darkroom.decode import decode_photo
from darkroom.errors import DamagedPhoto, TooManyPixels, UnsupportedFormat, UnsupportedLayout
from darkroom.picture import Picture
from tests.unit.darkroom.photos import as_file
from tests.unit.darkroom.tiffs import COMPRESSIONS, Samples, Tiff

HEIGHT, WIDTH = 24, 37
WHITE_IS_ZERO, GREY, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
CHANNELS = {WHITE_IS_ZERO: 1, GREY: 1, RGB: 3, CMYK: 4}
SIGNED, FLOAT = 2, 3
COLOURS: list[tuple[int, tuple[int, ...]]] = [
    *((WHITE_IS_ZERO, extras) for extras in ((), (2,))),
    *((GREY, extras) for extras in ((), (0,), (2,))),
    *((RGB, extras) for extras in ((), (0,), (2,), (2, 0))),
    *((CMYK, extras) for extras in ((), (0,))),
]
LAYOUTS = [
    Tiff(colour, bits, extras, 1, planes, packing, predictor, fill, order, big, tiled)
    for bits, (colour, extras), planes, packing, predictor, fill, order, big, tiled in (
        itertools.product(
            (1, 2, 4, 8, 10, 12, 14, 16),
            COLOURS,
            (False, True),
            COMPRESSIONS,
            (1, 2),
            (1, 2),
            "<>",
            (False, True),
            (False, True),
        )
    )
    if predictor == 1 or (bits in (8, 16) and packing in (5, 8))
]
# Coprime to the number of choices in each place, so that all pairs of choices occur.
EVERY = 13


def samples(tiff: Tiff) -> Samples:
    count = CHANNELS.get(tiff.photometric, 3) + len(tiff.extras)
    return np.random.default_rng(4).integers(0, 1 << tiff.bits, (HEIGHT, WIDTH, count))


def seen(tiff: Tiff, values: Samples) -> NDArray[np.float64]:
    """Levels of red, green and blue that straight samples stand for."""
    part = values / ((1 << tiff.bits) - 1)
    colours = part[..., : CHANNELS[tiff.photometric]]
    if tiff.photometric == WHITE_IS_ZERO:
        colours = 1 - colours
    if tiff.photometric == CMYK:
        colours = (1 - colours[..., :3]) * (1 - colours[..., 3:])
    return np.broadcast_to(colours * 255, (HEIGHT, WIDTH, 3))


def is_right(picture: Picture, tiff: Tiff, values: Samples) -> bool:
    levels = 2 if tiff.photometric == CMYK else 1
    if np.abs(picture.rgb - seen(tiff, values)).max() >= levels:
        return False
    if tiff.extras[:1] != (2,) or picture.alpha is None:
        return tiff.extras[:1] != (2,) and picture.alpha is None
    alpha = values[..., CHANNELS[tiff.photometric]] / ((1 << tiff.bits) - 1) * 255
    return bool(np.abs(picture.alpha - alpha).max() < 1)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 10, 12, 14, 16])
def test_unsigned_samples_of_grey_rgb_and_cmyk_are_read_right(bits: int) -> None:
    wrong = []
    for tiff in LAYOUTS[::EVERY]:
        values = samples(tiff)
        if tiff.bits == bits and not is_right(decode_photo(tiff.of(values)), tiff, values):
            wrong.append(tiff)
    assert wrong == []


@pytest.mark.parametrize("in_planes", [False, True])
@pytest.mark.parametrize("bits", [8, 16])
def test_colours_multiplied_with_alpha_are_divided_by_it(bits: int, in_planes: bool) -> None:
    most = (1 << bits) - 1
    values = np.full((HEIGHT, WIDTH, 4), (most // 4, most // 8, 0, most // 2))
    picture = decode_photo(Tiff(RGB, bits, (1,), in_planes=in_planes).of(values))
    assert np.abs(picture.rgb[3, 3] - np.array((127, 64, 0))).max() <= 2
    assert picture.alpha is not None
    assert picture.alpha[3, 3] == 127


@pytest.mark.parametrize(
    ("tiff", "name"),
    [
        (Tiff(GREY, 8, format=SIGNED), "8 bits, signed"),
        (Tiff(GREY, 16, format=SIGNED), "16 bits, signed"),
        (Tiff(GREY, 32), "32 bits, unsigned"),
        (Tiff(RGB, 32, format=FLOAT), "32 bits, floating point"),
        (Tiff(LAB, 16), "Lab, 3 x 16 bits"),
        (Tiff(LAB, 8, in_planes=True), "in planes"),
        (Tiff(YCBCR, 8), "YCbCr"),
        (Tiff(9, 8), "ICC Lab"),
        (Tiff(CMYK, 8, (2,)), "CMYK, 5 x 8 bits"),
        (Tiff(CMYK, 8, tags={332: (2,)}), "CMYK"),
        (Tiff(RGB, 16, compression=8, predictor=3), "predictor 3"),
        (Tiff(GREY, 16, compression=8, predictor=3), "predictor 3"),
        (Tiff(RGB, 8, tags={258: (5, 6, 5)}), "mixed bits"),
        (Tiff(RGB, 8, tags={259: (34712,)}), "compression 34712"),
    ],
)
def test_other_layouts_are_refused_by_their_name_with_what_to_do(tiff: Tiff, name: str) -> None:
    with pytest.raises(UnsupportedLayout, match=name) as refusal:
        decode_photo(tiff.of(samples(tiff)))
    assert refusal.value.code == "unsupported_layout"
    assert "Save it again" in refusal.value.message


def test_the_photo_is_the_first_page_that_is_no_smaller_copy() -> None:
    small, photo = (np.full((side, side, 3), level) for side, level in ((10, 9), (20, 99)))
    for is_big, (tag, value) in itertools.product((False, True), ((254, 1), (255, 2))):
        pages = [Tiff(RGB, 8, tags={tag: (value,)}), Tiff(RGB, 8)]
        data = Tiff(RGB, 8, is_big=is_big).of_pages(zip(pages, (small, photo), strict=True))
        picture = decode_photo(data)
        assert (picture.width, picture.rgb[3, 3].tolist()) == (20, [99, 99, 99])


def test_a_palette_of_8_bits_is_not_taken_for_a_black_one_of_16() -> None:
    levels = [(7 * index) % 256 for index in range(3 * 256)]
    for factor in (1, 257):
        tiff = Tiff(3, 8, tags={320: tuple(level * factor for level in levels)})
        picture = decode_photo(tiff.of(np.full((9, 9, 1), 5)))
        assert picture.rgb[0, 0].tolist() == [levels[5], levels[256 + 5], levels[512 + 5]]


@pytest.mark.parametrize("tags", [{254: (1,)}, {50706: (1,)}, {262: (32803,)}])
def test_raw_files_are_named_as_such(tags: dict[int, tuple[int, ...]]) -> None:
    with pytest.raises(UnsupportedFormat, match="camera raw"):
        decode_photo(Tiff(RGB, 8, tags=tags).of(samples(Tiff(RGB, 8))))


def test_orientation_and_profile_count_in_layouts_of_our_own_too() -> None:
    values = np.zeros((20, 30, 1), int)
    values[:, :10] = 65535
    picture = decode_photo(Tiff(WHITE_IS_ZERO, 16, tags={274: (6,)}).of(values))
    assert (picture.width, picture.height) == (20, 30)
    assert picture.rgb[:, 5, 0].tolist() == [0] * 10 + [255] * 20


def test_pixels_are_counted_before_they_are_unpacked() -> None:
    data = Tiff(RGB, 16, tags={256: (8001,), 257: (8000,)}).of(samples(Tiff(RGB, 16)))
    with pytest.raises(TooManyPixels):
        decode_photo(data)


def test_pages_in_a_circle_come_to_an_end() -> None:
    data = bytearray(Tiff(RGB, 8, tags={254: (1,)}).of(samples(Tiff(RGB, 8))))
    data[-4:] = data[4:8]
    with pytest.raises(UnsupportedFormat):
        decode_photo(bytes(data))


def test_a_page_without_a_size_is_damaged_not_a_crash() -> None:
    data = as_file(Image.new("L", (16, 16)), "TIFF")
    broken = data.replace((256).to_bytes(2, "little") + b"\x04\0", b"\xff\xfe\x04\0", 1)
    with pytest.raises(DamagedPhoto):
        decode_photo(broken)
