import numpy as np
import pytest
from PIL import Image

from darkroom.colour import scale_16_to_8
from darkroom.decode import decode_photo
from tests.unit.darkroom import icc
from tests.unit.darkroom.photos import as_file, png


def flat(mode: str, colour: object, side: int = 16) -> Image.Image:
    return Image.new(mode, (side, side), colour)  # type: ignore[arg-type]


def middle(data: bytes) -> list[int]:
    return [int(level) for level in decode_photo(data).rgb[8, 8]]


def near(data: bytes, expected: object, levels: float = 2) -> bool:
    return bool(np.abs(np.array(middle(data)) - np.array(expected)).max() <= levels)


@pytest.mark.parametrize("colour", [(200, 100, 50), (40, 180, 90), (255, 255, 255), (0, 0, 0)])
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_a_wide_gamut_profile_is_applied(format: str, colour: tuple[int, int, int]) -> None:
    profile = icc.gamma_profile(icc.P3, 2.2)
    options = {"lossless": True} if format == "WEBP" else {"quality": 95}
    data = as_file(flat("RGB", colour), format, icc_profile=profile, **options)
    assert near(data, icc.expected_srgb(colour, icc.P3, 2.2), 4 if format == "JPEG" else 3)


def test_a_colour_outside_srgb_lands_on_its_border() -> None:
    data = as_file(flat("RGB", (0, 255, 0)), "PNG", icc_profile=icc.gamma_profile(icc.P3, 2.2))
    assert near(data, (0, 255, 0))


@pytest.mark.parametrize("alpha", [None, 128])
def test_a_grey_profile_is_applied(alpha: int | None) -> None:
    image = flat("L", 100) if alpha is None else flat("LA", (100, alpha))
    data = as_file(image, "PNG", icc_profile=icc.grey_profile(1.8))
    # (100 / 255) ** 1.8 = 0.1855 linear light; 1.055 * 0.1855 ** (1 / 2.4) - 0.055 = 0.4681
    assert near(data, (119, 119, 119))
    assert (decode_photo(data).alpha is None) == (alpha is None)


@pytest.mark.parametrize(
    "profile", [icc.grey_profile(1.8), b"not a profile", icc.gamma_profile(icc.P3, 2.2)[:200]]
)
def test_a_profile_that_does_not_fit_is_ignored(profile: bytes) -> None:
    assert middle(as_file(flat("RGB", (200, 100, 50)), "PNG", icc_profile=profile)) == [
        200,
        100,
        50,
    ]


def test_an_srgb_profile_changes_nothing() -> None:
    ramp = np.random.default_rng(5).integers(0, 256, (16, 16, 3)).astype(np.uint8)
    profile = icc.gamma_profile(icc.SRGB, 2.2)
    assert (decode_photo(png(ramp)).rgb == ramp).all()
    assert decode_photo(png(ramp, icc_profile=profile)).rgb.shape == (16, 16, 3)


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_not_inverted(format: str) -> None:
    # 20 % cyan, 60 % magenta, 80 % yellow, 10 % black: 255 * (1 - ink) * (1 - black).
    data = as_file(flat("CMYK", (51, 153, 204, 26)), format, **_best(format))
    assert near(data, (183, 92, 46), 4)
    assert near(as_file(flat("CMYK", (0, 0, 0, 0)), format), (255, 255, 255))


def _best(format: str) -> dict[str, object]:
    return {"quality": 100} if format == "JPEG" else {}


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    values = np.array([[0, 257, 128 * 257, 40000, 65535, 127, 129, 300]] * 8, np.uint16)
    # 40000 / 257 = 155.6, 127 / 257 = 0.49, 129 / 257 = 0.502, 300 / 257 = 1.17
    assert scale_16_to_8(values)[0].tolist() == [0, 1, 128, 156, 255, 0, 1, 1]
    for format in ("PNG", "TIFF"):
        rgb = decode_photo(as_file(Image.fromarray(values), format)).rgb
        assert rgb[3, :, 0].tolist() == [0, 1, 128, 156, 255, 0, 1, 1]


def test_sixteen_bit_grey_key_is_compared_at_sixteen_bits() -> None:
    values = np.full((8, 8), 1000, np.uint16)
    values[2, 3] = 1001
    alpha = decode_photo(as_file(Image.fromarray(values), "PNG", transparency=1001)).alpha
    assert alpha is not None
    assert alpha[2, 3] == 0
    assert alpha.sum() == 63 * 255


def test_a_palette_with_transparent_entries_becomes_alpha() -> None:
    image = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8) % 4, "P")
    image.putpalette([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
    picture = decode_photo(as_file(image, "PNG", transparency=bytes((255, 128, 0, 255))))
    assert picture.rgb[0, :4].tolist() == [
        [10, 20, 30],
        [40, 50, 60],
        [70, 80, 90],
        [100, 110, 120],
    ]
    assert picture.alpha is not None
    assert picture.alpha[0, :4].tolist() == [255, 128, 0, 255]


@pytest.mark.parametrize(("mode", "colour", "key"), [("RGB", (9, 8, 7), (9, 8, 7)), ("L", 9, 9)])
def test_a_colour_key_becomes_alpha(mode: str, colour: object, key: object) -> None:
    image = flat(mode, colour)
    image.putpixel((2, 3), 200 if mode == "L" else (9, 8, 8))
    alpha = decode_photo(as_file(image, "PNG", transparency=key)).alpha
    assert alpha is not None
    assert alpha[3, 2] == 255
    assert alpha.sum() == 255


def test_grey_with_alpha_keeps_its_alpha() -> None:
    picture = decode_photo(as_file(flat("LA", (77, 40)), "PNG"))
    assert picture.rgb[0, 0].tolist() == [77, 77, 77]
    assert picture.alpha is not None
    assert (picture.alpha == 40).all()


def test_an_alpha_that_is_opaque_everywhere_says_nothing() -> None:
    assert decode_photo(as_file(flat("RGBA", (1, 2, 3, 255)), "PNG")).alpha is None


def test_one_bit_and_lab() -> None:
    assert middle(as_file(flat("1", 1), "PNG")) == [255, 255, 255]
    # L* = 50 (127 of 255), a* = b* = 0 (128): linear light 0.1842, sRGB 118.
    assert near(as_file(flat("LAB", (127, 128, 128)), "TIFF"), (118, 118, 118), 3)
