"""The workflow of a background removal."""

from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import Tier
from photo_steps import Crop, CutOut, Fit, Mask, OnColour, Parameters, SaveAs, Step, Workflow


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
