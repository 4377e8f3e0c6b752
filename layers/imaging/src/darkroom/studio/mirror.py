"""A subject mirrored in a glossy ground."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from darkroom.picture import Bytes
from darkroom.studio.ground import ground
from darkroom.studio.shade import ContactLine

# How far down the mirror image goes, of the subject's height, and how it fades.
_FADE, _FADING = 0.42, 1.6
# Blurs at the ground, in the middle and at the end, in shares of the subject's height.
_BLURS = (0.0, 0.002, 0.008)
_CONTACT = 0.35


@dataclass(frozen=True)
class Mirrored:
    """Part of a picture that lies on the ground: premultiplied (h, w, 4) uint8 from a corner on."""

    rgba: Bytes
    left: int
    top: int
    line: ContactLine


def mirrored(rgb: Bytes, alpha: Bytes, opacity: float, blur: float) -> Mirrored | None:
    """Mirror each column of a subject about its ground; None where nothing is solid or fits.

    Takes (height, width, 3) and (height, width) uint8. Only what lies inside the picture is made.
    """
    base = ground(alpha)
    if base is None:
        return None
    columns = base.box[1]
    line = base.line[columns]
    fade = max(1.0, _FADE * base.height)
    top = max(0, int(line.min()))
    bottom = min(alpha.shape[0], int(line.max() + fade) + 1)
    contact = ContactLine(base, _CONTACT * min(1.0, 2 * opacity), max(0.6, 0.006 * base.height))
    if bottom <= top:
        return None
    rows = np.arange(top, bottom, dtype=np.int32)[:, None]
    source = np.rint(2 * line).astype(np.int32) - 1 - rows
    depth = rows + np.float32(0.5) - line
    strength = ((1 - depth / np.float32(fade)).clip(0, 1)) ** _FADING * opacity
    strength[(depth < 0) | (source < 0)] = 0
    source = source.clip(0, alpha.shape[0] - 1)
    across = np.arange(columns.start, columns.stop)
    weight = alpha[source, across] * np.float32(1 / 255)
    flat = np.empty((*source.shape, 4), np.uint8)
    flat[..., 3] = np.rint(weight * 255)
    flat[..., :3] = np.rint(rgb[source, across] * weight[..., None])
    return Mirrored(
        _faded(flat, strength, depth, fade, base.height, blur), columns.start, top, contact
    )


def _faded(
    flat: Bytes, strength: np.ndarray, depth: np.ndarray, fade: float, height: int, blur: float
) -> Bytes:
    """Blur more the deeper it lies, and let it fade."""
    image = Image.fromarray(flat)
    far = (depth / np.float32(fade)).clip(0, 1) * (len(_BLURS) - 1)
    total = np.zeros(flat.shape, np.float32)
    for level, share in enumerate(_BLURS):
        radius = share * height * (0.3 + 1.4 * blur)
        soft = image.filter(ImageFilter.GaussianBlur(radius)) if radius > 0.3 else image
        counts = (1 - np.abs(far - level)).clip(0, 1) * strength
        total += np.asarray(soft) * counts[..., None].astype(np.float32)
    return np.rint(total).astype(np.uint8)
