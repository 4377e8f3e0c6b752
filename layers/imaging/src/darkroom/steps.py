"""What can be done to a picture: named steps from pixels to pixels, each with text parameters."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from darkroom.compose import mask, on_colour
from darkroom.cutout import Tier, by_models, cut_out
from darkroom.finding import both_ways, closer, look, solid, surest, with_input
from darkroom.framing import crop, fit
from darkroom.models import Models
from darkroom.picture import Format, Picture
from darkroom.refining import guided, plain, told_by_colour

type Step = Callable[[Picture, Models, Mapping[str, str]], Picture]

_LARGE, _SMALL = look("u2net"), look("u2netp")
_FOUR_LOOKS = with_input(surest(both_ways(_LARGE), both_ways(_SMALL)))
_FORMATS: dict[str, Format] = {"png": "png", "webp": "webp", "jpeg": "jpeg"}
# Every ingredient has earned its place: docs/decisions/0011-local-ladder.md.
TIERS = {
    "basic": Tier(with_input(_SMALL), plain),
    "standard": Tier(with_input(surest(_LARGE, _SMALL)), guided),
    "professional": Tier(solid(_FOUR_LOOKS), guided),
    "industry": Tier(solid(closer(_FOUR_LOOKS)), told_by_colour),
}


def cut_out_step(picture: Picture, models: Models, params: Mapping[str, str]) -> Picture:
    """Remove the background; `quality` chooses of `TIERS`."""
    return cut_out(picture, by_models(TIERS[params["quality"]], models))


def crop_step(picture: Picture, _: Models, params: Mapping[str, str]) -> Picture:
    """Cut down to the subject with `margin` percent of its longer side around it."""
    return crop(picture, int(params["margin"]))


def fit_step(picture: Picture, _: Models, params: Mapping[str, str]) -> Picture:
    """Reduce to a longer side of `side` pixels; never enlarges."""
    return fit(picture, int(params["side"]))


def on_colour_step(picture: Picture, _: Models, params: Mapping[str, str]) -> Picture:
    """Lay on `colour`, #rrggbb."""
    red, green, blue = bytes.fromhex(params["colour"].removeprefix("#"))
    return on_colour(picture, (red, green, blue))


def mask_step(picture: Picture, _: Models, params: Mapping[str, str]) -> Picture:
    """Show the alpha as a grey picture; takes no parameters."""
    return mask(picture)


def save_as_step(picture: Picture, _: Models, params: Mapping[str, str]) -> Picture:
    """Choose the `format` of the file: webp or jpeg; without this step it is png."""
    return replace(picture, format=_FORMATS[params["format"]])


STEPS: dict[str, Step] = {
    "cut-out": cut_out_step,
    "crop": crop_step,
    "fit": fit_step,
    "on-colour": on_colour_step,
    "mask": mask_step,
    "save-as": save_as_step,
}
