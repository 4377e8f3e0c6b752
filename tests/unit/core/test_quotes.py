"""What plans are worth, and what an order would cost today."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.apps.remover.plans import (
    DAYS_PER_MONTH,
    PLANS,
    PlanName,
    break_even_photos,
    monthly_saving_idr,
    roi_percent,
)
from lumiku.apps.remover.prices import APP, Tier, price
from lumiku.apps.remover.pricing import cover, credits_due, plan_values
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Payment, Usage
from lumiku.domain.money.subscriptions import Subscription

NOW = datetime(2026, 11, 21, 23, 59, 59, 999000, tzinfo=UTC)
STARTER, PRO = PLANS[PlanName.STARTER], PLANS[PlanName.PRO]


def subscribed(plan: PlanName, **changes: object) -> Subscription:
    subscription = Subscription(
        user_id="u1",
        app=APP,
        plan_name=plan,
        plan=PLANS[plan],
        subscribed_at=NOW,
        period_start=NOW,
        period_end=NOW + timedelta(days=30),
    )
    return subscription.model_copy(update=changes)


@pytest.mark.parametrize(
    ("plan", "tier", "photos", "break_even"),
    [
        (STARTER, Tier.BASIC, 1, 330),
        (STARTER, Tier.STANDARD, 1, 124),  # 99,000 / 800 = 123.75
        (STARTER, Tier.STANDARD, 50, 131),  # 99,000 * 50 / 38,000 = 130.26
        (STARTER, Tier.STANDARD, 51, None),
        (STARTER, Tier.PROFESSIONAL, 1, None),
        (PRO, Tier.BASIC, 1, 997),  # 996.67
        (PRO, Tier.STANDARD, 1, 374),  # 373.75
        (PRO, Tier.PROFESSIONAL, 1, 200),  # 199.33
        (PRO, Tier.PROFESSIONAL, 50, 210),  # 299,000 * 50 / 71,300 = 209.68
        (PRO, Tier.PROFESSIONAL, 51, None),
        (PRO, Tier.STANDARD, 200, 440),  # 299,000 * 200 / 136,000 = 439.7
        (PRO, Tier.INDUSTRY, 1, None),
    ],
)
def test_the_break_even(plan: Plan, tier: Tier, photos: int, break_even: int | None) -> None:
    assert break_even_photos(plan, price(tier, photos)) == break_even


@pytest.mark.parametrize(
    ("plan", "tier", "photos", "a_month", "saving", "roi"),
    [
        (STARTER, Tier.STANDARD, 1, 123, -600, -1),
        (STARTER, Tier.STANDARD, 1, 124, 200, 0),
        (STARTER, Tier.STANDARD, 1, 1500, 1_101_000, 1112),
        (STARTER, Tier.STANDARD, 1, 1501, None, None),
        (STARTER, Tier.BASIC, 1, 0, -99_000, -100),
        (PRO, Tier.STANDARD, 1, 6000, 4_501_000, 1505),
        (PRO, Tier.STANDARD, 100, 6000, 4_021_000, 1344),  # 60 orders of 72,000
        (PRO, Tier.PROFESSIONAL, 1, 1250, 1_576_000, 527),
        (PRO, Tier.PROFESSIONAL, 1, 1501, None, None),
        (PRO, Tier.INDUSTRY, 1, 10, None, None),
        (PRO, Tier.STANDARD, 201, 10, None, None),
    ],
)
def test_saving_and_return(
    plan: Plan, tier: Tier, photos: int, a_month: int, saving: int | None, roi: int | None
) -> None:
    found = monthly_saving_idr(plan, price(tier, photos), a_month)

    assert found == saving
    assert (None if found is None else roi_percent(plan, found)) == roi


plans = st.sampled_from([STARTER, PRO])
tiers = st.sampled_from(Tier)


@given(plans, tiers, st.integers(1, 500))
def test_the_break_even_is_where_the_saving_begins(plan: Plan, tier: Tier, photos: int) -> None:
    order = price(tier, photos)
    least = break_even_photos(plan, order)

    if least is None:
        assert photos > plan.quota(tier.product)
        assert monthly_saving_idr(plan, order, 1) is None
    else:
        assert least <= plan.quota(tier.product) * DAYS_PER_MONTH
        before = monthly_saving_idr(plan, order, least - 1)
        at = monthly_saving_idr(plan, order, least)
        assert before is not None
        assert at is not None
        assert before < 0 <= at
        assert roi_percent(plan, before) < 0 <= roi_percent(plan, at)


@given(plans, tiers, st.integers(1, 500), st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_photos_save_more(plan: Plan, tier: Tier, photos: int, some: int, other: int) -> None:
    few, many = sorted((some, other))
    less = monthly_saving_idr(plan, price(tier, photos), few)
    more = monthly_saving_idr(plan, price(tier, photos), many)
    if more is not None:
        assert less is not None
        assert less <= more


def test_plans_are_compared_cheapest_first() -> None:
    values = plan_values(price(Tier.PROFESSIONAL, 1), 1250)

    assert [value.plan.name for value in values] == [PlanName.STARTER, PlanName.PRO]
    assert [value.includes_tier for value in values] == [False, True]
    assert [value.saving_idr for value in values] == [None, 1_576_000]
    assert [v.saving_idr for v in plan_values(price(Tier.BASIC, 1), None)] == [None, None]


PENDING = subscribed(PlanName.PRO, period_start=None, period_end=None)
OVER = subscribed(PlanName.PRO, period_end=NOW - timedelta(days=3))
CANCELLED = subscribed(PlanName.PRO, auto_renew=False)


@pytest.mark.parametrize(
    ("subscription", "usage", "tier", "photos", "reason", "left"),
    [
        (None, Usage(), Tier.BASIC, 1, "no_subscription", None),
        (PENDING, Usage(), Tier.BASIC, 1, "no_subscription", None),
        (OVER, Usage(), Tier.BASIC, 1, "no_subscription", None),
        (CANCELLED, Usage(), Tier.BASIC, 200, None, 200),
        (subscribed(PlanName.STARTER), Usage(), Tier.PROFESSIONAL, 1, "tier_not_in_plan", 0),
        (subscribed(PlanName.STARTER), Usage(49), Tier.STANDARD, 1, None, 1),
        (subscribed(PlanName.STARTER), Usage(49), Tier.STANDARD, 2, "quota_exceeded", 1),
        (subscribed(PlanName.PRO), Usage(), Tier.BASIC, 201, "quota_exceeded", 200),
        (
            subscribed(PlanName.PRO),
            Usage(60, {Tier.PROFESSIONAL: 40}),
            Tier.PROFESSIONAL,
            11,
            "quota_exceeded",
            10,
        ),
        (
            subscribed(PlanName.PRO),
            Usage(195, {Tier.PROFESSIONAL: 5}),
            Tier.PROFESSIONAL,
            5,
            None,
            5,
        ),
    ],
)
def test_a_plan_takes_an_order_whole_or_not_at_all(
    subscription: Subscription | None,
    usage: Usage,
    tier: Tier,
    photos: int,
    reason: str | None,
    left: int | None,
) -> None:
    found = cover(subscription, usage, tier=tier, photos=photos, now=NOW)

    assert (found.is_covered, found.reason, found.quota_left) == (reason is None, reason, left)


def test_what_is_due_follows_from_how_it_shall_be_paid() -> None:
    order = price(Tier.BASIC, 20)
    covered = cover(subscribed(PlanName.PRO), Usage(), tier=Tier.BASIC, photos=20, now=NOW)
    missing = cover(None, Usage(), tier=Tier.BASIC, photos=20, now=NOW)

    assert credits_due(order, covered, Payment.AUTO) == 0
    assert credits_due(order, covered, Payment.SUBSCRIPTION) == 0
    assert credits_due(order, covered, Payment.CREDITS) == 57
    assert credits_due(order, missing, Payment.AUTO) == 57
    assert credits_due(order, missing, Payment.CREDITS) == 57
    assert credits_due(order, missing, Payment.SUBSCRIPTION) is None
