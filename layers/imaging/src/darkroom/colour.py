"""From whatever a file holds (palette, grey, CMYK, Lab, 16 bits, any ICC profile) to 8-bit sRGB."""

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from darkroom.picture import Bytes, strips

_SRGB = ImageCms.createProfile("sRGB")
_LAB = ImageCms.createProfile("LAB")
# A profile whose effect is at most this many levels on a grid of colours is sRGB by another name.
_SAME_LEVELS = 2

type Convert = Callable[[Image.Image], Image.Image]


def to_srgb(image: Image.Image) -> tuple[Bytes, Bytes | None]:
    """Convert a loaded image.

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
        strip = plain.crop((0, top, plain.width, bottom))
        rgb[top:bottom] = np.asarray(convert(_opaque(strip)))
        if alpha is not None:
            alpha[top:bottom] = np.asarray(strip.getchannel("A"))
    return rgb, alpha_or_none(alpha)


def alpha_or_none(alpha: Bytes | None) -> Bytes | None:
    """Drop an alpha that says nothing: (height, width) uint8, all 255 -> None."""
    return None if alpha is None or int(alpha.min()) == 255 else alpha


def _expand(image: Image.Image) -> Image.Image:
    """Bring an image to one of RGB, RGBA, L, LA, CMYK, LAB; keys and palettes become alpha."""
    keyed = "transparency" in image.info
    if keyed and image.mode == "RGB":
        _fit_key(image)
    match image.mode:
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


def _fit_key(image: Image.Image) -> None:
    """Bring a 16-bit colour key to the 8 bits that the pixels were read with."""
    key = image.info["transparency"]
    if isinstance(key, tuple) and max(key) > 255:
        image.info["transparency"] = tuple(value >> 8 for value in key)


def _opaque(strip: Image.Image) -> Image.Image:
    bands = {"RGBA": "RGB", "LA": "L"}
    return strip.convert(bands[strip.mode]) if strip.mode in bands else strip


def _converter(image: Image.Image) -> Convert:
    """Choose how strips of this image become sRGB."""
    if image.mode == "LAB":
        transform = ImageCms.buildTransform(_LAB, _SRGB, "LAB", "RGB")
        return lambda strip: _apply(strip, transform)
    return _profile_converter(image) or (lambda strip: strip.convert("RGB"))


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
            return None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return None
    if grey:
        return lambda strip: _apply(strip.getchannel(0), transform)
    return lambda strip: _apply(strip, transform)


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


def _apply(strip: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(strip, transform)
    if converted is None:
        raise ValueError("The colour transform gave nothing back")
    return converted


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Say whether a transform leaves a 9x9x9 grid of colours as it is."""
    levels = np.linspace(0, 255, 9).astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    after = np.asarray(_apply(Image.fromarray(grid), transform)).astype(np.int16)
    return int(np.abs(after - grid).max()) <= _SAME_LEVELS


def _is_grey(image: Image.Image) -> bool:
    """Say whether an RGB(A) image holds only greys (16-bit grey with alpha is read as RGBA)."""
    for top, bottom in strips(image.height, image.width):
        strip = np.asarray(image.crop((0, top, image.width, bottom)))
        if (strip[..., 0] != strip[..., 1]).any() or (strip[..., 0] != strip[..., 2]).any():
            return False
    return True


def _from_grey16(image: Image.Image) -> tuple[Bytes, Bytes | None]:
    """Scale 16-bit grey to 8 bits: (height, width) 0-65535 -> round(value / 257)."""
    key = image.info.get("transparency")
    grey = np.empty((image.height, image.width), np.uint8)
    alpha = np.full(grey.shape, 255, np.uint8) if isinstance(key, int) else None
    for top, bottom in strips(image.height, image.width):
        strip = np.asarray(image.crop((0, top, image.width, bottom))).astype(np.uint16)
        grey[top:bottom] = scale_16_to_8(strip)
        if alpha is not None:
            alpha[top:bottom][strip == key] = 0
    eight = Image.fromarray(grey)
    eight.info = {"icc_profile": image.info.get("icc_profile")}
    rgb, _ = to_srgb(eight)
    return rgb, alpha_or_none(alpha)


def scale_16_to_8(values: NDArray[np.uint16]) -> Bytes:
    """Scale any shape of uint16 0-65535 to uint8 0-255, rounded: 65535 = 255 * 257."""
    return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
