"""JSON of what administrators see: accounts, and the business by the remover's tiers."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from lumiku.apps.remover.http.credits import tier_of
from lumiku.apps.remover.plans import PlanName
from lumiku.apps.remover.prices import Tier
from lumiku.domain.instant import Instant
from lumiku.domain.money.business import Business, Produced
from lumiku.domain.money.costs import rupiah
from lumiku.domain.money.invoices import Purpose
from lumiku.domain.money.ledger import IDR_PER_CREDIT, EntryKind
from lumiku.domain.money.statistics import Figures, month_start
from lumiku.domain.money.subscriptions import SubscriptionStatus
from lumiku.domain.texts import Language
from lumiku.http.bodies import Body
from lumiku.http.money.figures import Margin, Share, margin, share
from lumiku.http.people.admin import LimitsInForce, limits_in_force
from lumiku.services.people.administration import Finding

TOP_USERS = 10


class EntryBody(Body):
    """One movement of credits."""

    kind: EntryKind
    amount: int
    reference: str
    tier: Tier | None
    photos: int
    paid_by_plan: bool
    note: str | None
    at: Instant


class PlanOfAccount(Body):
    """A subscription and what was used of it today."""

    name: PlanName
    status: SubscriptionStatus
    period_end: Instant | None
    used_today: int


class FoundAccount(Body):
    """Somebody's account. `status` is the user pool's."""

    user_id: str
    email: str | None
    status: str
    enabled: bool
    since: Instant
    language: Language
    balance: int
    limits: LimitsInForce
    plan: PlanOfAccount | None
    entries: list[EntryBody] = Field(description="The newest ones, newest first")


class Revenue(Body):
    """Rupiah that came in."""

    topups_idr: int
    subscriptions_idr: int = Field(description="Upgrades among them")
    total_idr: int


class CreditsIn(Body):
    """Credits that entered accounts, by how."""

    bought: int
    granted: int
    monthly: int
    with_plans: int
    expired: int


class TierShare(Share, Margin):
    """One tier. Its costs are those of the photos that were completed."""

    tier: Tier


class RouteShare(Margin):
    """One entry of the routes: `local`, or a provider's model. Photos are those it completed."""

    value_idr: int = Field(
        description="A photo of a batch counts with its share of the order's price, which the"
        " settlement of the batch may change; the tiers' follow the settlement"
    )
    entry: str
    photos: int


class TopUser(Body):
    """One of those who used most credits; exact up to 1,000 users a day."""

    user_id: str
    email: str | None
    photos: int
    credits: int


class BusinessBody(Body):
    """One UTC month, up to now."""

    month: str
    revenue: Revenue
    credits: CreditsIn
    total: Share
    tiers: list[TierShare]
    routes: list[RouteShare] = Field(description="Most photos first")
    top_users: list[TopUser]


def found_account(found: Finding) -> FoundAccount:
    """An account as administrators see it."""
    account, subscription = found.wallet.account, found.wallet.subscription
    return FoundAccount(
        user_id=found.person.user_id,
        email=found.person.email,
        status=found.person.status,
        enabled=found.person.is_enabled,
        since=found.person.since,
        language=account.language,
        balance=account.spendable(found.now),
        limits=limits_in_force(account),
        plan=PlanOfAccount(
            name=PlanName(subscription.plan_name),
            status=subscription.status(found.now),
            period_end=subscription.period_end,
            used_today=found.wallet.usage.total,
        )
        if subscription
        else None,
        entries=[
            EntryBody(tier=tier_of(entry), paid_by_plan=entry.on_plan, **entry.model_dump())
            for entry in found.entries
        ],
    )


def business_body(month: str, figures: Business, emails: Mapping[str, str | None]) -> BusinessBody:
    """What GET /admin/overview answers; `emails` by user, of the top users."""
    bought, given = figures.receipts_idr, figures.credits_in
    topups = bought.get(Purpose.TOPUP, 0)
    day = month_start(month).date()
    return BusinessBody(
        month=month,
        revenue=Revenue(
            topups_idr=topups,
            subscriptions_idr=figures.revenue_idr - topups,
            total_idr=figures.revenue_idr,
        ),
        credits=CreditsIn(
            bought=given.get(EntryKind.TOPUP, 0),
            granted=given.get(EntryKind.GRANT, 0),
            monthly=given.get(EntryKind.MONTHLY, 0),
            with_plans=given.get(EntryKind.PLAN, 0),
            expired=-given.get(EntryKind.EXPIRY, 0),
        ),
        total=share(figures.total),
        tiers=[_tier_share(tier, figures, day) for tier in Tier],
        routes=[
            _route_share(entry, route, day)
            for entry, route in sorted(
                figures.routes.items(), key=lambda item: (-item[1].photos, item[0])
            )
        ],
        top_users=[
            TopUser(
                user_id=user_id,
                email=emails.get(user_id),
                photos=use.photos,
                credits=use.credits,
            )
            for user_id, use in figures.top_users(TOP_USERS)
        ],
    )


def _tier_share(tier: Tier, figures: Business, day: date) -> TierShare:
    cost = rupiah(figures.microusd.get(tier.product, 0), day)
    return TierShare(
        tier=tier,
        **margin(figures.value_idr(tier.product), cost).model_dump(),
        **share(figures.products.get(tier.product, Figures())).model_dump(),
    )


def _route_share(entry: str, route: Produced, day: date) -> RouteShare:
    made = margin(route.credits * IDR_PER_CREDIT, rupiah(route.microusd, day))
    return RouteShare(entry=entry, photos=route.photos, **made.model_dump())
