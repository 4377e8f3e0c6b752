"""JSON of the studio's business, as administrators see it."""

from datetime import date

from pydantic import Field

from lumiku.apps.studio.http.usage import by_feature
from lumiku.apps.studio.prices import OrderKind
from lumiku.apps.studio.wanted import CUT_OUT
from lumiku.domain.money.business import Business, Produced
from lumiku.domain.money.costs import rupiah
from lumiku.domain.money.ledger import IDR_PER_CREDIT
from lumiku.domain.money.statistics import Figures, month_start
from lumiku.http.bodies import Body
from lumiku.http.money.figures import Margin, Share, margin, share


class ActionShare(Share, Margin):
    """One kind of orders. Its costs are those of the photos that were completed."""

    action: OrderKind


class Part(Margin):
    """Photos that were completed, their share of the price and of what they cost."""

    photos: int


class FeatureShare(Part):
    """One feature of orders, whatever else they had."""

    feature: str


class TemplateShare(Part):
    """One template, applied as a whole or as a background."""

    template_id: str


class StudioBusiness(Body):
    """The studio's part of one UTC month, up to now."""

    actions: list[ActionShare]
    features: list[FeatureShare] = Field(description="Most photos first")
    templates: list[TemplateShare] = Field(description="Most photos first")
    free_cut_outs_cost_idr: int = Field(description="Of cut-outs for previews, which earn nothing")


def studio_business(month: str, figures: Business) -> StudioBusiness:
    """The studio in what GET /admin/overview answers."""
    day = month_start(month).date()
    features, templates = by_feature(figures.parts, Produced())
    return StudioBusiness(
        actions=[_action(action, figures, day) for action in OrderKind],
        features=[
            FeatureShare(feature=name, **_part(made, day).model_dump()) for name, made in features
        ],
        templates=[
            TemplateShare(template_id=name, **_part(made, day).model_dump())
            for name, made in templates
        ],
        free_cut_outs_cost_idr=rupiah(figures.microusd.get(CUT_OUT, 0), day),
    )


def _action(action: OrderKind, figures: Business, day: date) -> ActionShare:
    cost = rupiah(figures.microusd.get(action.product, 0), day)
    return ActionShare(
        action=action,
        **margin(figures.value_idr(action.product), cost).model_dump(),
        **share(figures.products.get(action.product, Figures())).model_dump(),
    )


def _part(made: Produced, day: date) -> Part:
    worth = margin(made.credits * IDR_PER_CREDIT, rupiah(made.microusd, day))
    return Part(photos=made.photos, **worth.model_dump())
