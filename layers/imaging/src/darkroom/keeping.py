"""A picture between two steps as a file, from which the steps go on as if nothing had been."""

import io
import json
import zlib
from dataclasses import replace

import numpy as np
from PIL.PngImagePlugin import PngImageFile, PngInfo

from darkroom.encode import as_image
from darkroom.picture import Picture

_FACTS = "picture"


def pack(picture: Picture) -> bytes:
    """Make a PNG that has all of a picture but the colours that alpha hides."""
    facts = PngInfo()
    others = {
        "backdrop": picture.backdrop,
        "note": picture.note,
        "is_grey": picture.is_grey,
        "format": picture.format,
        "sent_as": picture.sent_as,
        "is_kept": picture.is_kept,
    }
    facts.add_text(_FACTS, json.dumps(others))
    file = io.BytesIO()
    as_image(picture).save(file, "PNG", pnginfo=facts, compress_level=1, compress_type=zlib.Z_RLE)
    return file.getvalue()


def unpack(data: bytes) -> Picture:
    """Read what `pack` made; of nobody else's file."""
    # Not Image.open: the largest photo is more than Pillow takes from strangers.
    image = PngImageFile(io.BytesIO(data))
    facts = json.loads(image.text[_FACTS])
    pixels = np.asarray(image)
    if image.mode == "L":
        picture = Picture(np.broadcast_to(pixels[..., None], (*pixels.shape, 3)))
    else:
        rgb = np.ascontiguousarray(pixels[..., :3])
        picture = Picture(rgb, pixels[..., 3].copy() if image.mode == "RGBA" else None)
    backdrop = facts.pop("backdrop")
    return replace(picture, backdrop=backdrop and tuple(backdrop), **facts)
