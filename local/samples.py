"""Photos to try the service with: they travel inside scikit-image, so nothing is downloaded."""

import shutil
from importlib import resources
from pathlib import Path

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
