"""Daily quotas of subscriptions, and the choice between a plan and credits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from lumiku.domain.money.plans import Plan
from lumiku.domain.money.products import own_name
from lumiku.domain.money.refusals import NoSubscription, ProductNotInPlan, QuotaExceeded
from lumiku.domain.money.subscriptions import Subscription


class Payment(StrEnum):
    """How a client wants to pay."""

    AUTO = "auto"
    CREDITS = "credits"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a user took from a plan on one UTC day; by the products' own names."""

    total: int = 0
    by_name: Mapping[str, int] = field(default_factory=dict)

    def of(self, product: str) -> int:
        """Photos of `product` that were taken."""
        return self.by_name.get(own_name(product), 0)

    def left(self, plan: Plan, product: str) -> int:
        """Photos of `product` that the plan still gives that day."""
        left_of_product = plan.quota(product) - self.of(product)
        return max(0, min(left_of_product, plan.daily_quota - self.total))


@dataclass(frozen=True, slots=True)
class Reservation:
    """`photos` of one product, taken from the quota of `day`; released to that same day."""

    user_id: str
    app: str
    day: str
    product: str
    photos: int


def quota_day(now: datetime) -> str:
    """The UTC day, `2026-01-31`."""
    return f"{now.astimezone(UTC):%Y-%m-%d}"


def resets_at(now: datetime) -> datetime:
    """The next midnight, UTC."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def covering_plan(
    subscription: Subscription | None,
    usage: Usage,
    *,
    payment: Payment,
    product: str,
    photos: int,
    now: datetime,
) -> Plan | None:
    """The plan that takes these photos whole; None when credits pay.

    With `payment` "subscription" the reason why not is raised instead: `NoSubscription`,
    `ProductNotInPlan` or `QuotaExceeded`.
    """
    if payment is Payment.CREDITS:
        return None
    refusal: NoSubscription | ProductNotInPlan | QuotaExceeded
    if subscription is None or not subscription.is_usable(now):
        refusal = NoSubscription()
    elif product not in subscription.plan.products:
        refusal = ProductNotInPlan(
            product=own_name(product),
            plan=subscription.plan_name,
            allowed=list(map(own_name, subscription.plan.products)),
        )
    elif usage.left(subscription.plan, product) < photos:
        refusal = quota_exceeded(usage.left(subscription.plan, product), photos, now)
    else:
        return subscription.plan
    if payment is Payment.SUBSCRIPTION:
        raise refusal
    return None


def quota_exceeded(left: int, photos: int, now: datetime) -> QuotaExceeded:
    """The refusal of photos that do not fit what is left of the day."""
    resets = resets_at(now)
    return QuotaExceeded(
        needed=photos,
        available=left,
        resets_at=resets,
        retry_after_s=max(1, int((resets - now).total_seconds())),
    )
