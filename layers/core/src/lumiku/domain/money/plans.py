"""Subscription plans of the background remover, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lumiku.apps.remover.prices import Price, Tier

REMOVER = "background-remover"
DAYS_PER_MONTH = 30


class PlanName(StrEnum):
    """Plans that can be bought."""

    STARTER = "starter"
    PRO = "pro"


@dataclass(frozen=True, slots=True)
class Plan:
    """A monthly plan: so many photos a UTC day, of these tiers.

    `tier_quotas` holds the tiers of which only a part of the daily quota may be used.
    """

    name: PlanName
    monthly_idr: int
    daily_quota: int
    tiers: tuple[Tier, ...]
    tier_quotas: Mapping[Tier, int]
    has_priority: bool

    def tier_quota(self, tier: Tier) -> int:
        """Photos of `tier` that may be used a day; 0 if the plan does not have the tier."""
        if tier not in self.tiers:
            return 0
        return self.tier_quotas.get(tier, self.daily_quota)


PLANS = {
    PlanName.STARTER: Plan(
        name=PlanName.STARTER,
        monthly_idr=99_000,
        daily_quota=50,
        tiers=(Tier.BASIC, Tier.STANDARD),
        tier_quotas={},
        has_priority=False,
    ),
    PlanName.PRO: Plan(
        name=PlanName.PRO,
        monthly_idr=299_000,
        daily_quota=200,
        tiers=(Tier.BASIC, Tier.STANDARD, Tier.PROFESSIONAL),
        tier_quotas={Tier.PROFESSIONAL: 50},
        has_priority=True,
    ),
}


def break_even_photos(plan: Plan, price: Price) -> int | None:
    """Photos a month from which `plan` is no dearer than credits, in orders like `price`.

    None when the plan never takes such an order: it lacks the tier, or the order is larger than
    the quota of a day.
    """
    if price.photos > plan.tier_quota(price.tier):
        return None
    return -(-plan.monthly_idr * price.photos // price.idr)


def monthly_saving_idr(plan: Plan, price: Price, photos_a_month: int) -> int | None:
    """Rupiah that `plan` saves a month against credits, in orders like `price`.

    Negative when the plan costs more. None when it never takes such an order, or when so many
    photos exceed its quota even if they are spread over 30 days.
    """
    quota = plan.tier_quota(price.tier)
    if price.photos > quota or photos_a_month > quota * DAYS_PER_MONTH:
        return None
    return photos_a_month * price.idr // price.photos - plan.monthly_idr


def roi_percent(plan: Plan, saving_idr: int) -> int:
    """What the plan's price brings back on top of itself: 0 at the break-even, rounded down."""
    return saving_idr * 100 // plan.monthly_idr
