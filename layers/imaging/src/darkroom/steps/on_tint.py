"""Put a colour behind the subject through which one sees."""

from dataclasses import replace

import numpy as np

from darkroom.compose import composed
from darkroom.picture import Picture, strips
from darkroom.steps.operation import operation
from photo_steps import OnTint


@operation(OnTint)
def on_tint(picture: Picture, told: OnTint) -> Picture:
    """Finish the picture on the colour; what is behind it stays free to be chosen."""
    laid = composed(replace(picture, backdrop=None))
    cover = laid.cover
    colour = np.frombuffer(bytes.fromhex(told.colour.removeprefix("#")), np.uint8)
    rgb, alpha = np.empty_like(laid.rgb), np.empty_like(cover)
    for top, bottom in strips(*cover.shape):
        over = cover[top:bottom].astype(np.float32)
        under = (255 - over) * (told.opacity / 255)
        seen = over + under
        share = (over / np.maximum(seen, 1))[..., None]
        alpha[top:bottom] = np.rint(seen)
        rgb[top:bottom] = np.rint(share * laid.rgb[top:bottom] + (1 - share) * colour)
    return replace(laid, rgb=rgb, alpha=alpha, is_grey=False)
