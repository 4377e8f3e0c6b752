"""A job is one photo put through a workflow: a list of steps, from pixels to pixels."""

import photo_steps
from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import InvalidRequest
from photo_steps import Crop, CutOut, Fit, Mask, OnColour, Parameters, SaveAs, Step, Workflow


def check(workflow: Workflow) -> None:
    """Refuse what cannot be run with `InvalidRequest`, which has all of its errors."""
    try:
        photo_steps.check(workflow)
    except photo_steps.InvalidWorkflow as invalid:
        errors = [{"field": error.field, "message": error.message} for error in invalid.errors]
        raise InvalidRequest("This workflow cannot be run.", errors=errors) from None


def background_removal(tier: Tier, options: Options = PLAIN) -> Workflow:
    """Workflow that cuts the subject out at the quality of `tier` and then does as `options` say.

    The order matters. The subject is cropped while the alpha still tells where it is; only what
    is left is reduced; only then is the alpha shown as a mask or laid on a colour, at the size of
    the result, so that no edge is mixed twice.
    """
    steps: list[Parameters] = [CutOut(quality=tier.value)]
    if options.crop is not None:
        steps.append(Crop(margin=options.crop))
    if options.max_size is not None:
        steps.append(Fit(side=options.max_size))
    if options.output == "mask":
        steps.append(Mask())
    elif options.colour is not None:
        steps.append(OnColour(colour=options.colour))
    if options.format != "png":
        steps.append(SaveAs(format=options.format))
    return tuple(map(Step.of, steps))
