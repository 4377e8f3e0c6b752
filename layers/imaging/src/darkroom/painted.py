"""Pictures that somebody else's model painted: checked, before anything of them is used.

The product's pixels are never theirs: of a scene what is around the product is taken, of a light
only its low frequencies.
"""

import numpy as np
from PIL import Image

from darkroom.matte import infer, model_input
from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from darkroom.received import Shows, Unusable, decoded, has_shape_of
from darkroom.regions import label
from darkroom.studio.blur import blurred, resized
from darkroom.studio.small import reduced
from darkroom.studio.tones import levels_of, light_of

SIDE_PX = 992
"""About as large as models paint, and less than the megapixel by which they are billed."""
_STEP_PX = 16
# Of models that know some ratios only; a product stands in the middle, so the rest can be cut.
_MOST_CUT = 0.35
# Levels of 255: below the first a picture is black, below the second of one colour.
_BLACK, _FLAT = 6.0, 1.5
_JUDGED_PX = 128
# Alpha from which on a pixel is the product's own, and by how much these may differ on average once
# they are small: models that paint around something come back with another grain, not another
# product.
_OWN, _CHANGED = np.float32(0.98), 4.0
_SECOND_PRODUCT_SHARE = 0.02
_NEAR_PRODUCT = 0.06
# Of an empty scene what ends above is a window or hangs, what touches a side is a table; a product
# would stand. Chosen on one half of our own scenes and judged on the other: ADR 0035 has figures.
_LOWEST, _SIDE = 0.78, 0.004
# A light is what is left of a picture when all that is smaller than this share of it is blurred.
_SOFT, _GAINS = 0.05, (0.5, 2.0)
_DARK = np.float32(0.004)


class Redrawn(Unusable):
    """The product is not as it was sent, or there is another one."""


def asked_size(width: int, height: int, side_px: int = SIDE_PX) -> tuple[int, int]:
    """The size that is asked for, for a canvas: a longer side of at most that, in steps of 16."""
    scale = min(1.0, side_px / max(width, height))
    across, down = (max(1, round(side * scale / _STEP_PX)) * _STEP_PX for side in (width, height))
    return across, down


def received_backdrop(data: bytes, _: Shows, width: int, height: int) -> Bytes:
    """Read a scene without the product for a canvas: (h, w, 3) uint8 of its shape, of any size.

    One that is a little too long on one side is cut. `Unusable` for what is no picture, of another
    shape, black or of one colour.
    """
    rgb = _shown(data)
    across, down = rgb.shape[1], rgb.shape[0]
    wide = min(across, max(1, round(down * width / height)))
    high = min(down, max(1, round(across * height / width)))
    if wide * high < (1 - _MOST_CUT) * across * down:
        raise Unusable(f"{across} x {down} is not the shape of {width} x {height}")
    left, top = (across - wide) // 2, (down - high) // 2
    return np.ascontiguousarray(rgb[top : top + high, left : left + wide])


def received_around(data: bytes, _: Shows, ours: Bytes, alpha: Bytes) -> Bytes:
    """Read a picture that was painted around `ours`: (h, w, 3) uint8 of its size.

    `alpha`, (h, w) uint8, is where the product is. `Redrawn` where that is not what it was;
    `Unusable` for what is no picture, of another shape, black or of one colour.
    """
    height, width = alpha.shape
    rgb = _shown(data)
    if not has_shape_of(rgb.shape[1], rgb.shape[0], width, height):
        raise Unusable(f"{rgb.shape[1]} x {rgb.shape[0]} is not the shape of {width} x {height}")
    if rgb.shape != ours.shape:
        rgb = np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.LANCZOS))
    scale = min(1.0, _JUDGED_PX / max(width, height))
    own = reduced(alpha, scale) >= _OWN
    if own.any():
        apart = np.abs(reduced(rgb, scale)[own] - reduced(ours, scale)[own]).mean() * 255
        if apart > _CHANGED:
            raise Redrawn(f"the product differs by {apart:.1f} levels")
    return rgb


def check_alone(rgb: Bytes, models: Models, alpha: Bytes | None = None) -> None:
    """Refuse with `Redrawn` a scene in which a body stands out besides the product at `alpha`."""
    found = infer(model_input(rgb), "u2netp", models)
    if found is None:
        return
    solid = found > np.float32(0.9)
    if alpha is not None:
        side = solid.shape[0]
        own = resized(alpha.astype(np.float32) * np.float32(1 / 255), side, side)
        solid &= blurred(own, _NEAR_PRODUCT * side / 2) < np.float32(0.05)
    parts = label(solid)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    if int(sizes.max()) <= _SECOND_PRODUCT_SHARE * solid.size:
        return
    down, across = (places / solid.shape[0] for places in np.nonzero(parts == sizes.argmax()))
    stands = down.max() > _LOWEST and across.min() > _SIDE and across.max() < 1 - _SIDE
    if alpha is not None or stands:
        raise Redrawn("there is something else that stands out")


def received_light(data: bytes, _: Shows, ours: Bytes, alpha: Bytes) -> Bytes:
    """Read the same picture in another light: what of it is soft, on the pixels of `ours`.

    Gives (h, w) uint8: by how much each place is brighter, 128 as it was, 255 twice and 0 half as
    bright. Colours, edges and letters of the answer are not in it. `Unusable` as for any picture.
    """
    height, width = alpha.shape
    rgb = _shown(data)
    if not has_shape_of(rgb.shape[1], rgb.shape[0], width, height):
        raise Unusable(f"{rgb.shape[1]} x {rgb.shape[0]} is not the shape of {width} x {height}")
    if rgb.shape != ours.shape:
        rgb = np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.BOX))
    seen = alpha.astype(np.float32) * np.float32(1 / 255)
    soft = _SOFT * max(width, height)
    lit, was = (blurred(_luminance(picture) * seen, soft) for picture in (rgb, ours))
    gain = (lit + _DARK) / (was + _DARK)
    return np.rint(128 + 127 * np.log2(gain.clip(*_GAINS))).clip(0, 255).astype(np.uint8)


def relit(rgb: Bytes, gains: Bytes) -> Bytes:
    """Light (h, w, 3) uint8 sRGB by gains as `received_light` gives them, of any size."""
    height, width = rgb.shape[:2]
    stops = (gains.astype(np.float32) - 128) / np.float32(127)
    out = np.empty_like(rgb)
    rows = max(1, (1 << 20) // width)
    scale = gains.shape[0] / height
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        box = (0.0, top * scale, float(gains.shape[1]), bottom * scale)
        gain = np.exp2(resized(stops, width, bottom - top, box=box))[..., None]
        light = light_of(rgb[top:bottom])
        # Nothing is pushed beyond white: its hue would turn.
        most = np.maximum(light.max(axis=-1, keepdims=True), np.float32(1e-4))
        out[top:bottom] = np.rint(levels_of(light * np.minimum(gain, np.maximum(1, 1 / most))))
    return out


def _shown(data: bytes) -> Bytes:
    """The pixels of an answer that shows something."""
    rgb = decoded(data).rgb
    small = reduced(rgb, min(1.0, _JUDGED_PX / max(rgb.shape[:2]))) * 255
    if float(small.mean()) < _BLACK:
        raise Unusable("it is black")
    if float(small.reshape(-1, 3).std(axis=0).max()) < _FLAT:
        raise Unusable("it is of one colour")
    return rgb


def _luminance(rgb: Bytes) -> Floats:
    found: Floats = light_of(rgb) @ np.array((0.2126, 0.7152, 0.0722), np.float32)
    return found
