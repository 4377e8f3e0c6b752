"""From whatever a file holds (palette, grey, CMYK, Lab, 16 bits, any ICC profile) to 8-bit sRGB."""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from darkroom.picture import Bytes, strips
from darkroom.told import SRGB, converter

_SRGB = ImageCms.createProfile("sRGB")
_LAB = ImageCms.createProfile("LAB")
# A profile whose effect is at most this many levels on a grid of colours is sRGB by another name.
_SAME_LEVELS = 2

# From an opaque strip, and the row at which it begins, to (height, width, 3) uint8 sRGB.
type Convert = Callable[[Image.Image, int], Bytes]


def to_srgb(image: Image.Image) -> tuple[Bytes, Bytes | None]:
    """Convert an image, by what its `info` tells: `icc_profile`, else `told` (see there), or sRGB.

    `transparency` is a key on the scale of the pixels, or of all 16 bits where `low` holds the
    lower 8 of them, as an image of the same mode.
    Gives (height, width, 3) uint8 sRGB and (height, width) uint8 straight alpha, or None for
    the alpha when every pixel is opaque.
    """
    if image.mode.startswith("I;16"):
        return _from_grey16(image)
    plain = _expand(image)
    convert = _converter(plain)
    rgb = np.empty((plain.height, plain.width, 3), np.uint8)
    alpha = np.empty(rgb.shape[:2], np.uint8) if plain.mode in ("RGBA", "LA") else None
    for top, bottom in strips(plain.height, plain.width):
        strip = _rows(plain, top, bottom)
        rgb[top:bottom] = convert(_opaque(strip), top)
        if alpha is not None:
            alpha[top:bottom] = np.asarray(strip.getchannel("A"))
    return rgb, alpha_or_none(alpha)


def _rows(image: Image.Image, top: int, bottom: int) -> Image.Image:
    return image.crop((0, top, image.width, bottom))


def alpha_or_none(alpha: Bytes | None) -> Bytes | None:
    """Drop an alpha that says nothing: (height, width) uint8, all 255 -> None."""
    return None if alpha is None or int(alpha.min()) == 255 else alpha


def _expand(image: Image.Image) -> Image.Image:
    """Bring an image to one of RGB, RGBA, L, LA, CMYK, LAB; keys and palettes become alpha."""
    keyed = "transparency" in image.info
    match image.mode:
        case "RGB" if keyed and "low" in image.info:
            return _with_key_of_16_bits(image)
        case "P" | "1" | "RGB" | "L" if keyed:
            return image.convert("RGBA")
        case "P" | "YCbCr" | "RGBX" | "HSV":
            return image.convert("RGB")
        case "PA" | "RGBa":
            return image.convert("RGBA")
        case "La":
            return image.convert("LA")
        case "1":
            return image.convert("L")
        case _:
            return image


def _with_key_of_16_bits(image: Image.Image) -> Image.Image:
    """Make transparent what has the colour of the key in both halves of its 16 bits."""
    key = image.info["transparency"]
    alpha = np.empty((image.height, image.width), np.uint8)
    for top, bottom in strips(image.height, image.width):
        halves = (_rows(half, top, bottom) for half in (image, image.info["low"]))
        high, low = (np.asarray(half) for half in halves)
        is_key = (high == np.array(key) >> 8) & (low == np.array(key) & 255)
        alpha[top:bottom] = np.where(is_key.all(axis=-1), 0, 255)
    image.putalpha(Image.fromarray(alpha))
    return image


def _opaque(strip: Image.Image) -> Image.Image:
    bands = {"RGBA": "RGB", "LA": "L"}
    return strip.convert(bands[strip.mode]) if strip.mode in bands else strip


def _converter(image: Image.Image) -> Convert:
    """Choose how strips of this image become sRGB."""
    if image.mode == "LAB":
        transform = ImageCms.buildTransform(_LAB, _SRGB, "LAB", "RGB")
        return lambda strip, _: _apply(strip, transform)
    return _profile_converter(image) or _told_converter(image) or _plain


def _plain(strip: Image.Image, _: int) -> Bytes:
    return np.asarray(strip.convert("RGB"))


def _profile_converter(image: Image.Image) -> Convert | None:
    """Convert through the embedded profile, or None when there is none that fits the pixels."""
    raw = image.info.get("icc_profile")
    if not raw:
        return None
    mode = {"RGBA": "RGB", "LA": "L"}.get(image.mode, image.mode)
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(raw))
        space = profile.profile.xcolor_space.strip()
        grey = mode == "RGB" and space == "GRAY" and _is_grey(image)
        if not grey and space != {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}.get(mode):
            return None
        transform = _build(profile, "L" if grey else mode)
        if mode == "RGB" and not grey and _changes_nothing(transform):
            return _plain
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return None
    if grey:
        return lambda strip, _: _apply(strip.getchannel(0), transform)
    return lambda strip, _: _apply(strip, transform)


def _told_converter(image: Image.Image) -> Convert | None:
    """Convert as the file tells without a profile; None when that is sRGB."""
    told = image.info.get("told", SRGB)
    if told in (None, SRGB) or image.mode == "CMYK":
        return None
    low = image.info.get("low")
    shown = converter(told, 256 if low is None else 65_536)

    def convert(strip: Image.Image, top: int) -> Bytes:
        values = np.asarray(strip.convert("RGB"))
        if low is None:
            return shown(values)
        lower = np.asarray(_opaque(_rows(low, top, top + strip.height)))
        return shown(values.astype(np.uint16) << 8 | lower)

    return convert


def _build(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    """Relative colorimetric with black point compensation, as photo editors do."""
    return ImageCms.buildTransform(
        profile,
        _SRGB,
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _apply(strip: Image.Image, transform: ImageCms.ImageCmsTransform) -> Bytes:
    converted = ImageCms.applyTransform(strip, transform)
    if converted is None:
        raise ValueError("The colour transform gave nothing back")
    return np.asarray(converted)


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Say whether a transform leaves a 9x9x9 grid of colours as it is."""
    levels = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    after = _apply(Image.fromarray(grid), transform).astype(np.int16)
    return int(np.abs(after - grid).max()) <= _SAME_LEVELS


def _is_grey(image: Image.Image) -> bool:
    """Say whether an RGB(A) image holds only greys (16-bit grey with alpha is read as RGBA)."""
    for top, bottom in strips(image.height, image.width):
        strip = np.asarray(_rows(image, top, bottom))
        if (strip[..., 0] != strip[..., 1]).any() or (strip[..., 0] != strip[..., 2]).any():
            return False
    return True


def _from_grey16(image: Image.Image) -> tuple[Bytes, Bytes | None]:
    """Bring 16-bit grey to 8 bits, round(value / 257), or at once to sRGB where `told` says how."""
    key, told = image.info.get("transparency"), image.info.get("told", SRGB)
    profile = image.info.get("icc_profile")
    shown = None if profile or told in (None, SRGB) else converter(told, 65_536)
    grey = np.empty((image.height, image.width), np.uint8)
    alpha = np.full(grey.shape, 255, np.uint8) if isinstance(key, int) else None
    for top, bottom in strips(image.height, image.width):
        strip = np.asarray(_rows(image, top, bottom)).astype(np.uint16)
        grey[top:bottom] = shown(np.dstack([strip] * 3))[..., 0] if shown else scale_16_to_8(strip)
        if alpha is not None:
            alpha[top:bottom][strip == key] = 0
    eight = Image.fromarray(grey)
    eight.info = {"icc_profile": profile}
    rgb, _ = to_srgb(eight)
    return rgb, alpha_or_none(alpha)


def scale_16_to_8(values: NDArray[np.uint16]) -> Bytes:
    """Scale any shape of uint16 0-65535 to uint8 0-255, rounded: 65535 = 255 * 257."""
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
