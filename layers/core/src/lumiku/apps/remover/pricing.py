"""What an order would cost right now, and what a plan would be worth to whoever places it."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.remover import prices as pricing
from lumiku.apps.remover.plans import PLANS, break_even_photos, monthly_saving_idr, roi_percent
from lumiku.apps.remover.prices import APP, Price, Tier
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Payment, Usage, covering_plan, quota_day, resets_at
from lumiku.domain.money.refusals import NoSubscription, ProductNotInPlan, QuotaExceeded
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Wallets


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether the caller's plan takes an order whole today.

    `reason` is the code of the refusal when it does not; `quota_left` counts photos of the tier
    (None without a usable plan).
    """

    plan: Plan | None
    reason: str | None
    quota_left: int | None

    @property
    def is_covered(self) -> bool:
        """The plan pays."""
        return self.plan is not None


def cover(
    subscription: Subscription | None, usage: Usage, *, tier: Tier, photos: int, now: datetime
) -> Cover:
    """Ask the plan as a submission would."""
    usable = subscription if subscription and subscription.is_usable(now) else None
    left = usage.left(usable.plan, tier.product) if usable else None
    try:
        plan = covering_plan(
            subscription,
            usage,
            payment=Payment.SUBSCRIPTION,
            product=tier.product,
            photos=photos,
            now=now,
        )
    except (NoSubscription, ProductNotInPlan, QuotaExceeded) as refusal:
        return Cover(None, refusal.code, left)
    return Cover(plan, None, left)


def credits_due(price: Price, covered: Cover, payment: Payment) -> int | None:
    """Credits that the order takes when it is paid as asked; None if it would be refused."""
    if covered.is_covered and payment is not Payment.CREDITS:
        return 0
    return None if payment is Payment.SUBSCRIPTION else price.total


@dataclass(frozen=True, slots=True)
class PlanValue:
    """A plan against credits, for orders of one size and tier.

    Saving and return are None when no number of photos a month was given, or when the plan cannot
    take them.
    """

    plan: Plan
    includes_tier: bool
    break_even_photos: int | None
    saving_idr: int | None
    roi_percent: int | None


def plan_values(price: Price, photos_a_month: int | None) -> list[PlanValue]:
    """Every plan that can be bought, the cheapest first."""
    return [_value(plan, price, photos_a_month) for plan in PLANS.values()]


def _value(plan: Plan, price: Price, photos_a_month: int | None) -> PlanValue:
    saving = None
    if photos_a_month is not None:
        saving = monthly_saving_idr(plan, price, photos_a_month)
    return PlanValue(
        plan=plan,
        includes_tier=price.tier.product in plan.products,
        break_even_photos=break_even_photos(plan, price),
        saving_idr=saving,
        roi_percent=None if saving is None else roi_percent(plan, saving),
    )


@dataclass(frozen=True, slots=True)
class Intent:
    """Photos of one tier that somebody thinks of sending at once, so many a month."""

    tier: Tier
    photos: int
    payment: Payment = Payment.AUTO
    photos_a_month: int | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What an order costs. `credits` is what it would take now, None if it would be refused."""

    price: Price
    cover: Cover
    credits: int | None
    balance: int
    resets_at: datetime
    plans: list[PlanValue]


@dataclass(frozen=True, slots=True)
class Pricing:
    """The use case of POST /pricing/calculate; it changes nothing."""

    wallets: Wallets
    clock: Clock

    def quote(self, caller: Caller, order: Intent) -> Quote:
        """Price the order as a submission of this moment would; `InvalidRequest` beyond 1-500."""
        price = pricing.price(order.tier, order.photos)
        now = self.clock()
        wallet = self.wallets.wallet(caller.account, app=APP, day=quota_day(now))
        covered = cover(
            wallet.subscription, wallet.usage, tier=order.tier, photos=order.photos, now=now
        )
        return Quote(
            price=price,
            cover=covered,
            credits=credits_due(price, covered, order.payment),
            balance=wallet.account.available(now),
            resets_at=resets_at(now),
            plans=plan_values(price, order.photos_a_month),
        )
