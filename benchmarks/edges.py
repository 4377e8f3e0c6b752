"""How much of the background's colour stays at edges: `python -m benchmarks.edges`.

Each photo with ground truth is laid on another by its true alpha, slightly blurred, so that the
colours which should come out are known. The error is the mean distance from them at soft pixels,
by alpha; colours left as they are count as 1. The picture shows standard cut-outs of photos that
may be published, with the photo's own colours and with cleaned ones, under the same alpha.
"""

import time
from dataclasses import dataclass, replace

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image, ImageFilter

from benchmarks import plots
from benchmarks.tier_sheet import BLACK, MAGENTA, alpha_of, close_up, lay_on, row
from benchmarks.truth import judged, photos_folder, showable
from darkroom.cutout import by_models, cut_out
from darkroom.edges import decontaminate
from darkroom.memory import keep_freed
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.cut_out import RECIPES
from models.fetch import fetch

TIER = "standard"
# Of the longer side: about as soft as the tiers' own edges.
BLUR_SHARE = 1 / 700
REPEATS = 5
MAX_ERROR_RATIO = 0.85


@dataclass(frozen=True)
class Composite:
    """Colours that are known, their alpha, and what a camera would show of both."""

    colours: Bytes
    alpha: Bytes
    seen: Bytes

    def error(self, colours: Bytes) -> float:
        """Mean distance (levels of 255) from the known colours at soft pixels, by alpha."""
        soft = (self.alpha > 0) & (self.alpha < 255)
        distance = np.abs(colours[soft].astype(np.float64) - self.colours[soft]).mean(axis=1)
        return float(np.average(distance, weights=self.alpha[soft]))


def composites() -> list[Composite]:
    """Lay every photo with ground truth on the one that is five further down the list."""
    photos = judged(photos_folder())
    made = []
    for number, photo in enumerate(photos):
        colours = photo.picture.rgb
        size = (photo.picture.width, photo.picture.height)
        blur = ImageFilter.GaussianBlur(max(size) * BLUR_SHARE)
        alpha = np.asarray(Image.fromarray(photo.truth).filter(blur))
        other = Image.fromarray(photos[(number + 5) % len(photos)].picture.rgb).resize(size)
        weight = alpha[..., None] / np.float32(255)
        seen = np.rint(weight * colours + (1 - weight) * np.asarray(other)).astype(np.uint8)
        made.append(Composite(colours, alpha, seen))
    return made


def spent_ms(composite: Composite) -> float:
    """Give the least CPU milliseconds a megapixel of a few runs."""
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        decontaminate(composite.seen, composite.alpha)
        times.append(time.process_time() - began)
    return 1000 * min(times) / (composite.alpha.size / 1e6)


def draw(photos: list[tuple[str, Picture]]) -> None:
    """Show where cleaning changes most, before and after, on black and on magenta."""
    models = Models(fetch, threads=2)
    figure, panels = plt.subplots(len(photos), 5, figsize=(10.5, 2.2 * len(photos)))
    for axes, (name, photo) in zip(panels, photos, strict=True):
        cleaned = cut_out(photo, by_models(RECIPES[TIER], models))
        own = replace(cleaned, rgb=photo.rgb)
        change = np.abs(cleaned.rgb.astype(np.int64) - own.rgb).sum(axis=2)
        where = close_up(change * alpha_of(cleaned).astype(np.int64))
        ways = [(way, on) for on in (BLACK, MAGENTA) for way in (own, cleaned)]
        row(axes, name, [photo.rgb[where], *(lay_on(way, on)[where] for way, on in ways)])
    for axes, title in zip(panels[0][1:], ("own colours", "cleaned") * 2, strict=True):
        axes.set_title(title, fontsize=9)
    plots.save(figure, "edges")


def main() -> None:
    """Measure, print, draw."""
    keep_freed()
    made = composites()
    before = float(np.mean([one.error(one.seen) for one in made]))
    after = float(np.mean([one.error(decontaminate(one.seen, one.alpha)) for one in made]))
    cost_ms = float(np.median([spent_ms(one) for one in made]))
    plots.print_table(
        (f"{len(made)} composites", "error of 255", "ratio", "CPU ms a MP"),
        [
            ("colours as they are", f"{before:.1f}", "1.00", ""),
            ("cleaned", f"{after:.1f}", f"{after / before:.2f}", f"{cost_ms:.0f}"),
        ],
    )
    print(f"at most {MAX_ERROR_RATIO}: {'yes' if after <= MAX_ERROR_RATIO * before else 'NO'}")
    draw(showable(photos_folder()))
    plots.print_figures(
        {"error_ratio": round(after / before, 3), "cpu_ms_per_megapixel": round(cost_ms, 1)}
    )


if __name__ == "__main__":
    main()
