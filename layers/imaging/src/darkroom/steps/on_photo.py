"""Put another photo behind the subject."""

from dataclasses import replace

import numpy as np
from PIL import Image

from darkroom.compose import WHITE, composed, lay_on
from darkroom.decode import decode_photo
from darkroom.errors import PhotoRefused
from darkroom.picture import Bytes, Picture
from darkroom.steps.operation import Stored, operation
from photo_steps import OnPhoto


@operation(OnPhoto, "stored")
def on_photo(picture: Picture, told: OnPhoto, *, stored: Stored) -> Picture:
    """Finish the picture on the photo; what is transparent in that is white."""
    try:
        behind = decode_photo(stored(told.key))
    except PhotoRefused as refused:
        refused.message = f"The background: {refused.message}"
        raise
    seen = behind.rgb if behind.alpha is None else lay_on(behind.rgb, behind.alpha, WHITE)
    laid = composed(replace(picture, backdrop=None))
    rgb = lay_on(laid.rgb, laid.cover, _covering(seen, laid.width, laid.height))
    return replace(laid, rgb=rgb, alpha=None, is_grey=False)


def _covering(rgb: Bytes, width: int, height: int) -> Bytes:
    """As much of the middle as has that shape, at that size."""
    scale = max(width / rgb.shape[1], height / rgb.shape[0])
    spare = (rgb.shape[1] - width / scale) / 2, (rgb.shape[0] - height / scale) / 2
    box = (spare[0], spare[1], rgb.shape[1] - spare[0], rgb.shape[0] - spare[1])
    image = Image.fromarray(rgb).resize((width, height), Image.Resampling.BICUBIC, box)
    return np.asarray(image)
