"""The studio's prices and plans over HTTP."""

from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX
from lumiku.apps.studio.prices import APP
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Post
from tests.component.http.conftest import Api
from tests.component.http.test_billing import pay
from tests.component.http_events import SELLER

CALCULATE = f"{STUDIO_PREFIX}/pricing/calculate"
SUBSCRIPTION = f"{STUDIO_PREFIX}/subscription"


def use(api: Api, credits: int, *, refunded: int = 0) -> None:
    """Let the seller have used so many credits in the studio this month."""
    for kind, amount in ((EntryKind.CHARGE, -credits), (EntryKind.REFUND, refunded)):
        entry = Entry(
            user_id=SELLER,
            kind=kind,
            amount=amount,
            reference="batch_1",
            at=utc_now(),
            app=APP,
            product="studio/batch",
            photos=1,
        )
        api.stack.transactions.commit(Post(entry))


def test_a_single_photo_is_priced_with_its_parts_and_its_bundle(api: Api) -> None:
    api.stack.open_account(SELLER, 40)

    got = api.post(CALCULATE, {"preset": "professional"})

    assert got.status == 200
    data = got.data
    order = data.pop("order")
    assert [(part["name"], part["credits"]) for part in order.pop("parts")] == [
        ("background-removal", 5),
        ("ai-background", 15),
        ("lighting", 10),
        ("natural-shadow", 8),
    ]
    assert order == {
        "base": 38,
        "bundlePercent": 10,
        "monthPercent": 0,
        "discountPercent": 10,
        "discount": 3,
        "total": 35,
    }
    assert data == {
        "plan": "free",
        "creditsThisMonth": 0,
        "uploads": None,
        "export": None,
        "total": 35,
        "idrPerCredit": 200,
        "idr": 7_000,
        "saving": {"singlePhotos": 35, "credits": 0, "percent": 0},
        "balance": 40,
        "affordable": True,
        "notInPlan": {
            "missing": [
                "simple generated backgrounds",
                "lighting presets and manual lighting",
                "the natural shadow",
            ],
            "availableIn": "professional",
        },
    }


def test_a_batch_with_uploads_and_export_is_added_up_and_weighed_against_single_photos(
    api: Api,
) -> None:
    asked = {"preset": "professional", "items": 10, "uploads": 10, "export": {"formats": ["png"]}}

    got = api.post(CALCULATE, asked).data

    parts = [got[name]["total"] for name in ("uploads", "order", "export")]
    assert (parts, got["total"]) == ([20, 60, 5], 85)
    assert got["order"]["parts"][1] == {"name": "item", "credits": 5, "count": 10}
    assert got["saving"] == {"singlePhotos": 350, "credits": 290, "percent": 82}
    assert got["affordable"] is False


def test_the_month_s_discount_counts_what_was_used_net_of_refunds(api: Api) -> None:
    api.stack.open_account(SELLER, 10_000)
    use(api, 2_011, refunded=10)

    got = api.post(CALCULATE, {"features": ["solid-background"], "items": 100}).data

    assert got["creditsThisMonth"] == 2_001
    assert (got["order"]["monthPercent"], got["order"]["total"]) == (10, 459)


def test_what_the_plan_lacks_is_told_in_indonesian(api: Api) -> None:
    got = api.post(CALCULATE, {"features": ["reflection"]}, headers={"accept-language": "id"})

    assert got.data["notInPlan"]["missing"] == ["bayangan pantulan"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"items": 0}, "items"),
        ({"items": 101}, "items"),
        ({"items": "2"}, "items"),
        ({"uploads": 101}, "uploads"),
        ({"features": ["magic"]}, "0"),
        ({"preset": "gold"}, "preset"),
        ({"export": {"formats": []}}, "formats"),
        ({"export": {"formats": ["gif"]}}, "0"),
        ({"export": {"formats": ["png"], "platforms": -1}}, "platforms"),
        ({"feature": "shadow"}, "feature"),
    ],
)
def test_what_cannot_be_priced_is_said_field_by_field(
    api: Api, asked: dict[str, Any], field: str
) -> None:
    got = api.post(CALCULATE, asked)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"].rsplit(".", 1)[-1] for error in got.json["errors"]] == [field]


def test_features_that_do_not_go_together_have_no_price(api: Api) -> None:
    got = api.post(CALCULATE, {"features": ["lighting", "auto-lighting"], "items": 2})

    assert (got.status, got.json["code"]) == (400, "invalid_request")


def test_asking_changes_nothing(api: Api) -> None:
    assert api.post(CALCULATE, {"uploads": 1}).data["balance"] == 50
    assert api.stack.dynamodb.scan(TableName=api.stack.table)["Items"] == []


def test_a_plan_of_the_studio_is_bought_shown_and_cancelled(api: Api) -> None:
    assert api.get(SUBSCRIPTION).data["hasSubscription"] is False
    asked = api.post(SUBSCRIPTION, {"plan": "professional"})
    assert (asked.status, asked.data["payment"]["amount"]) == (201, 40_000)
    pay(api, asked.data["payment"]["checkoutUrl"])

    shown = api.get(SUBSCRIPTION).data
    assert (shown["plan"], shown["status"]) == ("professional", "active")
    price = api.post(CALCULATE, {"uploads": 1}).data
    assert (price["plan"], price["idrPerCredit"]) == ("professional", 80)
    assert api("DELETE", SUBSCRIPTION).data["status"] == "cancelled"
    assert api("HEAD", SUBSCRIPTION).status == 200


def test_the_plans_and_what_they_allow_are_listed(api: Api) -> None:
    plans = {plan["name"]: plan for plan in api.get(SUBSCRIPTION).data["plans"]}

    assert list(plans) == ["free", "payg", "professional", "premium"]
    free, premium = plans["free"], plans["premium"]
    assert free["allows"]["feature"] == ["background-removal", "drop-shadow", "template"]
    assert (free["marked"], free["allows"]["removal_side_px"]) == (True, 1024)
    assert (premium["monthlyCredits"], premium["idrPerCredit"], premium["price"]) == (
        *(2_000, 60),
        120_000,
    )
    assert premium["allows"]["format"] is None


def test_a_plan_s_credits_are_shown_with_their_expiry_and_used_first(api: Api) -> None:
    api.stack.open_account(SELLER, 10)
    pay(api, api.post(SUBSCRIPTION, {"plan": "professional"}).data["payment"]["checkoutUrl"])
    end = api.get(SUBSCRIPTION).data["billing"]["periodEnd"]

    shown = api.get("/api/credits").data

    assert (shown["balance"], shown["bought"]) == (510, 10)
    assert shown["granted"] == [{"credits": 500, "expiresAt": end}]
    photo = {"fileName": "a.jpg", "fileSize": 1, "tier": "industry"}
    got = api.post("/api/apps/background-remover/remove", photo)
    assert got.headers["x-credits-remaining"] == "485"
    shown = api.get("/api/credits").data
    assert (shown["bought"], shown["granted"][0]["credits"]) == (10, 475)
    kinds = [line["kind"] for line in api.get("/api/credits/ledger").data["entries"]]
    assert kinds == ["charge", "plan"]


def test_top_ups_cost_the_plan_s_price_and_the_first_makes_an_account_payg(api: Api) -> None:
    def prices() -> list[int]:
        return [one["price"] for one in api.get("/api/credits/packages").data["packages"][:2]]

    def plan() -> str:
        name: str = api.post(CALCULATE, {"uploads": 1}).data["plan"]
        return name

    assert (prices(), plan()) == ([10_000, 50_000], "free")
    topped = api.post("/api/credits/topups", {"package": "credits-100"}).data
    assert topped["amount"] == 10_000
    pay(api, topped["checkoutUrl"])
    assert plan() == "payg"
    pay(api, api.post(SUBSCRIPTION, {"plan": "premium"}).data["payment"]["checkoutUrl"])
    assert (prices(), plan()) == ([6_000, 30_000], "premium")
    assert api.post("/api/credits/topups", {"package": "credits-100"}).data["amount"] == 6_000


def test_one_app_s_plan_is_not_the_other_s(api: Api) -> None:
    pay(api, api.post(SUBSCRIPTION, {"plan": "premium"}).data["payment"]["checkoutUrl"])

    assert api.get("/api/apps/background-remover/subscription").data["hasSubscription"] is False


@pytest.mark.parametrize("plan", ["payg", "free", "starter", "", None])
def test_other_plans_are_not_sold_here(api: Api, plan: str | None) -> None:
    assert api.post(SUBSCRIPTION, {"plan": plan}).status == 400
