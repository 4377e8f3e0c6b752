"""Pictures that imitated models answer with, made cheaply from the photo that they were sent."""

import io

import numpy as np
from PIL import Image

_LEVELS = 24


def picture(kind: str, photo: bytes, scale: float = 1.0) -> bytes:
    """A PNG of the photo's size times `scale`.

    `cutout` and `mask` show what differs from the photo's border, `empty` is a mask of nothing,
    `opaque` the photo as it was sent, `other` a cut-out of another shape.
    """
    with Image.open(io.BytesIO(photo)) as opened:
        image = opened.convert("RGB")
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
