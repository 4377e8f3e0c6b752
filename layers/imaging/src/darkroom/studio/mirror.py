"""A subject mirrored in a glossy ground."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from darkroom.picture import Bytes, Floats, strips
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
    flat = np.empty((bottom - top, columns.stop - columns.start, 4), np.uint8)
    across = np.arange(columns.start, columns.stop)
    for first, last in strips(*flat.shape[:2]):
        rows = np.arange(top + first, top + last, dtype=np.int32)[:, None]
        source = np.rint(2 * line).astype(np.int32) - 1 - rows
        seen = source >= 0
        source = source.clip(0, alpha.shape[0] - 1)
        weight = alpha[source, across] * np.float32(1 / 255) * seen
        flat[first:last, :, 3] = np.rint(weight * 255)
        flat[first:last, :, :3] = np.rint(rgb[source, across] * weight[..., None])
    blurs = [share * base.height * (0.3 + 1.4 * blur) for share in _BLURS]
    faded = _faded(flat, line - top, fade, opacity, blurs)
    return Mirrored(faded, columns.start, top, contact)


def _faded(flat: Bytes, line: Floats, fade: float, opacity: float, blurs: list[float]) -> Bytes:
    """Blur more the deeper it lies below a line, and let it fade."""
    image = Image.fromarray(flat)
    softer = [
        np.asarray(image.filter(ImageFilter.GaussianBlur(radius))) if radius > 0.3 else flat
        for radius in blurs
    ]
    faded = np.empty_like(flat)
    for first, last in strips(*flat.shape[:2]):
        depth = np.arange(first, last, dtype=np.float32)[:, None] + np.float32(0.5) - line
        share = depth / np.float32(fade)
        strength = (1 - share).clip(0, 1) ** np.float32(_FADING) * np.float32(opacity)
        strength[depth < 0] = 0
        far = share.clip(0, 1) * np.float32(len(softer) - 1)
        total = np.zeros((last - first, *flat.shape[1:]), np.float32)
        for level, soft in enumerate(softer):
            counts = (1 - np.abs(far - np.float32(level))).clip(0, 1) * strength
            total += soft[first:last] * counts[..., None]
        faded[first:last] = np.rint(total)
    return faded
