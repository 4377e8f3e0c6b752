"""POST /pricing/calculate: prices in the sources' figures, on the caller's plan, against plans."""

from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_ALIAS, REMOVER_PREFIX
from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP, Tier
from lumiku.domain.money.quotas import Reservation, quota_day
from lumiku.domain.money.subscriptions import Subscription
from lumiku.services.clock import utc_now
from lumiku.services.transactions import ReserveQuota, SaveSubscription
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER

CALCULATE = f"{REMOVER_PREFIX}/pricing/calculate"


def subscribe(api: Api, plan: PlanName, *, used: int = 0, **changes: Any) -> Subscription:
    """Give the seller a plan of which today so many standard photos were used."""
    now = utc_now()
    subscription = Subscription(
        user_id=SELLER,
        app=APP,
        plan_name=plan,
        plan=PLANS[plan],
        subscribed_at=now,
        period_start=now,
        period_end=now + timedelta(days=30),
    ).model_copy(update=changes)
    api.stack.transactions.commit(SaveSubscription(subscription))
    if used:
        taken = Reservation(SELLER, APP, quota_day(now), Tier.STANDARD.product, used)
        api.stack.transactions.commit(ReserveQuota(taken, subscription.plan))
    return subscription


@pytest.mark.parametrize("path", [CALCULATE, f"{REMOVER_ALIAS}/pricing/calculate"])
@pytest.mark.parametrize("count", ["imageCount", "photos"])
def test_a_batch_is_priced_in_the_documented_figures(api: Api, path: str, count: str) -> None:
    api.stack.open_account(SELLER, 2000)

    got = api.post(path, {"tier": "professional", count: 150})

    data = got.data
    today, plans = data.pop("today"), data.pop("plans")
    assert got.status == 200
    assert data == {
        "tier": "professional",
        "imageCount": 150,
        "baseCreditsPerImage": 15,
        "baseTotal": 2250,
        "discountPercentage": 15,
        "discountAmount": 337,
        "finalTotal": 1913,
        "creditsPerImageAfterDiscount": 12.75,
        "idrPerCredit": 100,
        "idr": 191_300,
    }
    assert today.pop("resetsAt").endswith("T00:00:00.000Z")
    assert today == {
        "covered": False,
        "reason": "no_subscription",
        "plan": None,
        "quotaLeft": None,
        "pricingType": "credits",
        "credits": 1913,
        "balance": 2000,
        "affordable": True,
    }
    assert [plan["name"] for plan in plans] == ["starter", "pro"]
    assert [plan["breakEvenImages"] for plan in plans] == [None, None]


def test_plans_are_weighed_against_credits(api: Api) -> None:
    got = api.post(CALCULATE, {"tier": "standard", "imageCount": 1, "imagesPerMonth": 1500})

    assert got.data["plans"] == [
        {
            "name": "starter",
            "monthlyPriceIdr": 99_000,
            "includesTier": True,
            "breakEvenImages": 124,
            "monthlySavingIdr": 1_101_000,
            "roiPercent": 1112,
        },
        {
            "name": "pro",
            "monthlyPriceIdr": 299_000,
            "includesTier": True,
            "breakEvenImages": 374,
            "monthlySavingIdr": 901_000,
            "roiPercent": 301,
        },
    ]


def today(api: Api, **asked: Any) -> Any:
    return api.post(CALCULATE, {"tier": "standard", "imageCount": 1, **asked}).data["today"]


def test_a_plan_takes_an_order_whole_or_credits_pay_for_all_of_it(api: Api) -> None:
    api.stack.open_account(SELLER, 10)
    subscribe(api, PlanName.STARTER, used=48)

    one, two, three = (today(api, imageCount=count) for count in (1, 2, 3))

    assert (one["covered"], one["credits"], one["pricingType"]) == (True, 0, "subscription")
    assert (two["covered"], two["credits"], two["plan"]) == (True, 0, "starter")
    assert (three["covered"], three["credits"], three["pricingType"]) == (False, 24, "credits")
    assert (three["reason"], three["quotaLeft"]) == ("quota_exceeded", 2)
    assert [two["affordable"], three["affordable"]] == [True, False]


def test_the_way_to_pay_is_as_asked(api: Api) -> None:
    api.stack.open_account(SELLER, 10)
    subscribe(api, PlanName.STARTER)

    by_credits = today(api, payment="credits")
    by_plan = today(api, payment="subscription", tier="industry")

    assert (by_credits["covered"], by_credits["credits"]) == (True, 8)
    assert by_credits["pricingType"] == "credits"
    assert (by_plan["covered"], by_plan["credits"], by_plan["pricingType"]) == (False, None, None)
    assert (by_plan["reason"], by_plan["affordable"]) == ("tier_not_in_plan", False)


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({"auto_renew": False}, True),
        ({"period_end": utc_now() - timedelta(days=2)}, True),
        ({"period_end": utc_now() - timedelta(days=4)}, False),
        ({"period_end": utc_now() - timedelta(seconds=1), "auto_renew": False}, False),
        ({"period_end": None}, False),
    ],
)
def test_a_plan_pays_as_long_as_it_is_usable(
    api: Api, changes: dict[str, Any], covered: bool
) -> None:
    subscribe(api, PlanName.PRO, **changes)

    assert today(api)["covered"] is covered


def test_the_price_is_the_one_that_a_submission_takes(api: Api) -> None:
    quote = today(api, tier="industry")
    photo = {"fileName": "a.jpg", "fileSize": 1, "tier": "industry"}

    got = api.post(f"{REMOVER_PREFIX}/remove", photo | {"expectedCredits": quote["credits"]})

    assert got.status == 202
    assert got.data["creditsRemaining"] == quote["balance"] - quote["credits"]


def test_asking_for_a_price_changes_nothing(api: Api) -> None:
    assert today(api)["balance"] == 50
    assert api.stack.dynamodb.scan(TableName=api.stack.table)["Items"] == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"imageCount": 0}, "imageCount"),
        ({"imageCount": -1}, "imageCount"),
        ({"imageCount": 5001}, "imageCount"),
        ({"imageCount": 10**30}, "imageCount"),
        ({"imageCount": 2.5}, "imageCount"),
        ({"imageCount": 2.0}, "imageCount"),
        ({"imageCount": "2"}, "imageCount"),
        ({"imageCount": True}, "imageCount"),
        ({"imageCount": None}, "imageCount"),
        ({"imageCount": [2]}, "imageCount"),
        ({"tier": "best"}, "tier"),
        ({"tier": "Basic"}, "tier"),
        ({"tier": None}, "tier"),
        ({"payment": "cash"}, "payment"),
        ({"imagesPerMonth": -1}, "imagesPerMonth"),
        ({"imagesPerMonth": 1.5}, "imagesPerMonth"),
        ({"imagesPerMonth": 10**9}, "imagesPerMonth"),
    ],
)
def test_what_cannot_be_priced_is_said_field_by_field(
    api: Api, asked: dict[str, Any], field: str
) -> None:
    got = api.post(CALCULATE, {"tier": "basic", "imageCount": 2, **asked})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"].rsplit(".", 1)[-1] for error in got.json["errors"]] == [field]


def test_a_question_without_a_count_names_the_count(api: Api) -> None:
    got = api.post(CALCULATE, {"tier": "basic"})

    assert got.status == 400
    assert "imageCount" in got.json["errors"][0]["field"]
