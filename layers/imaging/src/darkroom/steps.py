"""What can be done to a picture: named steps from pixels to pixels, each with text parameters."""

from collections.abc import Callable, Mapping

from darkroom.cutout import Tier, by_models, cut_out
from darkroom.finding import both_ways, closer, look, solid, surest
from darkroom.models import Models
from darkroom.picture import Picture
from darkroom.refining import guided, plain, told_by_colour

type Step = Callable[[Picture, Models, Mapping[str, str]], Picture]

_LARGE, _SMALL = look("u2net"), look("u2netp")
_FOUR_LOOKS = surest(both_ways(_LARGE), both_ways(_SMALL))
# Every ingredient has earned its place: docs/decisions/0011-local-ladder.md.
TIERS = {
    "basic": Tier(_SMALL, plain),
    "standard": Tier(surest(_LARGE, both_ways(_SMALL)), guided),
    "professional": Tier(solid(_FOUR_LOOKS), guided),
    "industry": Tier(solid(closer(_FOUR_LOOKS)), told_by_colour),
}


def cut_out_step(picture: Picture, models: Models, params: Mapping[str, str]) -> Picture:
    """Remove the background; `quality` chooses of `TIERS`."""
    return cut_out(picture, by_models(TIERS[params["quality"]], models))


STEPS: dict[str, Step] = {"cut-out": cut_out_step}
