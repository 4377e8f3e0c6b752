"""Subscription plans of the background remover, as data, and what they are worth."""

from enum import StrEnum

from lumiku.apps.remover.prices import Price, Tier
from lumiku.domain.money.plans import Plan

DAYS_PER_MONTH = 30


class PlanName(StrEnum):
    """Plans that can be bought."""

    STARTER = "starter"
    PRO = "pro"


PLANS: dict[str, Plan] = {
    PlanName.STARTER: Plan(
        name=PlanName.STARTER,
        monthly_idr=99_000,
        daily_quota=50,
        products=(Tier.BASIC.product, Tier.STANDARD.product),
        product_quotas={},
        has_priority=False,
    ),
    PlanName.PRO: Plan(
        name=PlanName.PRO,
        monthly_idr=299_000,
        daily_quota=200,
        products=(Tier.BASIC.product, Tier.STANDARD.product, Tier.PROFESSIONAL.product),
        product_quotas={Tier.PROFESSIONAL.product: 50},
        has_priority=True,
    ),
}


def break_even_photos(plan: Plan, price: Price) -> int | None:
    """Photos a month from which `plan` is no dearer than credits, in orders like `price`.

    None when the plan never takes such an order: it lacks the tier, or the order is larger than
    the quota of a day.
    """
    if price.photos > plan.quota(price.tier.product):
        return None
    return -(-plan.monthly_idr * price.photos // price.idr)


def monthly_saving_idr(plan: Plan, price: Price, photos_a_month: int) -> int | None:
    """Rupiah that `plan` saves a month against credits, in orders like `price`.

    Negative when the plan costs more. None when it never takes such an order, or when so many
    photos exceed its quota even if they are spread over 30 days.
    """
    quota = plan.quota(price.tier.product)
    if price.photos > quota or photos_a_month > quota * DAYS_PER_MONTH:
        return None
    return photos_a_month * price.idr // price.photos - plan.monthly_idr


def roi_percent(plan: Plan, saving_idr: int) -> int:
    """What the plan's price brings back on top of itself: 0 at the break-even, rounded down."""
    return saving_idr * 100 // plan.monthly_idr
