"""BMP: the kinds that are read, by what the decoder says of the others."""

import io

from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile

from darkroom.errors import UnsupportedLayout

_UNREAD = "Unsupported BMP "


def opened(data: bytes, max_pixels: int) -> Image.Image:
    """Read the header of a BMP, or refuse a layout that the decoder does not read."""
    try:
        return BmpImageFile(io.BytesIO(data))
    except OSError as error:
        if (words := str(error)).startswith(_UNREAD):
            raise UnsupportedLayout(f"BMP with an unusual {words.removeprefix(_UNREAD)}") from error
        raise
