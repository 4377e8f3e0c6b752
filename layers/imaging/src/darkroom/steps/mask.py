"""Show the alpha as a picture of its own."""

from dataclasses import replace

import numpy as np

from darkroom.picture import Picture
from darkroom.steps.operation import operation
from photo_steps import Mask


@operation(Mask)
def mask(picture: Picture, _: Mask) -> Picture:
    """Make a grey, opaque picture, white where the picture is opaque."""
    alpha = picture.cover
    # One array seen three times: no step costs the memory of a copy.
    rgb = np.broadcast_to(alpha[..., None], (*alpha.shape, 3))
    return replace(picture, rgb=rgb, alpha=None, backdrop=None, is_grey=True)
