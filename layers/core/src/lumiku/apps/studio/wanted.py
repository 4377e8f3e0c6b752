"""What is ordered for one item: a look, or a whole template."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from lumiku.apps.studio.looks import HOSTED, PROCEDURAL, Look, features, needs, routes
from lumiku.apps.studio.offers import Find, Offer
from lumiku.apps.studio.plans import Gate, Need, Rendering
from lumiku.apps.studio.prices import Feature, OrderKind
from lumiku.apps.studio.steps import steps, template_steps
from lumiku.domain.errors import InvalidRequest, Refusal
from lumiku.domain.projects.templates import TemplateChanged, TemplateRetired
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

    `told` is what was said, in the words of requests, and `asked` has besides all that makes the
    picture again; where the background is removed, that is paid for once an item. `template_id` is
    that of the template it uses, if any; `refusal` says why that cannot be applied any more.
    By `hosted` routes providers are asked: for a feature, in whose place stands another one where
    our own models make it. `look` is what was told, if it was told, and `offer` its template.
    """

    product: str
    features: tuple[Feature, ...]
    needs: tuple[Need, ...]
    steps: Callable[[Rendering], Workflow]
    is_cut_out: bool
    is_enlarged: bool
    told: Mapping[str, Value]
    asked: Mapping[str, Value]
    template_id: str | None = None
    refusal: Refusal | None = None
    hosted: Mapping[str, tuple[Feature, Feature]] = field(default_factory=dict)
    look: Look | None = None
    offer: Offer | None = None

    @property
    def template_version(self) -> str | None:
        """At which that template is applied."""
        version = self.asked.get("templateVersion")
        return None if version is None else str(version)

    def check(self) -> None:
        """Refuse what nobody can order any more."""
        if self.refusal is not None:
            raise self.refusal

    def asking(self, hosted: Collection[str]) -> "Wanted":
        """The same where providers may be asked by these routes; it needs the same of a plan."""
        if self.look is None:
            return self
        return replace(_of_look(self.look, self.offer, hosted), needs=self.needs)

    def made_by(self, ours: Collection[str]) -> tuple[Feature, ...]:
        """What it comes to if by these routes no provider made anything."""
        instead = dict(self.hosted[route] for route in ours)
        return tuple(instead.get(one, one) for one in self.features)


def of_look(look: Look, find: Find) -> Wanted:
    """A workflow as it was told, of which no provider is asked for anything.

    `InvalidRequest` if it names a template that is not found.
    """
    offer = None
    if look.template_id is not None:
        offer = _found(look.template_id, find, "body.workflow.background.templateId")
    return _of_look(look, offer, ())


def _of_look(look: Look, offer: Offer | None, hosted: Collection[str]) -> Wanted:
    """The same where providers are asked by the routes `hosted`."""
    asking = {route: sold for route, sold in routes(look).items() if route in hosted}
    sold_as = {ours: theirs for theirs, ours in asking.values()}
    told: dict[str, Value] = {"workflow": look.told}
    asked, background, template = dict(told), look.background, offer.template if offer else None
    if template is not None:
        asked["templateVersion"] = template.version
    if background is not None and (understood := background.understood) is not None:
        is_hosted = any(route in PAINT_ROUTES for route in asking)
        asked |= {"seed": understood.scene.seed, "source": HOSTED if is_hosted else PROCEDURAL}
    return Wanted(
        product=OrderKind.PROCESS.product,
        features=tuple(sold_as.get(one, one) for one in features(look)),
        needs=(*needs(look), *([offer.need] if offer else [])),
        steps=lambda rendering: steps(look, rendering, template, asking),
        is_cut_out=look.is_cut_out,
        is_enlarged=look.upscale is not None,
        told=told,
        asked=asked,
        template_id=look.template_id,
        refusal=_refusal(offer, None) if offer else None,
        hosted=asking,
        look=look,
        offer=offer,
    )


def of_template(
    template_id: str, find: Find, *, colour: str | None = None, version: str | None = None
) -> Wanted:
    """A whole template, on a colour in place of its backdrop if one is named.

    `InvalidRequest` if there is no such template. One that is not at `version` any more, where one
    is named, is refused when it is ordered.
    """
    offer = _found(template_id, find, "body.templateId")
    template = offer.template
    told: dict[str, Value] = {"templateId": template.id}
    applied = template
    if colour is not None:
        told["color"] = colour
        applied = template.model_copy(update={"workflow": _on(colour, template.workflow)})
    if version is not None:
        told["templateVersion"] = version
    return Wanted(
        product=OrderKind.TEMPLATE.product,
        features=(Feature.TEMPLATE,),
        needs=(Need(Gate.FEATURE, Feature.TEMPLATE), offer.need),
        steps=lambda rendering: template_steps(applied, rendering),
        is_cut_out=True,
        is_enlarged=False,
        told=told,
        asked={**told, "templateVersion": template.version},
        template_id=template.id,
        refusal=_refusal(offer, version),
    )


def _found(template_id: str, find: Find, field: str) -> Offer:
    offer = find(template_id)
    if offer is None:
        raise InvalidRequest.at(field, Text("There is no such template", "Tidak ada templat ini"))
    return offer


def _refusal(offer: Offer, version: str | None) -> Refusal | None:
    """Why a template cannot be applied, at a version if one is named."""
    template = offer.template
    if offer.retired_at is not None:
        return TemplateRetired(template_id=template.id, retired_at=offer.retired_at)
    if version not in {None, template.version}:
        return TemplateChanged(template_id=template.id, version=template.version)
    return None


def _on(colour: str, workflow: Workflow) -> Workflow:
    """The same with a colour for a backdrop."""
    backdrops = {OnColour.step, OnGradient.step, InScene.step}
    plain = Step.of(OnColour(colour=colour))
    return tuple(plain if step.name in backdrops else step for step in workflow)
