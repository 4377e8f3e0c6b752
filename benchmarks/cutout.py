"""How good the cut-outs of each tier are, and what they cost: `python -m benchmarks.cutout`.

Every tier and the plain recipe of its models (as rembg runs them: 8-bit mask, Lanczos, the photo's
own colours) cut out the photos with ground truth. Mean absolute error, intersection over union and
gradient error are means over photos. Costs are for a photo of 12 megapixels and of 1 megapixel.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import own_process, photos, report, scores
from benchmarks.photos import Judged
from benchmarks.tier_cost import Cost
from darkroom.cutout import by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.matte import model_input
from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.steps.cut_out import RECIPES
from models.fetch import fetch
from scripts.template import template

type CutOut = Callable[[Picture], Picture]
type Scores = dict[str, float]
type Verdict = tuple[str, bool]

PLAIN = {"plain u2netp": "u2netp", "plain u2net": "u2net"}
YARDSTICKS = {"basic": "plain u2netp", "standard": "plain u2net"}
# Of decoding, encoding and the tier's own inferences together.
MAX_OVERHEAD = 1.2
MAX_INDUSTRY_12_MP_S = 8.0
# Of plain u2net's mean absolute error.
CEILINGS = {"professional": 0.90, "industry": 0.85}
# Digits shown; further ones depend on how a mask is rounded to 8 bits.
DIGITS = {"mae": 4, "iou": 3, "grad": 3}
COST_PHOTO = "syl_books.jpg"
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


def score(cut_out: CutOut, photo: Judged) -> Scores:
    """Compare one result with the truth."""
    alpha = cut_out(photo.picture).cover
    return {
        "mae": scores.mean_absolute_error(alpha, photo.truth, photo.scored),
        "iou": scores.intersection_over_union(alpha, photo.truth, photo.scored),
        "grad": scores.gradient_error(alpha, photo.truth, photo.scored),
    }


def judge(cut_out: CutOut, judged: list[Judged]) -> Scores:
    """Mean scores of one way over all photos."""
    found = [score(cut_out, photo) for photo in judged]
    return {name: float(np.mean([one[name] for one in found])) for name in DIGITS}


def no_worse(ours: Scores, theirs: Scores) -> bool:
    """Say whether no score is worse than the other way's beyond the rounding of its last digit."""
    worse_by = {name: ours[name] - theirs[name] for name in DIGITS}
    worse_by["iou"] *= -1  # the only one that is better when large
    return all(worse_by[name] <= 10.0**-digits / 2 for name, digits in DIGITS.items())


def costs() -> dict[tuple[str, int], Cost]:
    """Measure each tier on one photo, enlarged or reduced to each size in megapixels."""
    photo = decode_photo((photos.OPEN / COST_PHOTO).read_bytes())
    found = {}
    with tempfile.TemporaryDirectory() as place:
        for megapixels, size in SIZES.items():
            path = Path(place) / f"{megapixels}.jpg"
            Image.fromarray(photo.rgb).resize(size).save(path, quality=90)
            for name in RECIPES:
                found[name, megapixels] = Cost(**own_process.run("tier_cost", name, path))
    return found


def quality_verdicts(results: dict[str, Scores]) -> list[Verdict]:
    """What the tiers promise of each other, and whether it holds."""
    names = list(RECIPES)
    pairs = [*YARDSTICKS.items(), *zip(names[1:], names, strict=False)]
    told = [
        (f"{ours} is no worse than {theirs}", no_worse(results[ours], results[theirs]))
        for ours, theirs in pairs
    ]
    error = results["plain u2net"]["mae"]
    for name, ceiling in CEILINGS.items():
        share = results[name]["mae"] / error
        text = f"{name} has {share:.2f} of plain u2net's error, at most {ceiling:.2f}"
        told.append((text, share <= ceiling))
    return told


def cost_verdicts(spent: dict[tuple[str, int], Cost]) -> list[Verdict]:
    """What the tiers may cost, and whether they keep to it."""
    told = [
        (
            f"{name}, {megapixels} MP: {cost.overhead:.2f} of its own, at most {MAX_OVERHEAD}",
            cost.overhead <= MAX_OVERHEAD,
        )
        for (name, megapixels), cost in spent.items()
    ]
    slowest = spent["industry", 12].total_s
    memory_mb = template()["Parameters"]["ProcessPhotoMemory"]["Default"]
    largest = max(cost.peak_mb for cost in spent.values())
    return [
        *told,
        (
            f"industry takes {slowest:.1f} s for 12 MP, at most {MAX_INDUSTRY_12_MP_S:.0f}",
            slowest <= MAX_INDUSTRY_12_MP_S,
        ),
        (f"peak {largest} MB, at most {memory_mb}", largest <= memory_mb),
    ]


def tables(results: dict[str, Scores], spent: dict[tuple[str, int], Cost], count: int) -> None:
    """Print the table of scores and that of costs."""
    error = results["plain u2net"]["mae"]
    report.table(
        {f"{count} photos": "", "MAE": ".4f", "of u2net": ".2f", "IoU": ".3f", "gradient": ".3f"},
        [
            (name, found["mae"], found["mae"] / error, found["iou"], found["grad"])
            for name, found in results.items()
        ],
    )
    print()
    seconds = dict.fromkeys(("of them s", "rest s", "total s", "s per MP", "x own"), ".2f")
    report.table(
        {"one photo": "", "inferences": "", **seconds, "peak MB": ""},
        [
            (
                f"{name}, {megapixels} MP",
                cost.inferences,
                cost.inference_s,
                cost.rest_s,
                cost.total_s,
                cost.total_s / megapixels,
                cost.overhead,
                cost.peak_mb,
            )
            for (name, megapixels), cost in spent.items()
        ],
    )


def draw(results: dict[str, Scores], spent: dict[tuple[str, int], Cost]) -> None:
    """Plot the three scores of every way, and the seconds of the tiers."""
    titles = ("mean absolute error (less is better)", "intersection over union", "gradient error")
    with report.plot("cutout", (15, 3.4), 4, sharey=True) as panels:
        for axes, (key, digits), title in zip(panels, DIGITS.items(), titles, strict=False):
            colours = [report.GREY if name in PLAIN else report.BLUE for name in results]
            values = {name: found[key] for name, found in results.items()}
            report.bars(axes, values, colours, f"%.{digits}f")
            axes.set_title(title, fontsize=10)
        for megapixels, colour in ((12, report.LIGHT_BLUE), (1, report.BLUE)):
            seconds = [spent[name, megapixels].total_s for name in RECIPES]
            panels[3].barh(list(RECIPES), seconds, color=colour, label=f"{megapixels} MP")
        panels[3].set_title("seconds, bytes to bytes", fontsize=10)
        panels[3].legend(fontsize=8)


def main() -> None:
    """Judge, measure, print, plot."""
    judged, models = photos.judged(), Models(fetch, threads=2)
    ways: dict[str, CutOut] = {
        **{name: partial(plain, model=model, models=models) for name, model in PLAIN.items()},
        **{name: partial(tier, quality=name, models=models) for name in RECIPES},
    }
    results = {name: judge(way, judged) for name, way in ways.items()}
    spent = costs()
    tables(results, spent, len(judged))
    for promise, holds in [*quality_verdicts(results), *cost_verdicts(spent)]:
        report.verdict(promise, holds)
    draw(results, spent)
    report.figures(
        **{
            key: {name: round(found[key], digits) for name, found in results.items()}
            for key, digits in DIGITS.items()
        }
    )


if __name__ == "__main__":
    main()
