"""Files from pictures: small, fast and without metadata (sRGB needs no profile)."""

import io
import zlib
from typing import Literal

import numpy as np
from PIL import Image

from darkroom.errors import NotEncodable
from darkroom.picture import Bytes, Picture, strips

type Format = Literal["png", "webp"]

_WEBP_MAX_SIDE_PX = 16383
_WEBP_QUALITY = 90


def encode(picture: Picture, format: Format = "png") -> bytes:
    """Encode a picture at its own size; with alpha, hidden colours are set to black."""
    image = _image(picture)
    file = io.BytesIO()
    if format == "png":
        # Run lengths are what a cut-out has most; measured against other strategies.
        image.save(file, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    else:
        _check_webp(picture)
        image.save(file, "WEBP", quality=_WEBP_QUALITY, alpha_quality=100, method=2)
    return file.getvalue()


def _image(picture: Picture) -> Image.Image:
    """Wrap a picture as a Pillow image without copying its RGBA pixels again."""
    size = (picture.width, picture.height)
    if picture.alpha is None:
        return Image.fromarray(picture.rgb)
    rgba = join_visible(picture.rgb, picture.alpha)
    return Image.frombuffer("RGBA", size, rgba, "raw", "RGBA", 0, 1)


def join_visible(rgb: Bytes, alpha: Bytes) -> Bytes:
    """Join (h, w, 3) and (h, w) uint8 to (h, w, 4), colour 0 wherever alpha is 0."""
    height, width = alpha.shape
    rgba = np.empty((height, width, 4), np.uint8)
    for top, bottom in strips(height, width):
        visible = alpha[top:bottom, :, None] != 0
        np.multiply(rgb[top:bottom], visible, out=rgba[top:bottom, :, :3])
        rgba[top:bottom, :, 3] = alpha[top:bottom]
    return rgba


def _check_webp(picture: Picture) -> None:
    if max(picture.width, picture.height) > _WEBP_MAX_SIDE_PX:
        raise NotEncodable(
            f"WebP holds at most {_WEBP_MAX_SIDE_PX} pixels per side; ask for PNG.",
            {"maxSide": _WEBP_MAX_SIDE_PX, "width": picture.width, "height": picture.height},
        )
