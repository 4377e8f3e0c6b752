"""Files measured a second time: by Pillow and numpy alone, with rules written by hand."""

import io
from typing import Any

import numpy as np
from PIL import Image

MEGA = 1_000_000
# By destination: sides in pixels, width to height, and what else its files must be.
RULES: dict[str, dict[str, Any]] = {
    "shopee": {
        "formats": {"JPEG", "PNG"},
        "least": 1024,
        "ratio": 1.0,
        "bytes": 2 * MEGA,
        "white": True,
        "opaque": True,
        "unmarked": True,
    },
    "tokopedia": {
        "formats": {"JPEG", "PNG"},
        "least": 301,
        "ratio": 1.0,
        "bytes": 5 * MEGA,
        "opaque": True,
        "unmarked": True,
    },
    "tiktok-shop": {
        "formats": {"JPEG", "PNG"},
        "least": 600,
        "most": 1200,
        "ratio": 1.0,
        "bytes": 5 * MEGA,
        "fill": 0.85,
        "white": True,
        "opaque": True,
        "unmarked": True,
    },
    "lazada": {
        "formats": {"JPEG", "PNG"},
        "least": 500,
        "most": 2000,
        "ratio": 1.0,
        "bytes": 3 * MEGA,
        "fill": 0.8,
        "white": True,
        "opaque": True,
        "unmarked": True,
    },
    "instagram-feed": {
        "formats": {"JPEG", "PNG"},
        "least": 320,
        "most": 1440,
        "ratio": 1.0,
        "bytes": 8 * MEGA,
        "opaque": True,
    },
    "instagram-portrait": {
        "formats": {"JPEG", "PNG"},
        "least": 320,
        "most": 1440,
        "ratio": 0.8,
        "bytes": 8 * MEGA,
        "opaque": True,
    },
    "instagram-story": {
        "formats": {"JPEG", "PNG"},
        "least": 320,
        "most": 1920,
        "ratio": 0.5625,
        "bytes": 8 * MEGA,
        "opaque": True,
    },
    "tiktok-post": {
        "formats": {"JPEG", "WEBP"},
        "exact": (1080, 1920),
        "ratio": 0.5625,
        "bytes": 20 * MEGA,
        "opaque": True,
    },
    "amazon": {
        "formats": {"JPEG", "PNG"},
        "least": 1000,
        "most": 10_000,
        "ratio": 1.0,
        "bytes": 10 * MEGA,
        "fill": 0.85,
        "white": True,
        "opaque": True,
        "unmarked": True,
    },
    "website": {
        "formats": {"JPEG", "PNG", "WEBP"},
        "least": 1000,
        "most": 4472,
        "ratio": 1.0,
        "bytes": MEGA,
    },
}
HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "loop", "background"}
HARMLESS |= {"timestamp", "duration", "icc_profile", "transparency", "adobe", "adobe_transform"}


def broken(data: bytes, destination: str, clean: bytes) -> set[str]:
    """The rules that a file breaks; `clean` is a PNG of what it should show, without any mark."""
    rules = RULES[destination]
    image = Image.open(io.BytesIO(data))
    width, height = image.size
    pixels = np.asarray(image.convert("RGB")).astype(int)
    meant = np.asarray(Image.open(io.BytesIO(clean)).convert("RGB")).astype(int)
    found = set()
    if image.format not in rules["formats"]:
        found.add("format")
    if "exact" in rules and image.size != rules["exact"]:
        found.add("size")
    if min(image.size) < rules.get("least", 0) or max(image.size) > rules.get("most", 10**6):
        found.add("size")
    if abs(width - height * rules["ratio"]) > 1:
        found.add("aspectRatio")
    if len(data) > rules["bytes"]:
        found.add("bytes")
    outside = seen_from_the_sides(meant)
    if "fill" in rules and filled(~outside) < rules["fill"] - 0.005:
        found.add("fill")
    if rules.get("white") and not is_white(pixels, outside):
        found.add("pureWhite")
    if image.mode not in ("RGB", "RGBA", "L") or "icc_profile" in image.info:
        found.add("sRGB")
    if rules.get("opaque") and np.asarray(image.convert("RGBA"))[..., 3].min() < 255:
        found.add("noAlpha")
    if image.info.keys() - HARMLESS or image.getexif():
        found.add("noMetadata")
    if rules.get("unmarked") and pixels.shape == meant.shape and is_marked(pixels, meant):
        found.add("noWatermark")
    return found


def seen_from_the_sides(pixels: np.ndarray) -> np.ndarray:
    """Where nothing but exact white lies between a pixel and a side of the picture."""
    white = (pixels == 255).all(axis=2)
    seen: np.ndarray = np.zeros_like(white)
    for turn in range(4):
        runs = np.logical_and.accumulate(np.rot90(white, turn), axis=0)
        seen |= np.rot90(runs, -turn)
    return seen


def filled(subject: np.ndarray) -> float:
    """The larger share of a side that a subject takes."""
    rows, columns = np.nonzero(subject)
    if not len(rows):
        return 0.0
    height, width = subject.shape
    return float(max((np.ptp(rows) + 1) / height, (np.ptp(columns) + 1) / width))


def is_white(pixels: np.ndarray, outside: np.ndarray) -> bool:
    """255 in each block of 8 x 8 without subject; else hardly below 250, and never below 245."""
    level = pixels.min(axis=2)
    height, width = (-(-side // 8) * 8 for side in level.shape)
    blocks = np.full((height, width, 2), 255)
    blocks[: level.shape[0], : level.shape[1], 0] = level
    blocks[: level.shape[0], : level.shape[1], 1] = outside * 255
    lowest, empty = np.moveaxis(blocks.reshape(height // 8, 8, width // 8, 8, 2).min((1, 3)), 2, 0)
    if (lowest[empty == 255] < 255).any():
        return False
    around = level[outside]
    return bool(around.min() >= 245 and (around >= 250).mean() >= 0.985)


def is_marked(pixels: np.ndarray, meant: np.ndarray) -> bool:
    """Something lies over the lower right corner that does not belong there."""
    height, width = pixels.shape[:2]
    corner = np.s_[height * 8 // 10 :, width * 7 // 10 :]
    return int((abs(pixels[corner] - meant[corner]).max(axis=2) > 40).sum()) > 20
