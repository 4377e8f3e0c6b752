"""How good the cut-outs of each tier are, and what they cost: `python -m benchmarks.cutout`.

Every tier, the ladder as it was in fp32 and the plain recipe of the published models (as rembg runs
them: 8-bit mask, Lanczos, the photo's own colours) take turns at the photos with ground truth. Mean
absolute error, intersection over union and gradient error are means over photos; time is the median
of what a photo's cut-out takes of what it took before. Costs are for a photo of 12 megapixels and
of 1 megapixel.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import own_process, photos, report, scores
from benchmarks.photos import Judged
from benchmarks.tier_cost import Cost
from darkroom.cutout import Recipe, by_models, cut_out
from darkroom.decode import decode_photo
from darkroom.finding import look, with_input
from darkroom.matte import model_input
from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.refining import plain as plain_edges
from darkroom.steps.cut_out import RECIPES
from models.build import build
from models.fetch import fetch
from scripts.template import template

type CutOut = Callable[[Picture], Picture]
type Scores = dict[str, float]
type Verdict = tuple[str, bool]

# The ladder before the models were built in int8.
BEFORE = {**RECIPES, "basic": Recipe(with_input(look("u2netp")), plain_edges)}
# Of a tier's time and error before.
MAX_TIME = {"basic": 1.0, "standard": 0.7, "professional": 1.0, "industry": 1.0}
MAX_ERROR = 1.01
PLAIN = {"plain u2netp": "u2netp", "plain u2net": "u2net"}
YARDSTICKS = {"basic": "plain u2netp", "standard": "plain u2net"}
# Of decoding, encoding and the tier's own inferences together; 1.2 while inferences took twice the
# time.
MAX_OVERHEAD = 1.3
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


def by_recipe(picture: Picture, recipe: Recipe, models: Models) -> Picture:
    """Cut out as the service does."""
    return cut_out(picture, by_models(recipe, models))


def before(quality: str) -> str:
    """What a tier of before is called."""
    return f"{quality}, fp32"


def score(cut_out: CutOut, photo: Judged) -> Scores:
    """Compare one result with the truth, and take the time."""
    began = time.perf_counter()
    alpha = cut_out(photo.picture).cover
    return {
        "seconds": time.perf_counter() - began,
        "mae": scores.mean_absolute_error(alpha, photo.truth, photo.scored),
        "iou": scores.intersection_over_union(alpha, photo.truth, photo.scored),
        "grad": scores.gradient_error(alpha, photo.truth, photo.scored),
    }


def judge(ways: dict[str, CutOut], judged: list[Judged]) -> dict[str, Scores]:
    """Mean scores of each way over all photos; `time` is a tier's as a share of before's."""
    for way in ways.values():
        way(judged[0].picture)
    found: dict[str, list[Scores]] = {name: [] for name in ways}
    for photo in judged:
        for name, (one,) in report.take_turns(
            {name: partial(score, way, photo) for name, way in ways.items()}, 1
        ).items():
            found[name].append(one)
    results = {
        name: {key: float(np.mean([one[key] for one in all_of])) for key in DIGITS}
        for name, all_of in found.items()
    }
    for quality in RECIPES:
        pairs = zip(found[quality], found[before(quality)], strict=True)
        shares = [now["seconds"] / then["seconds"] for now, then in pairs]
        results[quality]["time"] = statistics.median(shares)
    return results


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
    for name, ceiling in MAX_TIME.items():
        ours, theirs = results[name], results[before(name)]
        share, taken = ours["mae"] / theirs["mae"], ours["time"]
        told.append((f"{name} has {share:.3f} of the error in fp32", share <= MAX_ERROR))
        text = f"{name} takes {taken:.2f} of the time before, at most {ceiling}"
        told.append((text, taken <= ceiling))
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
        {
            f"{count} photos": "",
            **{"MAE": ".4f", "of u2net": ".2f", "IoU": ".3f", "gradient": ".3f", "time": ".2f"},
        },
        [
            (name, s["mae"], s["mae"] / error, s["iou"], s["grad"], s.get("time"))
            for name, s in results.items()
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
            colours = [report.BLUE if name in RECIPES else report.GREY for name in results]
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
    judged, now, then = photos.judged(), Models(build, threads=2), Models(fetch, threads=2)
    ways: dict[str, CutOut] = {
        name: partial(plain, model=model, models=then) for name, model in PLAIN.items()
    }
    for name in RECIPES:
        ways[before(name)] = partial(by_recipe, recipe=BEFORE[name], models=then)
        ways[name] = partial(by_recipe, recipe=RECIPES[name], models=now)
    results = judge(ways, judged)
    spent = costs()
    tables(results, spent, len(judged))
    for promise, holds in [*quality_verdicts(results), *cost_verdicts(spent)]:
        report.verdict(promise, holds)
    draw(results, spent)
    report.figures(
        **{
            key: {name: round(found[key], digits) for name, found in results.items()}
            for key, digits in DIGITS.items()
        },
        time={name: round(results[name]["time"], 2) for name in RECIPES},
    )


if __name__ == "__main__":
    main()
