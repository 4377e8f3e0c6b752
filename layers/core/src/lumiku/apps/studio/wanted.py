"""What is ordered for one item: a look, or a whole template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lumiku.apps.studio.looks import (
    PROCEDURAL,
    Look,
    features,
    needs,
    template_number,
    template_of,
    template_version,
)
from lumiku.apps.studio.plans import Gate, Need, Rendering
from lumiku.apps.studio.prices import Feature
from lumiku.apps.studio.steps import steps, template_steps
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from photo_steps import Workflow
from photo_steps.templates import Template
from photo_steps.workflows import Value

PROCESS, TEMPLATE, CUT_OUT = "studio/process", "studio/template", "studio/cut-out"
GENERATIONS = frozenset({PROCESS, TEMPLATE})
"""Products that become variations."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered, as a price, a plan and a worker see it.

    `asked` has all that makes the picture again, in the words of requests; where the background is
    removed, that is paid for once an item. `template_id` is that of the template it uses, if any.
    """

    product: str
    features: tuple[Feature, ...]
    needs: tuple[Need, ...]
    steps: Callable[[Rendering], Workflow]
    is_cut_out: bool
    is_enlarged: bool
    asked: Mapping[str, Value]
    template_id: str | None = None


def of_look(look: Look) -> Wanted:
    """A workflow as it was told."""
    asked: dict[str, Value] = {"workflow": look.told}
    background, template = look.background, None
    if background is not None and (template := background.template) is not None:
        asked["templateVersion"] = template_version(template)
    if background is not None and (understood := background.understood) is not None:
        asked |= {"seed": understood.scene.seed, "source": PROCEDURAL}
    return Wanted(
        product=PROCESS,
        features=features(look),
        needs=tuple(needs(look)),
        steps=lambda rendering: steps(look, rendering),
        is_cut_out=look.is_cut_out,
        is_enlarged=look.upscale is not None,
        asked=asked,
        template_id=template.id if template else None,
    )


def of_template(template_id: str) -> Wanted:
    """A whole template; `InvalidRequest` if there is no such one."""
    template = template_of(template_id)
    if template is None:
        raise InvalidRequest.at(
            "body.templateId", Text("There is no such template", "Tidak ada templat ini")
        )
    return Wanted(
        product=TEMPLATE,
        features=(Feature.TEMPLATE,),
        needs=_needs(template),
        steps=lambda rendering: template_steps(template, rendering),
        is_cut_out=True,
        is_enlarged=False,
        asked={"templateId": template.id, "templateVersion": template_version(template)},
        template_id=template.id,
    )


def _needs(template: Template) -> tuple[Need, ...]:
    number = template_number(template)
    return Need(Gate.FEATURE, Feature.TEMPLATE), Need(Gate.TEMPLATE, number)
