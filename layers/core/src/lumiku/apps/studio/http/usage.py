"""JSON of what was used of the studio: added up by month, and order by order."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from lumiku.apps.studio.prices import Feature, OrderKind
from lumiku.domain.instant import Instant
from lumiku.domain.money.business import Produced
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.products import own_name, shared
from lumiku.domain.money.statistics import Figures, Statistics, Use
from lumiku.domain.texts import Text
from lumiku.http.bodies import Body
from lumiku.http.field_errors import worded
from lumiku.http.money.figures import FiguresBody, figures_body
from lumiku.services.work.listing import Page

_USED = dict.fromkeys((*OrderKind, *Feature))
Used = Annotated[
    str | None,
    Query(
        pattern=worded(
            f"^({'|'.join(_USED)})$",
            Text(f"One of: {', '.join(_USED)}", f"Salah satu dari: {', '.join(_USED)}"),
        ),
        description="Only orders of this action, or with this feature",
        examples=["template"],
    ),
]


class ActionFigures(FiguresBody):
    """One kind of orders."""

    action: OrderKind


class UseBody(Body):
    """Photos less those that were given back, and what this costs of their price."""

    photos: int
    credits: int


class FeatureUse(UseBody):
    """One feature of orders, whatever else they had."""

    feature: str


class TemplateUse(UseBody):
    """One template, applied as a whole or as a background."""

    template_id: str


class StudioMonth(FiguresBody):
    """One UTC month."""

    month: str
    actions: list[ActionFigures]
    features: list[FeatureUse] = Field(description="Most photos first")
    templates: list[TemplateUse] = Field(description="Most photos first")


class StudioStats(Body):
    """Figures of some months; `complete` is false when the oldest entries were left out."""

    total: FiguresBody
    actions: list[ActionFigures]
    months: list[StudioMonth]
    complete: bool


class UsedFeature(Body):
    """A part of an order, and its share of the credits."""

    feature: str
    template_id: str | None
    credits: int


class UsageLine(Body):
    """An order, or what was given back of one."""

    kind: Literal["charge", "refund"]
    action: OrderKind
    reference: str = Field(description="Upload, generation or export that it is")
    photos: int
    credits: int = Field(description="Given back, where it is a refund")
    features: list[UsedFeature]
    integrated_with: str | None = Field(description="The other app that it is about")
    at: Instant


class UsagePage(Body):
    """Some of a month's orders, newest first; `nextCursor` asks for the next ones."""

    usage: list[UsageLine]
    next_cursor: str | None


def by_feature[V: (Use, Produced)](
    parts: Mapping[str, V], nothing: V
) -> tuple[list[tuple[str, V]], list[tuple[str, V]]]:
    """What parts add up to by feature, and by template; most photos first."""
    features: dict[str, V] = defaultdict(lambda: nothing)
    templates: dict[str, V] = defaultdict(lambda: nothing)
    for part, used in parts.items():
        feature, _, template = part.partition(":")
        features[feature] += used
        if template:
            templates[template] += used
    return _most_first(features), _most_first(templates)


def _most_first[V: (Use, Produced)](found: Mapping[str, V]) -> list[tuple[str, V]]:
    return sorted(found.items(), key=lambda item: (-item[1].photos, item[0]))


def stats_body(found: Statistics) -> StudioStats:
    """What GET /stats answers."""
    return StudioStats(
        total=figures_body(found.total),
        actions=[_of_action(one, found.of_product(one.product)) for one in OrderKind],
        months=[_month(found, month) for month in found.months],
        complete=found.is_complete,
    )


def _month(found: Statistics, month: str) -> StudioMonth:
    products = found.months[month]
    features, templates = by_feature(found.parts[month], Use())
    return StudioMonth(
        month=month,
        actions=[
            _of_action(one, products[one.product]) for one in OrderKind if one.product in products
        ],
        features=[FeatureUse(feature=name, **dict(used)) for name, used in features],
        templates=[TemplateUse(template_id=name, **dict(used)) for name, used in templates],
        **figures_body(found.of_month(month)).model_dump(),
    )


def _of_action(action: OrderKind, figures: Figures) -> ActionFigures:
    return ActionFigures(action=action, **figures_body(figures).model_dump())


def usage_body(page: Page[Entry]) -> UsagePage:
    """What GET /usage answers."""
    return UsagePage(usage=list(map(_line, page.shown)), next_cursor=page.cursor)


def _line(entry: Entry) -> UsageLine:
    credits = abs(entry.amount)
    features = [
        UsedFeature(feature=feature, template_id=template or None, credits=share)
        for part, share in shared(credits, entry.parts or {}).items()
        for feature, _, template in [part.partition(":")]
    ]
    return UsageLine(
        kind="refund" if entry.kind is EntryKind.REFUND else "charge",
        action=OrderKind(own_name(entry.product or "")),
        reference=entry.reference,
        photos=entry.photos,
        credits=credits,
        features=features,
        integrated_with=entry.integrated_with,
        at=entry.at,
    )
