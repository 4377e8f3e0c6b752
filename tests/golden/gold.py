"""The reference pictures: how they are made, and `python -m tests.golden.gold` to make them anew.

The photos come with scikit-image: coffee and chelsea (the cat) are CC0, astronaut is NASA's and in
the public domain. Look at every picture before committing a new one.
"""

from importlib import resources
from pathlib import Path

import numpy as np
from PIL import Image

from darkroom import cutout
from darkroom.decode import decode_photo
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from models.build import build

FOLDER = Path(__file__).parent / "reference"
# Photo -> left and top of the square in which edges are compared at full size.
PHOTOS = {"coffee": (40, 150), "chelsea": (280, 130), "astronaut": (120, 20)}
EDGE_SIDE_PX = 160
ALPHA_SIDE_PX = 256
_MAGENTA = np.array((255, 0, 255))


def photo(name: str) -> Picture:
    """Decode one of scikit-image's photos."""
    return decode_photo(resources.files("skimage.data").joinpath(f"{name}.png").read_bytes())


def cut_out(name: str, quality: str, models: Models) -> Picture:
    """Cut out one of the photos."""
    return cutout.cut_out(photo(name), cutout.by_models(RECIPES[quality], models))


def alpha_of(result: Picture) -> Bytes:
    """Alpha of a result, its longer side reduced to 256 pixels: (h, w) uint8."""
    image = Image.fromarray(solid_alpha(result))
    image.thumbnail((ALPHA_SIDE_PX, ALPHA_SIDE_PX), Image.Resampling.BOX)
    return np.asarray(image)


def edges_of(result: Picture, corner: tuple[int, int]) -> Bytes:
    """A square of a result on magenta, at full size: (160, 160, 3) uint8."""
    left, top = corner
    where = np.s_[top : top + EDGE_SIDE_PX, left : left + EDGE_SIDE_PX]
    weight = solid_alpha(result)[where][..., None] / np.float32(255)
    laid = result.rgb[where] * weight + _MAGENTA * (1 - weight)
    return np.rint(laid).astype(np.uint8)


def solid_alpha(result: Picture) -> Bytes:
    """Alpha of a result; a picture without one is a mistake here."""
    if result.alpha is None:
        raise ValueError("The cut-out has no alpha")
    return result.alpha


def main() -> None:
    """Make all reference pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    models = Models(build, threads=2)
    for name, corner in PHOTOS.items():
        for quality in RECIPES:
            result = cut_out(name, quality, models)
            for kind, pixels in (("alpha", alpha_of(result)), ("edges", edges_of(result, corner))):
                Image.fromarray(pixels).save(FOLDER / f"{name}-{quality}-{kind}.png", optimize=True)


if __name__ == "__main__":
    main()
