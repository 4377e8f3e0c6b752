"""The contact sheet of the tiers: photos whose licence is stated, whole and close up."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray
from PIL import Image

from benchmarks import plots
from darkroom.picture import Bytes, Picture

CLOSE_UP_PX = 112
WHOLE_PX = 320
BLACK, MAGENTA = (0, 0, 0), (255, 0, 255)

type Square = tuple[slice, slice]
# A photo's name, the photo, and its cut-out by tier.
type Shown = tuple[str, Picture, dict[str, Picture]]


def alpha_of(picture: Picture) -> Bytes:
    """Alpha of a picture, opaque when it has none."""
    if picture.alpha is not None:
        return picture.alpha
    return np.full(picture.rgb.shape[:2], 255, np.uint8)


def lay_on(picture: Picture, colour: tuple[int, int, int]) -> Bytes:
    """Show a cut-out on a plain colour: (h, w, 3) uint8."""
    weight = alpha_of(picture)[..., None] / np.float32(255)
    return np.rint(picture.rgb * weight + np.array(colour) * (1 - weight)).astype(np.uint8)


def close_up(change: NDArray[np.int64]) -> Square:
    """Find the square in which most changes, by (height, width) change of each pixel."""
    sums = np.pad(change.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    side = min(CLOSE_UP_PX, *change.shape)
    boxes = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    top, left = np.unravel_index(int(boxes.argmax()), boxes.shape)
    return slice(int(top), int(top) + side), slice(int(left), int(left) + side)


def draw(shown: list[Shown]) -> None:
    """Save docs/benchmarks/cutout_tiers.png: three rows for each photo."""
    tiers = list(shown[0][2])
    columns = 1 + len(tiers)
    figure, panels = plt.subplots(
        3 * len(shown), columns, figsize=(2.1 * columns, 6.2 * len(shown))
    )
    for number, (name, photo, results) in enumerate(shown):
        first, last = (alpha_of(results[tier]).astype(np.int64) for tier in (tiers[0], tiers[-1]))
        where = close_up(np.abs(first - last))
        rows = panels[3 * number : 3 * number + 3]
        row(
            rows[0],
            name,
            [_small(photo.rgb), *(_small(lay_on(results[t], MAGENTA)) for t in tiers)],
        )
        for axes, tier in zip(rows[0][1:], tiers, strict=True):
            axes.set_title(tier, fontsize=9)
        for close, colour in ((rows[1], BLACK), (rows[2], MAGENTA)):
            row(close, "", [photo.rgb[where], *(lay_on(results[t], colour)[where] for t in tiers)])
    plots.save(figure, "cutout_tiers")


def row(panels: list[Axes], name: str, pictures: list[Bytes]) -> None:
    """Show pictures side by side, the first with a name."""
    for axes, pixels in zip(panels, pictures, strict=True):
        axes.imshow(pixels, interpolation="nearest")
        axes.axis("off")
    panels[0].set_title(name, fontsize=9)


def _small(pixels: Bytes) -> Bytes:
    image = Image.fromarray(pixels)
    image.thumbnail((WHOLE_PX, WHOLE_PX))
    return np.asarray(image)
