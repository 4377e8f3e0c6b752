"""JSON of figures: what was ordered and what became of it, what that was worth and what it cost."""

from dataclasses import asdict

from pydantic import Field

from lumiku.domain.money.statistics import Figures
from lumiku.http.bodies import Body


class FiguresBody(Body):
    """Photos ordered in some time. Credits and quota are what they cost in the end."""

    photos: int = Field(description="Ordered, those on their way among them")
    failed: int = Field(description="Tried, without a result; given back")
    cancelled: int = Field(description="Given back")
    never_sent: int = Field(description="Not uploaded in time; given back")
    credits_used: int
    credits_refunded: int
    quota_used: int
    success_rate: float | None = Field(
        description="Percent that did not fail of what was neither cancelled nor never sent; one"
        " decimal; null without any"
    )


class Share(Body):
    """Photos of some kind. A refund counts on the day on which it was given."""

    photos: int
    failed: int = Field(description="Tried, without a result")
    cancelled: int
    never_sent: int
    failure_rate: float | None = Field(
        description="Percent that failed of what was neither cancelled nor never sent; one decimal;"
        " null without any"
    )
    credits_used: int
    quota_used: int


class Margin(Body):
    """What photos were worth and what they cost. `valueIdr` is what their credits cost without any
    discount; photos that plans paid for add none. Costs are providers' list prices and an estimate
    for Lambda."""

    value_idr: int
    cost_idr: int
    margin_idr: int
    margin_percent: float | None


def figures_body(figures: Figures) -> FiguresBody:
    """Figures as JSON."""
    permille = figures.success_permille
    rate = None if permille is None else permille / 10
    return FiguresBody(success_rate=rate, **asdict(figures))


def share(figures: Figures) -> Share:
    """The same for administrators."""
    return Share(failure_rate=percent(figures.failed, figures.tried), **asdict(figures))


def margin(value: int, cost: int) -> Margin:
    """Of so many rupiah."""
    return Margin(
        value_idr=value,
        cost_idr=cost,
        margin_idr=value - cost,
        margin_percent=percent(value - cost, value),
    )


def percent(part: int, whole: int) -> float | None:
    """One decimal, rounded down; None of nothing."""
    return part * 1000 // whole / 10 if whole > 0 else None
