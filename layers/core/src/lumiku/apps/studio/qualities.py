"""At which quality an item is cut out, and what that is called."""

from dataclasses import replace

from lumiku.apps.studio.plans import Rendering
from lumiku.services.projects.ports import Belongings
from photo_steps.kinds import QUALITIES
from photo_steps.weights import CUT_OUTS, Precision

BOUGHT = "remover/"
"""What names of removals begin with that were bought from the app that sells them."""


def cut_out_name(quality: str, precision: Precision) -> str:
    """Under which an item keeps its cut-out of a quality, by the weights that make it."""
    return f"{quality}-{CUT_OUTS[precision][quality]}"


def at_best(rendering: Rendering, has: Belongings, precision: Precision) -> Rendering:
    """As a plan renders, from a better cut-out where one was bought for the item and is kept."""
    bought = [
        note.name.removeprefix(BOUGHT) for note in has.paid_for if note.name.startswith(BOUGHT)
    ]
    kept = [one for one in bought if has.cut_out(cut_out_name(one, precision))]
    best = max((rendering.quality, *kept), key=QUALITIES.index)
    return replace(rendering, quality=best)
