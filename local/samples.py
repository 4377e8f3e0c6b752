"""Photos to try the service with: they travel inside scikit-image, so nothing is downloaded."""

import shutil
from importlib import resources
from pathlib import Path

import numpy as np
from PIL import Image

from darkroom.studio.sample import bottle
from local.layout import Layout

# Astronaut (NASA) and rocket (SpaceX) are in the public domain; cat (Stefan van der Walt) and
# coffee (Rachel Michetti, courtesy of Pikolo Espresso Bar) are CC0.
_PHOTOS = {
    "astronaut.png": "astronaut.png",
    "chelsea.png": "cat.png",
    "coffee.png": "coffee.png",
    "rocket.jpg": "rocket.jpg",
}


def write(layout: Layout) -> Path:
    """Put the sample photos into a folder, as files, and return it."""
    folder = layout.state / "samples"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = resources.files("skimage.data")
    for name, target in _PHOTOS.items():
        with resources.as_file(source / name) as photo:
            shutil.copyfile(photo, folder / target)
    return folder


def write_products(layout: Layout) -> Path:
    """Put photos of products, large enough for the studio, into a folder, and return it.

    The coffee of the samples, enlarged, and a bottle that is drawn.
    """
    folder = layout.state / "products"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with Image.open(write(layout) / "coffee.png") as photo:
        size = (photo.width * 2, photo.height * 2)
        enlarged = photo.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    enlarged.save(folder / "coffee.jpg", quality=92)
    _photographed_bottle().save(folder / "bottle.jpg", quality=92)
    return folder


def _photographed_bottle() -> Image.Image:
    """The bottle in front of a wall that gets darker to the foot."""
    product = bottle(1200)
    tone = np.linspace(226, 186, 1200, dtype=np.float32)[:, None, None]
    wall = np.broadcast_to(tone, product.rgb.shape)
    share = np.float32(1 / 255) * np.atleast_3d(np.asarray(product.alpha))
    mixed = wall + share * (product.rgb.astype(np.float32) - wall)
    return Image.fromarray(np.rint(mixed).astype(np.uint8))
