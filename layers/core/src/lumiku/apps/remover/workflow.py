"""The workflow of a background removal."""

from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import Tier
from lumiku.domain.work.workflows import Step, Workflow


def background_removal(tier: Tier, options: Options = PLAIN) -> Workflow:
    """Workflow that cuts the subject out at the quality of `tier` and then does as `options` say.

    The order matters. The subject is cropped while the alpha still tells where it is; only what
    is left is reduced; only then is the alpha shown as a mask or laid on a colour, at the size of
    the result, so that no edge is mixed twice.
    """
    steps = [Step(name="cut-out", params={"quality": tier})]
    if options.crop is not None:
        steps.append(Step(name="crop", params={"margin": str(options.crop)}))
    if options.max_size is not None:
        steps.append(Step(name="fit", params={"side": str(options.max_size)}))
    if options.output == "mask":
        steps.append(Step(name="mask"))
    elif options.colour is not None:
        steps.append(Step(name="on-colour", params={"colour": options.colour}))
    if options.format != "png":
        steps.append(Step(name="save-as", params={"format": options.format}))
    return tuple(steps)
