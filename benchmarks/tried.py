"""Other ways than the tiers', on the photos with ground truth: `python -m benchmarks.tried`.

What decision 0011 says was tried when the models were first run in int8. `geo` is the geometric
mean of the errors, so that no hard photo outweighs the others; `better` counts photos on which a
way beats the tier that it is a change of.
"""

from functools import partial

import numpy as np

from benchmarks import photos, report
from benchmarks.cutout import BEFORE, DIGITS, Scores, by_recipe, score
from darkroom.cutout import Recipe
from darkroom.finding import (
    Look,
    both_ways,
    closer,
    decided,
    levels,
    look,
    solid,
    surest,
    with_input,
)
from darkroom.models import Models
from darkroom.picture import Floats
from darkroom.refining import guided, plain, told_by_colour
from darkroom.steps.cut_out import RECIPES
from models.build import build

LARGE, SMALL = look("u2net"), look("u2netp")
FOUR = surest(both_ways(LARGE), both_ways(SMALL))


def curve(doubtful: Look, low: float, high: float) -> Look:
    """Stretch what a look gives."""

    def look_stretched(batch: Floats, models: Models) -> Floats | None:
        found = doubtful(batch, models)
        return None if found is None else levels(found, np.float32(low), np.float32(high))

    return look_stretched


def mean(first: Look, second: Look) -> Look:
    """The mean of two looks."""

    def look_mean(batch: Floats, models: Models) -> Floats | None:
        one, other = first(batch, models), second(batch, models)
        if one is None or other is None:
            return other if one is None else one
        return (one + other) * np.float32(0.5)

    return look_mean


STEEP = partial(curve, low=0.3, high=0.7)
WAYS: dict[str, dict[str, Recipe]] = {
    "basic": {
        "one look, Lanczos": BEFORE["basic"],
        "one look, guided": Recipe(with_input(SMALL), guided),
        "curve 0.3 to 0.7, Lanczos": Recipe(with_input(STEEP(SMALL)), plain),
        "curve 0.3 to 0.7, guided": Recipe(with_input(STEEP(SMALL)), guided),
        "curve 0.1 to 0.9, Lanczos": Recipe(with_input(decided(SMALL)), plain),
        "both ways, Lanczos": Recipe(with_input(both_ways(SMALL)), plain),
        "both ways, curve 0.1 to 0.9, guided": Recipe(
            with_input(decided(both_ways(SMALL))), guided
        ),
        "u2net": Recipe(with_input(LARGE), plain),
        "mean of both, curve 0.3 to 0.7": Recipe(with_input(STEEP(mean(LARGE, SMALL))), plain),
    },
    "standard": {
        "u2netp both ways": Recipe(with_input(surest(LARGE, both_ways(SMALL))), guided),
        "u2net both ways": Recipe(with_input(surest(both_ways(LARGE), SMALL)), guided),
        "both, both ways": Recipe(with_input(FOUR), guided),
    },
    "professional": {
        "told by colour": Recipe(solid(with_input(FOUR)), told_by_colour),
        "second look instead of both ways": Recipe(
            solid(closer(with_input(surest(LARGE, SMALL)))), guided
        ),
    },
    "industry": {},
}


class Remembering(Models):
    """Runs no model twice on the same input."""

    def __init__(self) -> None:
        super().__init__(build, threads=2)
        self._seen: dict[tuple[str, bytes], Floats] = {}

    def run(self, name: str, batch: Floats) -> Floats:
        """As the models do."""
        key = name, batch.tobytes()
        if key not in self._seen:
            self._seen[key] = super().run(name, batch)
        return self._seen[key]


def main() -> None:
    """Judge every way, photo by photo."""
    judged = photos.judged()
    found: dict[str, list[Scores]] = {}
    base: dict[str, str] = {}
    ways = {
        name: recipe
        for tier, tried in WAYS.items()
        for name, recipe in ((tier, RECIPES[tier]), *tried.items())
    }
    for tier, tried in WAYS.items():
        base |= dict.fromkeys((tier, *tried), tier)
    for photo in judged:
        models = Remembering()
        for name, recipe in ways.items():
            one = score(partial(by_recipe, recipe=recipe, models=models), photo)
            found.setdefault(name, []).append(one)
    errors = {name: np.array([one["mae"] for one in all_of]) for name, all_of in found.items()}
    report.table(
        {f"{len(judged)} photos, int8": "", "MAE": ".4f", "geo": ".4f"}
        | {"IoU": ".3f", "gradient": ".3f", "better": ""},
        [
            (
                name,
                errors[name].mean(),
                np.exp(np.log(errors[name]).mean()),
                *(np.mean([one[key] for one in found[name]]) for key in list(DIGITS)[1:]),
                None if name in WAYS else int((errors[name] < errors[base[name]]).sum()),
            )
            for name in ways
        ],
    )


if __name__ == "__main__":
    main()
