"""How good the cut-outs of each tier are, and what they cost: `python -m benchmarks.cutout`.

Every tier and the plain recipe of its models (as rembg runs them: 8-bit mask, Lanczos, the photo's
own colours) cut out the photos with ground truth. Mean absolute error, intersection over union and
gradient error are means over photos. Costs are for a photo of 12 megapixels and of 1 megapixel.
The contact sheet shows the tiers on photos that may be published.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image

from benchmarks import plots, scores, tier_sheet
from benchmarks.tier_cost import Cost, measure
from benchmarks.tier_sheet import alpha_of
from benchmarks.truth import Judged, judged, photos_folder, showable
from darkroom.cutout import by_models, cut_out
from darkroom.matte import model_input
from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.steps.cut_out import RECIPES
from models.fetch import fetch
from scripts.template import template

type CutOut = Callable[[Picture], Picture]
type Scores = dict[str, float]

PLAIN = {"plain u2netp": "u2netp", "plain u2net": "u2net"}
YARDSTICKS = {"basic": "plain u2netp", "standard": "plain u2net"}
# Of decoding, encoding and the tier's own inferences together.
MAX_OVERHEAD = 1.2
MAX_INDUSTRY_12_MP_S = 8.0
# Of plain u2net's mean absolute error.
CEILINGS = {"professional": 0.90, "industry": 0.85}
# Digits shown; further ones depend on how a mask is rounded to 8 bits.
DIGITS = {"mae": 4, "iou": 3, "grad": 3}
SIZES = {12: (4000, 3000), 1: (1152, 864)}


def plain(picture: Picture, model: str, models: Models) -> Picture:
    """Cut out as rembg does, whatever the peak."""
    raw = models.run(model, model_input(picture.rgb))[0, 0]
    spread = max(float(raw.max() - raw.min()), 1e-6)
    mask = Image.fromarray(((raw - raw.min()) / spread * 255).astype(np.uint8))
    size = (picture.width, picture.height)
    return Picture(picture.rgb, np.asarray(mask.resize(size, Image.Resampling.LANCZOS)))


def tier(picture: Picture, quality: str, models: Models) -> Picture:
    """Cut out as the service does."""
    return cut_out(picture, by_models(RECIPES[quality], models))


def score(photo: Judged, result: Picture) -> Scores:
    """Compare one result with the truth."""
    alpha = alpha_of(result)
    return {
        "mae": scores.mean_absolute_error(alpha, photo.truth, photo.scored),
        "iou": scores.intersection_over_union(alpha, photo.truth, photo.scored),
        "grad": scores.gradient_error(alpha, photo.truth, photo.scored),
    }


def judge(cut_out: CutOut, photos: list[Judged]) -> Scores:
    """Mean scores of one way over all photos."""
    found = [score(photo, cut_out(photo.picture)) for photo in photos]
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def no_worse(ours: Scores, theirs: Scores) -> bool:
    """Say whether no score is worse than the other way's beyond rounding."""
    return (
        ours["mae"] <= theirs["mae"] + rounding("mae")
        and ours["iou"] >= theirs["iou"] - rounding("iou")
        and ours["grad"] <= theirs["grad"] + rounding("grad")
    )


def rounding(key: str) -> float:
    """Half of the last digit that is shown of a score."""
    return float(10.0 ** -DIGITS[key] / 2)


def costs(folder: Path) -> dict[str, dict[int, Cost]]:
    """Measure each tier on one photo, enlarged or reduced to each size in megapixels."""
    _, photo = showable(folder)[0]
    found: dict[str, dict[int, Cost]] = {quality: {} for quality in RECIPES}
    with tempfile.TemporaryDirectory() as place:
        for megapixels, size in SIZES.items():
            path = Path(place) / f"{megapixels}.jpg"
            Image.fromarray(photo.rgb).resize(size).save(path, quality=90)
            for quality in RECIPES:
                found[quality][megapixels] = measure(quality, path)
    return found


def verdicts(results: dict[str, Scores]) -> list[tuple[str, bool]]:
    """What the tiers promise of each other, and whether it holds."""
    names = list(RECIPES)
    below = [(name, names[at]) for at, name in enumerate(names[1:])]
    told = [
        (f"{ours} is no worse than {theirs}", no_worse(results[ours], results[theirs]))
        for ours, theirs in (*YARDSTICKS.items(), *below)
    ]
    error = results["plain u2net"]["mae"]
    for name, ceiling in CEILINGS.items():
        share = results[name]["mae"] / error
        text = f"{name} has {share:.2f} of plain u2net's error, at most {ceiling:.2f}"
        told.append((text, share <= ceiling))
    return told


def cost_verdicts(spent: dict[str, dict[int, Cost]]) -> list[tuple[str, bool]]:
    """What the tiers may cost, and whether they keep to it."""
    told = [
        (
            f"{name}, {megapixels} MP: {cost.overhead:.2f} of its own, at most {MAX_OVERHEAD}",
            cost.overhead <= MAX_OVERHEAD,
        )
        for name, sizes in spent.items()
        for megapixels, cost in sizes.items()
    ]
    slowest = spent["industry"][12].total_s
    text = f"industry takes {slowest:.1f} s for 12 MP, at most {MAX_INDUSTRY_12_MP_S:.0f}"
    told.append((text, slowest <= MAX_INDUSTRY_12_MP_S))
    memory_mb = template()["Parameters"]["ProcessPhotoMemory"]["Default"]
    largest = max(cost.peak_mb for sizes in spent.values() for cost in sizes.values())
    told.append((f"peak {largest} MB, at most {memory_mb}", largest <= memory_mb))
    return told


def draw(results: dict[str, Scores], spent: dict[str, dict[int, Cost]]) -> None:
    """Plot the three scores of every way, and the seconds of the tiers."""
    figure, panels = plt.subplots(1, 4, figsize=(15, 3.4), sharey=True)
    names = list(results)
    titles = ("mean absolute error (less is better)", "intersection over union", "gradient error")
    for axes, key, title in zip(panels, DIGITS, titles, strict=False):
        colours = ["#9aa5b1" if name in PLAIN else "#2563eb" for name in names]
        bars = axes.barh(names, [results[name][key] for name in names], color=colours)
        axes.bar_label(bars, fmt="%.4f" if key == "mae" else "%.3f", padding=3, fontsize=8)
        axes.set_title(title, fontsize=10)
        axes.margins(x=0.2)
    for megapixels, colour in ((12, "#93c5fd"), (1, "#2563eb")):
        seconds = [spent[name][megapixels].total_s if name in spent else 0 for name in names]
        panels[3].barh(names, seconds, color=colour, label=f"{megapixels} MP")
    panels[3].set_title("seconds, bytes to bytes", fontsize=10)
    panels[3].legend(fontsize=8)
    panels[0].invert_yaxis()
    plots.save(figure, "cutout")


def print_results(
    results: dict[str, Scores], spent: dict[str, dict[int, Cost]], count: int
) -> None:
    """Print the table of scores and that of costs."""
    plots.print_table(
        (f"{count} photos", "MAE", "of u2net", "IoU", "gradient"),
        [
            (
                name,
                f"{found['mae']:.4f}",
                f"{found['mae'] / results['plain u2net']['mae']:.2f}",
                f"{found['iou']:.3f}",
                f"{found['grad']:.3f}",
            )
            for name, found in results.items()
        ],
    )
    print()
    plots.print_table(
        (
            "one photo",
            "inferences",
            "of them s",
            "rest s",
            "total s",
            "s per MP",
            "x own",
            "peak MB",
        ),
        [
            (
                f"{name}, {megapixels} MP",
                str(cost.inferences),
                f"{cost.inference_s:.2f}",
                f"{cost.rest_s:.2f}",
                f"{cost.total_s:.2f}",
                f"{cost.total_s / megapixels:.2f}",
                f"{cost.overhead:.2f}",
                str(cost.peak_mb),
            )
            for name, sizes in spent.items()
            for megapixels, cost in sizes.items()
        ],
    )


def main() -> None:
    """Judge, measure, print, plot."""
    folder = photos_folder()
    photos = judged(folder)
    models = Models(fetch, threads=2)
    ways: dict[str, CutOut] = {
        **{name: partial(plain, model=model, models=models) for name, model in PLAIN.items()},
        **{name: partial(tier, quality=name, models=models) for name in RECIPES},
    }
    results = {name: judge(way, photos) for name, way in ways.items()}
    spent = costs(folder)
    print_results(results, spent, len(photos))
    for text, holds in [*verdicts(results), *cost_verdicts(spent)]:
        print(f"{'yes' if holds else 'NO '}  {text}")
    draw(results, spent)
    tier_sheet.draw(
        [
            (name, photo, {quality: tier(photo, quality, models) for quality in RECIPES})
            for name, photo in showable(folder)
        ]
    )
    plots.print_figures(
        {
            key: {name: round(found[key], digits) for name, found in results.items()}
            for key, digits in DIGITS.items()
        }
    )


if __name__ == "__main__":
    main()
