"""What each plan of the studio allows, gate by gate."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from lumiku.apps.studio.plans import (
    GATES,
    IDR_PER_CREDIT,
    PLANS,
    RENDERINGS,
    Gate,
    Need,
    StudioPlanName,
    missing,
    plan_of,
)
from lumiku.apps.studio.prices import APP, Feature
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.quotas import Usage
from lumiku.domain.money.subscriptions import Subscription
from lumiku.domain.money.wallets import Wallet

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FREE, PAYG, PROFESSIONAL, PREMIUM = StudioPlanName
ENGLISH = re.compile(r"\b(the|of|own|for|exports|photos)\b")


@pytest.mark.parametrize(
    ("need", "least"),
    [
        *((Need(Gate.FEATURE, feature), plan) for feature, plan in [
            (Feature.BACKGROUND_REMOVAL, FREE),
            (Feature.SOLID_BACKGROUND, PAYG),
            (Feature.TEMPLATE_BACKGROUND, PAYG),
            (Feature.AI_BACKGROUND, PROFESSIONAL),
            (Feature.AI_COMPLEX_BACKGROUND, PREMIUM),
            (Feature.AUTO_LIGHTING, PAYG),
            (Feature.LIGHTING, PROFESSIONAL),
            (Feature.NATURAL_SHADOW, PAYG),
            (Feature.DROP_SHADOW, FREE),
            (Feature.REFLECTION, PROFESSIONAL),
            (Feature.UPSCALE_2X, PREMIUM),
            (Feature.UPSCALE_4X, PREMIUM),
            (Feature.CAROUSEL, PAYG),
            (Feature.TEMPLATE, FREE),
        ]),
        (Need(Gate.REMOVAL_SIDE_PX, 1024), FREE),
        (Need(Gate.REMOVAL_SIDE_PX, 1025), PAYG),
        (Need(Gate.REMOVAL_SIDE_PX, 4096), PAYG),
        (Need(Gate.REMOVAL_SIDE_PX, 4097), PREMIUM),
        (Need(Gate.TEMPLATE, 10), FREE),
        (Need(Gate.TEMPLATE, 11), PAYG),
        (Need(Gate.TEMPLATE, 31), PROFESSIONAL),
        (Need(Gate.TEMPLATE, 51), PREMIUM),
        (Need(Gate.OWN_TEMPLATES), PREMIUM),
        (Need(Gate.BATCH, 2), PAYG),
        (Need(Gate.BATCH, 20), PAYG),
        (Need(Gate.BATCH, 21), PROFESSIONAL),
        (Need(Gate.BATCH, 51), PREMIUM),
        (Need(Gate.BATCH, 100), PREMIUM),
        (Need(Gate.BATCH, 101), None),
        (Need(Gate.FORMAT, "png"), FREE),
        (Need(Gate.FORMAT, "jpeg"), PAYG),
        (Need(Gate.FORMAT, "webp"), PROFESSIONAL),
        (Need(Gate.ZIP_FORMATS, 1), PAYG),
        (Need(Gate.ZIP_FORMATS, 2), PROFESSIONAL),
        (Need(Gate.CUSTOM_SIZE), PREMIUM),
        (Need(Gate.PLATFORMS, 0), FREE),
        (Need(Gate.PLATFORMS, 1), PAYG),
        (Need(Gate.PLATFORMS, 2), PROFESSIONAL),
        (Need(Gate.PLATFORMS, 4), PREMIUM),
        (Need(Gate.OWN_MARK), PREMIUM),
        (Need(Gate.OWN_BRAND), PREMIUM),
        (Need(Gate.HANDOVER, "manual"), PAYG),
        (Need(Gate.HANDOVER, "one-click"), PROFESSIONAL),
        (Need(Gate.HANDOVER, "api"), PREMIUM),
    ],
    ids=lambda given: f"{given.gate} {given.wanted}" if isinstance(given, Need) else given,
)  # fmt: skip
def test_a_gate_refuses_below_a_plan_and_names_that_plan(
    need: Need, least: StudioPlanName | None
) -> None:
    has = [*StudioPlanName][list(StudioPlanName).index(least) :] if least else []

    for plan in StudioPlanName:
        refusal = missing(plan, [need])
        assert (refusal is None) is (plan in has)
        if refusal is None:
            continue
        assert refusal.facts == {"plan": plan, "missing": [need.text], "availableIn": least}
        for told in (refusal.detail, need.text):
            assert told.en != told.id
            assert not ENGLISH.search(told.id)
            assert re.findall(r"\d+", told.en) == re.findall(r"\d+", told.id)


def test_all_that_is_missing_is_told_at_once_with_the_plan_that_has_it_all() -> None:
    needs = [
        Need(Gate.FEATURE, Feature.REFLECTION),
        Need(Gate.FEATURE, Feature.AI_COMPLEX_BACKGROUND),
        Need(Gate.FEATURE, Feature.BACKGROUND_REMOVAL),
    ]

    refusal = missing(PAYG, needs)

    assert refusal is not None
    assert refusal.available_in == PREMIUM
    assert str(refusal) == (
        "The plan payg does not have: the reflection, complex generated backgrounds. Premium has."
    )
    assert refusal.detail.id == (
        "Paket payg tidak mencakup: bayangan pantulan, latar buatan AI kompleks."
        " Paket premium mencakupnya."
    )


def test_every_plan_says_something_of_every_gate() -> None:
    assert GATES.keys() == RENDERINGS.keys() == IDR_PER_CREDIT.keys() == set(StudioPlanName)
    assert all(gates.keys() == set(Gate) for gates in GATES.values())


def test_what_a_plan_costs_and_brings() -> None:
    listed = [(p.name, p.idr_per_credit, p.monthly_credits, p.monthly_idr) for p in PLANS.values()]

    assert listed == [("professional", 80, 500, 40_000), ("premium", 60, 2000, 120_000)]
    assert IDR_PER_CREDIT == {FREE: 200, PAYG: 100, PROFESSIONAL: 80, PREMIUM: 60}


def test_quality_and_mark_by_plan() -> None:
    assert [RENDERINGS[plan].quality for plan in StudioPlanName] == [
        *("basic", "standard", "standard", "professional")
    ]
    assert [RENDERINGS[plan].is_marked for plan in StudioPlanName] == [True, False, False, False]
    assert [RENDERINGS[plan].free_upscalings for plan in StudioPlanName] == [0, 0, 0, 100]


@pytest.mark.parametrize(
    ("ends_in", "renews", "topped_up", "plan"),
    [
        (None, True, False, FREE),
        (None, True, True, PAYG),
        (timedelta(days=1), True, False, PREMIUM),
        (timedelta(days=1), False, False, PREMIUM),
        (timedelta(days=-2), True, True, PREMIUM),
        (timedelta(days=-2), False, True, PAYG),
        (timedelta(days=-4), True, False, FREE),
    ],
)
def test_the_plan_is_what_is_paid_for_else_what_the_first_top_up_made_it(
    ends_in: timedelta | None, renews: bool, topped_up: bool, plan: StudioPlanName
) -> None:
    subscription = ends_in and Subscription(
        user_id="u1",
        app=APP,
        plan_name=PREMIUM,
        plan=PLANS[PREMIUM],
        subscribed_at=NOW,
        period_start=NOW + ends_in - timedelta(days=30),
        period_end=NOW + ends_in,
        auto_renew=renews,
    )

    assert plan_of(Wallet(Account(topped_up=topped_up), subscription or None, Usage()), NOW) is plan
