"""Daily quotas of subscriptions, and the choice between a plan and credits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import NoSubscription, QuotaExceeded, TierNotInPlan
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.subscriptions import Subscription


class Payment(StrEnum):
    """How a client wants to pay."""

    AUTO = "auto"
    CREDITS = "credits"
    SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a user took from a plan on one UTC day."""

    total: int = 0
    by_tier: Mapping[Tier, int] = field(default_factory=dict)

    def left(self, plan: Plan, tier: Tier) -> int:
        """Photos of `tier` that the plan still gives that day."""
        of_tier = plan.tier_quota(tier) - self.by_tier.get(tier, 0)
        return max(0, min(of_tier, plan.daily_quota - self.total))


@dataclass(frozen=True, slots=True)
class Reservation:
    """`photos` of one tier, taken from the quota of `day`; released to that same day."""

    user_id: str
    app: str
    day: str
    tier: Tier
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
    tier: Tier,
    photos: int,
    now: datetime,
) -> Plan | None:
    """The plan that takes these photos whole; None when credits pay.

    With `payment` "subscription" the reason why not is raised instead: `NoSubscription`,
    `TierNotInPlan` or `QuotaExceeded`.
    """
    if payment is Payment.CREDITS:
        return None
    refusal: NoSubscription | TierNotInPlan | QuotaExceeded
    if subscription is None or not subscription.is_usable(now):
        refusal = NoSubscription()
    elif tier not in subscription.plan.tiers:
        refusal = TierNotInPlan(
            tier=tier, plan=subscription.plan_name, allowed=list(subscription.plan.tiers)
        )
    elif usage.left(subscription.plan, tier) < photos:
        refusal = quota_exceeded(usage.left(subscription.plan, tier), photos, now)
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
