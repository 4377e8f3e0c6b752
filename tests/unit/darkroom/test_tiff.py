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
WHITE_IS_ZERO, GREY, RGB, CMYK = 0, 1, 2, 5
CHANNELS = {WHITE_IS_ZERO: 1, GREY: 1, RGB: 3, CMYK: 4}


def samples(tiff: Tiff) -> Samples:
    count = CHANNELS[tiff.photometric] + len(tiff.extras)
    return np.random.default_rng(4).integers(0, 1 << tiff.bits, (HEIGHT, WIDTH, count))


def seen(tiff: Tiff, values: Samples) -> NDArray[np.float64]:
    """Levels of red, green and blue that straight samples stand for."""
    part = values / ((1 << tiff.bits) - 1)
    colours = part[..., : CHANNELS[tiff.photometric]]
    match tiff.photometric:
        case 0:
            colours = 1 - colours
        case 5:
            colours = (1 - colours[..., :3]) * (1 - colours[..., 3:])
    return np.broadcast_to(colours * 255, (HEIGHT, WIDTH, 3))


def is_right(picture: Picture, tiff: Tiff, values: Samples) -> bool:
    near = np.abs(picture.rgb - seen(tiff, values)).max() < (2 if tiff.photometric == CMYK else 1)
    if tiff.extras[:1] != (2,):
        return bool(near) and picture.alpha is None
    alpha = values[..., CHANNELS[tiff.photometric]] / ((1 << tiff.bits) - 1) * 255
    return bool(near) and picture.alpha is not None and bool(np.abs(picture.alpha - alpha).max() < 1)


COLOURS: list[tuple[int, tuple[int, ...]]] = [
    (WHITE_IS_ZERO, ()),
    (WHITE_IS_ZERO, (2,)),
    (GREY, ()),
    (GREY, (0,)),
    (GREY, (2,)),
    (RGB, ()),
    (RGB, (0,)),
    (RGB, (2,)),
    (RGB, (2, 0)),
    (CMYK, ()),
    (CMYK, (0,)),
]
LAYOUTS = [
    Tiff(
        photometric,
        bits,
        extras,
        in_planes=in_planes,
        compression=compression,
        predictor=predictor,
        fill_order=fill_order,
        order=order,
        is_tiled=is_tiled,
    )
    for (photometric, extras), bits, in_planes, compression, predictor, fill_order, order, is_tiled
    in itertools.product(
        COLOURS, (1, 2, 4, 8, 10, 12, 14, 16), (False, True), COMPRESSIONS, (1, 2), (1, 2), "<>",
        (False, True),
    )
    if (predictor == 1 or (bits in (8, 16) and compression in (5, 8)))
]


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("bits", [1, 2, 4, 8, 10, 12, 14, 16])
@pytest.mark.parametrize(("photometric", "extras"), COLOURS)
def test_unsigned_samples_of_grey_rgb_and_cmyk_are_read_right(
    photometric: int, extras: tuple[int, ...], bits: int, order: str
) -> None:
    wrong = []
    for tiff in LAYOUTS:
        if (tiff.photometric, tiff.extras, tiff.bits, tiff.order) != (photometric, extras, bits, order):
            continue
        values = samples(tiff)
        if not is_right(decode_photo(tiff.of(values)), tiff, values):
            wrong.append(tiff)
    assert wrong == []
