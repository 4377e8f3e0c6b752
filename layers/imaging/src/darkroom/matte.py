"""The alpha matte of a photo: what is subject, between 0 and 1, first small, then at full size."""

import numpy as np
from PIL import Image

from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from darkroom.tiling import around, enlarged, tiles

MODEL_SIDE_PX = 320
# Below one half a pixel is rather no subject. Blank sheets, noise and gradients peak at 0.19 or
# less, photos with a subject at 0.54 or more; between, stretching would show haze. A few pixels say
# nothing: so large a share of the matte (200 of 320 x 320) must come near that, too. There, photos
# with a subject have 0.42 or more, flat ones with a spark in them 0.32 or less.
MIN_PEAK, _MIN_BODY, _BODY_SHARE = 0.5, 0.37, 1 / 512
# Levels this near to 0 or 255 are resampling ripple: invisible, but they cost size and time.
_RIPPLE_LEVELS = 1
_RIPPLE = np.float32(_RIPPLE_LEVELS / 255)
# ImageNet statistics, with which U-2-Net was trained (Qin et al. 2020, data_loader.py).
_MEAN = np.array((0.485, 0.456, 0.406), np.float32)[:, None, None]
_DEVIATION = np.array((0.229, 0.224, 0.225), np.float32)[:, None, None]


def infer(batch: Floats, model: str, models: Models) -> Floats | None:
    """Ask a U-2-Net for the matte of what `model_input` made of a photo.

    Gives (320, 320) float32, 0-1, or None when nothing stands out.
    """
    return stretch(models.run(model, batch)[0, 0])


def model_input(rgb: Bytes) -> Floats:
    """Bring (height, width, 3) uint8 sRGB to (1, 3, 320, 320) float32, normalised."""
    small = Image.fromarray(rgb).resize(
        (MODEL_SIDE_PX, MODEL_SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0
    )
    values = np.asarray(small).transpose(2, 0, 1).astype(np.float32, order="C")
    values /= max(float(values.max()), 1e-6)
    values -= _MEAN
    values /= _DEVIATION
    return values[None]


def stretch(raw: Floats) -> Floats | None:
    """Stretch a raw matte (any shape, float32, 0-1) over all of 0-1; None for one too faint."""
    peak, floor = float(raw.max()), float(raw.min())
    is_spark = np.count_nonzero(raw >= _MIN_BODY) <= _BODY_SHARE * raw.size
    if peak < MIN_PEAK or peak == floor or is_spark:
        return None
    return (raw - floor) / (peak - floor)


def resize(matte: Floats, width: int, height: int) -> Floats:
    """Bring a (h, w) float32 0-1 matte to (height, width), Lanczos, cut at 0 and 1."""
    image = Image.fromarray(matte).resize((width, height), Image.Resampling.LANCZOS)
    resized: Floats = np.asarray(image).clip(0, 1)
    return resized


def full_size(matte: Floats, width: int, height: int) -> Bytes:
    """Enlarge a (h, w) float32 0-1 matte to (height, width) uint8 0-255.

    Lanczos as in rembg, but from floats and rounded: its 8-bit truncation costs accuracy.
    """
    small = Image.fromarray(matte)
    alpha = np.zeros((height, width), np.uint8)
    for tile in tiles(alpha.shape):
        near = around(matte, tile, alpha.shape)
        if near.min() >= 1 - _RIPPLE:
            alpha[tile] = 255
        elif near.max() > _RIPPLE:
            part = enlarged(small, tile, alpha.shape, Image.Resampling.LANCZOS)
            alpha[tile] = settle(np.asarray(part))
    return alpha


def settle(values: Floats) -> Bytes:
    """Round float32 about 0-1 (any shape) to uint8 0-255, ripple near both ends flattened."""
    levels = np.rint(values.clip(0, 1) * 255).astype(np.uint8)
    levels *= levels > _RIPPLE_LEVELS
    levels[levels >= 255 - _RIPPLE_LEVELS] = 255
    return levels
