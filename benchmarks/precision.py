"""Cut-outs of each tier in fp32 and in int8, side by side: `python -m benchmarks.precision`.

Columns: the photo, its true matte, then for each tier its ladder of before in fp32, the one of
today in int8, and the difference of both mattes, four times as strong.
"""

import numpy as np
from PIL import Image

from benchmarks import photos
from benchmarks.cutout import BEFORE, by_recipe
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from local.layout import ROOT
from models.build import build
from models.fetch import fetch

SIDE_PX = 150
GROUND = (60, 110, 170)
AMPLIFIED = 4


def on_ground(picture: Picture) -> Bytes:
    """Lay a cut-out on one colour; (height, width, 3) uint8."""
    weight = picture.cover[..., None].astype(np.uint16)
    ground = np.array(GROUND, np.uint16)
    return ((picture.rgb * weight + ground * (255 - weight)) // 255).astype(np.uint8)


def difference(one: Picture, other: Picture) -> Bytes:
    """How far two mattes are from each other, amplified; (height, width) uint8."""
    apart = np.abs(one.cover.astype(np.int16) - other.cover.astype(np.int16))
    amplified: Bytes = np.minimum(apart * AMPLIFIED, 255).astype(np.uint8)
    return amplified


def main() -> None:
    """Draw the sheet."""
    judged, now, then = photos.judged(), Models(build, threads=2), Models(fetch, threads=2)
    columns = 2 + 3 * len(RECIPES)
    sheet = Image.new("RGB", (columns * SIDE_PX, len(judged) * SIDE_PX), "white")
    for row, photo in enumerate(judged):
        cells = [photo.picture.rgb, photo.truth]
        for name, recipe in RECIPES.items():
            before = by_recipe(photo.picture, BEFORE[name], then)
            after = by_recipe(photo.picture, recipe, now)
            cells += [on_ground(before), on_ground(after), difference(before, after)]
        for column, cell in enumerate(cells):
            shown = Image.fromarray(cell).convert("RGB")
            shown.thumbnail((SIDE_PX - 4, SIDE_PX - 4))
            sheet.paste(shown, (column * SIDE_PX, row * SIDE_PX))
    sheet.save(ROOT / "docs/benchmarks/precision.jpg", quality=82)


if __name__ == "__main__":
    main()
