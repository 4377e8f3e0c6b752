"""JSON of credits and statistics."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from lumiku.apps.remover.plans import PlanName
from lumiku.apps.remover.prices import APP, Tier
from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.statistics import Figures, Statistics
from lumiku.domain.money.subscriptions import SubscriptionStatus
from lumiku.http.bodies import Body
from lumiku.http.money.figures import FiguresBody, figures_body
from lumiku.services.money.overview import Overview
from lumiku.services.money.statements import Line, Statement


class TierQuota(Body):
    """What the plan gives of one tier today."""

    tier: Tier
    used: int
    limit: int
    left: int


class Today(Body):
    """The plan's quota of this UTC day; all 0 without a usable plan."""

    used: int
    limit: int
    left: int
    tiers: list[TierQuota]
    resets_at: Instant


class PlanState(Body):
    """The subscription."""

    name: PlanName
    status: SubscriptionStatus
    period_end: Instant | None


class MonthSoFar(FiguresBody):
    """This UTC month; with `complete` false only its newest orders, and /stats has them all."""

    month: str = Field(examples=["2026-11"])
    complete: bool


class GrantedCredits(Body):
    """Credits that expire together."""

    credits: int
    expires_at: Instant


class Credits(Body):
    """What the account has: credits that stay, and granted ones, which are used before them."""

    balance: int = Field(description="Whole credits", examples=[50])
    bought: int = Field(description="They do not expire; free ones are among them")
    granted: list[GrantedCredits] = Field(description="The next to expire first")
    currency: Literal["credits"] = "credits"
    today: Today
    plan: PlanState | None
    month: MonthSoFar


class LedgerLine(Body):
    """One movement of credits, and the balance once it was posted."""

    kind: EntryKind
    amount: int = Field(description="Negative leaves the account; 0 when a plan paid")
    balance_after: int
    reference: str = Field(description="Job, payment, month or grant that it is for")
    tier: Tier | None
    photos: int
    paid_by_plan: bool
    note: str | None
    integrated_with: str | None = Field(description="The other app that it is about")
    at: Instant


class LedgerPage(Body):
    """Some entries, newest first; `nextCursor` is null on the last page."""

    entries: list[LedgerLine]
    next_cursor: str | None


class TierFigures(FiguresBody):
    """One tier."""

    tier: Tier


class MonthFigures(FiguresBody):
    """One UTC month, by tier."""

    month: str
    tiers: list[TierFigures]


class Stats(Body):
    """Figures of some months; `complete` is false when the oldest entries were left out."""

    total: FiguresBody
    tiers: list[TierFigures]
    months: list[MonthFigures]
    complete: bool


def credits_body(shown: Overview) -> Credits:
    """What GET /credits answers."""
    return Credits(
        balance=shown.account.balance,
        bought=shown.account.bought,
        granted=[
            GrantedCredits(credits=credits, expires_at=datetime.fromisoformat(until))
            for until, credits in sorted(shown.account.granted.items())
        ],
        today=_today(shown),
        plan=PlanState(
            name=PlanName(shown.subscription.plan_name),
            status=shown.subscription.status(shown.now),
            period_end=shown.subscription.period_end,
        )
        if shown.subscription
        else None,
        month=MonthSoFar(
            month=shown.month,
            complete=shown.is_complete,
            **figures_body(shown.figures).model_dump(),
        ),
    )


def _today(shown: Overview) -> Today:
    used, subscription = shown.usage, shown.subscription
    if subscription is None or not subscription.is_usable(shown.now):
        return Today(used=used.total, limit=0, left=0, tiers=[], resets_at=shown.resets_at)
    plan = subscription.plan
    return Today(
        used=used.total,
        limit=plan.daily_quota,
        left=max(0, plan.daily_quota - used.total),
        tiers=[
            TierQuota(
                tier=Tier.of(product),
                used=used.of(product),
                limit=plan.quota(product),
                left=used.left(plan, product),
            )
            for product in plan.products
        ],
        resets_at=shown.resets_at,
    )


def ledger_body(statement: Statement) -> LedgerPage:
    """What GET /credits/ledger answers."""
    return LedgerPage(entries=list(map(_line, statement.lines)), next_cursor=statement.cursor)


def tier_of(entry: Entry) -> Tier | None:
    """The tier that an entry is about, if it is about one of the remover's."""
    return Tier.of(entry.product) if entry.product and entry.app == APP else None


def _line(line: Line) -> LedgerLine:
    entry = line.entry
    return LedgerLine(
        balance_after=line.balance_after,
        tier=tier_of(entry),
        paid_by_plan=entry.on_plan,
        **entry.model_dump(),
    )


def stats_body(found: Statistics) -> Stats:
    """What GET /stats answers."""
    return Stats(
        total=figures_body(found.total),
        tiers=[_of_tier(tier, found.of_product(tier.product)) for tier in Tier],
        months=[
            MonthFigures(
                month=month,
                tiers=[
                    _of_tier(tier, products[tier.product])
                    for tier in Tier
                    if tier.product in products
                ],
                **figures_body(found.of_month(month)).model_dump(),
            )
            for month, products in found.months.items()
        ],
        complete=found.is_complete,
    )


def _of_tier(tier: Tier, figures: Figures) -> TierFigures:
    return TierFigures(tier=tier, **figures_body(figures).model_dump())
