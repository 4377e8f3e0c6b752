"""What is ordered for one item: a look, or a whole template."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from lumiku.apps.studio.backgrounds import template_of
from lumiku.apps.studio.looks import (
    HOSTED,
    PROCEDURAL,
    Look,
    features,
    needs,
    routes,
    template_need,
)
from lumiku.apps.studio.plans import Gate, Need, Rendering
from lumiku.apps.studio.prices import Feature, OrderKind
from lumiku.apps.studio.steps import steps, template_steps
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text
from photo_steps import OnColour, Step, Workflow
from photo_steps.scenes import PAINT_ROUTES, InScene
from photo_steps.studio import OnGradient
from photo_steps.workflows import Value

CUT_OUT = "studio/cut-out"
GENERATIONS = frozenset({OrderKind.PROCESS.product, OrderKind.TEMPLATE.product})
"""Products that become variations."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered, as a price, a plan and a worker see it.

    `asked` has all that makes the picture again, in the words of requests; where the background is
    removed, that is paid for once an item. `template_id` is that of the template it uses, if any.
    By `hosted` routes providers are asked: for a feature, in whose place stands another one where
    our own models make it. `look` is what was told, if it was told.
    """

    product: str
    features: tuple[Feature, ...]
    needs: tuple[Need, ...]
    steps: Callable[[Rendering], Workflow]
    is_cut_out: bool
    is_enlarged: bool
    asked: Mapping[str, Value]
    template_id: str | None = None
    hosted: Mapping[str, tuple[Feature, Feature]] = field(default_factory=dict)
    look: Look | None = None

    def asking(self, hosted: Collection[str]) -> "Wanted":
        """The same where providers may be asked by these routes; it needs the same of a plan."""
        return self if self.look is None else replace(of_look(self.look, hosted), needs=self.needs)

    def made_by(self, ours: Collection[str]) -> tuple[Feature, ...]:
        """What it comes to if by these routes no provider made anything."""
        instead = dict(self.hosted[route] for route in ours)
        return tuple(instead.get(one, one) for one in self.features)


def of_look(look: Look, hosted: Collection[str] = ()) -> Wanted:
    """A workflow as it was told, where providers are asked by the routes `hosted`."""
    asking = {route: sold for route, sold in routes(look).items() if route in hosted}
    sold_as = {ours: theirs for theirs, ours in asking.values()}
    asked: dict[str, Value] = {"workflow": look.told}
    background, template = look.background, None
    if background is not None and (template := background.template) is not None:
        asked["templateVersion"] = template.version
    if background is not None and (understood := background.understood) is not None:
        is_hosted = any(route in PAINT_ROUTES for route in asking)
        asked |= {"seed": understood.scene.seed, "source": HOSTED if is_hosted else PROCEDURAL}
    return Wanted(
        product=OrderKind.PROCESS.product,
        features=tuple(sold_as.get(one, one) for one in features(look)),
        needs=tuple(needs(look)),
        steps=lambda rendering: steps(look, rendering, asking),
        is_cut_out=look.is_cut_out,
        is_enlarged=look.upscale is not None,
        asked=asked,
        template_id=template.id if template else None,
        hosted=asking,
        look=look,
    )


def of_template(template_id: str, *, colour: str | None = None) -> Wanted:
    """A whole template, on a colour in place of its backdrop if one is named.

    `InvalidRequest` if there is no such template.
    """
    template = template_of(template_id)
    if template is None:
        raise InvalidRequest.at(
            "body.templateId", Text("There is no such template", "Tidak ada templat ini")
        )
    asked: dict[str, Value] = {"templateId": template.id, "templateVersion": template.version}
    applied = template
    if colour is not None:
        asked["color"] = colour
        applied = template.model_copy(update={"workflow": _on(colour, template.workflow)})
    return Wanted(
        product=OrderKind.TEMPLATE.product,
        features=(Feature.TEMPLATE,),
        needs=(Need(Gate.FEATURE, Feature.TEMPLATE), template_need(template)),
        steps=lambda rendering: template_steps(applied, rendering),
        is_cut_out=True,
        is_enlarged=False,
        asked=asked,
        template_id=template.id,
    )


def _on(colour: str, workflow: Workflow) -> Workflow:
    """The same with a colour for a backdrop."""
    backdrops = {OnColour.step, OnGradient.step, InScene.step}
    plain = Step.of(OnColour(colour=colour))
    return tuple(plain if step.name in backdrops else step for step in workflow)
