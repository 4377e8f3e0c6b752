"""Remove the background."""

from darkroom import cutout
from darkroom.asking import alpha_of
from darkroom.cutout import Recipe, by_models
from darkroom.finding import both_ways, closer, decided, look, solid, surest, with_input
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.refining import guided, told_by_colour
from darkroom.steps.operation import Hosted, Watch, operation
from photo_steps import CutOut

_BOTH = ("u2net", "u2netp")
_LARGE, _SMALL = (look(name) for name in _BOTH)
_FOUR_LOOKS = with_input(surest(both_ways(_LARGE), both_ways(_SMALL)))
# By quality. Every ingredient has earned its place: docs/decisions/0011-local-ladder.md.
RECIPES = {
    "basic": Recipe(with_input(decided(_SMALL)), guided, _BOTH[1:]),
    "standard": Recipe(with_input(surest(_LARGE, _SMALL)), guided, _BOTH),
    "professional": Recipe(solid(_FOUR_LOOKS), guided, _BOTH),
    "industry": Recipe(solid(closer(_FOUR_LOOKS)), told_by_colour, _BOTH),
}


@operation(CutOut, "models", "hosted", "watch", stage="edges")
def cut_out(
    picture: Picture, told: CutOut, *, models: Models, hosted: Hosted, watch: Watch
) -> Picture:
    """Leave only the subject; its alpha is that of the quality's route, else of our own models."""

    def matting(rgb: Bytes) -> Bytes | None:
        found = hosted(told.quality, alpha_of(rgb))
        if found is not None:
            return found
        with watch.stage("find"):
            return by_models(RECIPES[told.quality], models)(rgb)

    return cutout.cut_out(picture, matting)
