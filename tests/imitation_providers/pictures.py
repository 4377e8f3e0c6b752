"""Pictures that imitated models answer with, made cheaply from the photo that they were sent."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

_LEVELS = 24


def picture(kind: str, photo: bytes, scale: float = 1.0) -> bytes:
    """A PNG of the photo's size times `scale`.

    `cutout` and `mask` show what differs from the photo's border, `empty` is a mask of nothing,
    `opaque` the photo as it was sent, `other` a cut-out of another shape.

    Of those that are painted, `scene` has no product, `around` has it as it was sent, `redrawn` in
    other colours, `body` has one that nobody sent, `relit` is lit from the left, its letters gone
    and its colours dyed; `black`, `flat` and `narrow` are of no use.
    """
    with Image.open(io.BytesIO(photo)) as opened:
        image = opened.convert("RGB")
    if kind in _PAINTED:
        made = Image.fromarray(np.ascontiguousarray(_PAINTED[kind](np.asarray(image))))
        return _png(made.resize((round(made.width * scale), round(made.height * scale))))
    if kind == "other":
        image = image.resize((image.width, image.height * 2))
    if scale != 1.0:
        image = image.resize((round(image.width * scale), round(image.height * scale)))
    alpha = _subject(np.asarray(image))
    if kind == "opaque":
        return _png(image)
    if kind == "mask":
        return _png(alpha)
    if kind == "empty":
        return _png(alpha.point(lambda _: 0))
    image.putalpha(alpha)
    return _png(image)


def empty(width: int, height: int) -> bytes:
    """A grey PNG."""
    return _png(Image.new("RGB", (width, height), (128, 128, 128)))


def _scene(rgb: np.ndarray) -> np.ndarray:
    """A wall that gets darker, and a table."""
    height, width = rgb.shape[:2]
    down, across = np.mgrid[:height, :width]
    wall = 200 - 60 * down / height + 20 * across / width
    wall = np.where(down > height * 0.65, wall * 0.7, wall)
    return np.stack([wall, wall * 0.95, wall * 0.85], axis=-1).astype(np.uint8)


def _around(rgb: np.ndarray) -> np.ndarray:
    own = np.asarray(_subject(rgb))[..., None] > 0
    return np.where(own, rgb, _scene(rgb))


def _redrawn(rgb: np.ndarray) -> np.ndarray:
    own = np.asarray(_subject(rgb))[..., None] > 0
    return np.where(own, 255 - rgb, _scene(rgb))


def _body(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    down, across = np.mgrid[:height, :width]
    inside = np.hypot(down - height * 0.6, across - width / 2) < 0.22 * min(height, width)
    return np.where(inside[..., None], np.array((190, 20, 30), np.uint8), _scene(rgb))


def _relit(rgb: np.ndarray) -> np.ndarray:
    fall = np.linspace(1.6, 0.5, rgb.shape[1])[None, :, None] * np.array((1.3, 1.0, 0.6))
    soft = np.asarray(Image.fromarray(rgb).filter(ImageFilter.GaussianBlur(rgb.shape[1] / 20)))
    return np.asarray((soft * fall).clip(0, 255), np.uint8)


_PAINTED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "scene": _scene,
    "around": _around,
    "redrawn": _redrawn,
    "body": _body,
    "relit": _relit,
    "black": np.zeros_like,
    "flat": lambda rgb: np.full_like(rgb, 120),
    "narrow": lambda rgb: _scene(rgb)[:, : rgb.shape[1] // 3],
}


def _subject(rgb: np.ndarray) -> Image.Image:
    """Where the photo is not as its border is; its middle where nothing or all is."""
    border = np.median(np.concatenate([rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]), axis=0)
    mask = np.abs(rgb.astype(np.int16) - border.astype(np.int16)).max(axis=2) > _LEVELS
    if mask.all() or not mask.any():
        height, width = mask.shape
        mask = np.zeros_like(mask)
        mask[height // 4 : -(height // 4), width // 4 : -(width // 4)] = True
    return Image.fromarray((mask * 255).astype(np.uint8))


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()
