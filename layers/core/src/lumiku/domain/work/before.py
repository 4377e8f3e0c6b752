"""What rows of groups meant before they held their workflow: the background remover's, frozen.

A group's row is kept for 90 days; after that nothing reads this any more.
"""

from collections.abc import Mapping
from typing import Any

from photo_steps import Step, Workflow

_NAMED = {"white": "#ffffff", "black": "#000000"}


def workflow_of_before(tier: str, options: Mapping[str, Any]) -> Workflow:
    """The workflow of a batch of that tier with those options, both as rows held them."""
    steps = [Step(name="cut-out", params={"quality": tier})]
    if options.get("crop") is not None:
        steps.append(Step(name="crop", params={"margin": int(options["crop"])}))
    if options.get("max_size") is not None:
        steps.append(Step(name="fit", params={"side": int(options["max_size"])}))
    format = options.get("format", "png")
    background = options.get("background") or ("white" if format == "jpeg" else "transparent")
    if options.get("output") == "mask":
        steps.append(Step(name="mask"))
    elif background != "transparent":
        colour = _NAMED.get(background, background.lower())
        steps.append(Step(name="on-colour", params={"colour": colour}))
    if format != "png":
        steps.append(Step(name="save-as", params={"format": format}))
    return tuple(steps)
