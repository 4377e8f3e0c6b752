"""What administrators do, and that nobody else can."""

from datetime import timedelta
from typing import Any

import boto3
import pytest
from aws_lambda_powertools import Metrics

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.remover.prices import Tier
from lumiku.domain.people.callers import ADMIN as ADMINS
from lumiku.domain.people.callers import person
from tests.component.attempts import made, rejected
from tests.component.http.conftest import Api
from tests.component.http_events import Answer
from tests.component.stack import EMAIL

ADMIN = "a0a0a0a0-0c1d-4c55-9a0e-5b1f3d2c4a99"
CREDITS = {"amount": 100, "reason": "Photos lost on 21 November"}


class Office:
    """The API, as an administrator calls it, and one seller."""

    def __init__(self, api: Api) -> None:
        self.api = api
        api.stack.create_user()
        pool = api.stack.user_pool
        api.stack.app("admin_api", UserPool=pool)
        [user] = boto3.client("cognito-idp").list_users(UserPoolId=pool)["Users"]
        self.seller = user["Username"]

    def __call__(self, method: str, path: str, **sent: Any) -> Answer:
        return self.api(method, f"/api/admin{path}", **{"user": ADMIN, "groups": "[admin]", **sent})

    def grant(self, body: object = None, key: str | None = None, **sent: Any) -> Answer:
        headers = {} if key is None else {"Idempotency-Key": key}
        path = f"/accounts/{self.seller}/credits"
        return self("POST", path, body=CREDITS if body is None else body, headers=headers, **sent)

    def rows(self, key: str) -> list[dict[str, Any]]:
        stack = self.api.stack
        return [
            row
            for row in stack.dynamodb.scan(TableName=stack.table)["Items"]
            if row["pk"]["S"].startswith(key)
        ]


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


@pytest.mark.parametrize("groups", [None, "", "[sellers]", "[not-admin]", "[administrators]"])
def test_everybody_else_is_refused_and_nothing_is_changed(office: Office, groups: object) -> None:
    answers = [
        office.grant(groups=groups),
        office("GET", "/accounts", query={"email": EMAIL}, groups=groups),
        office("PUT", f"/accounts/{office.seller}/limits", body={}, groups=groups),
        office("GET", "/overview", groups=groups),
    ]

    assert [(answer.status, answer.json["code"]) for answer in answers] == [
        (403, "not_allowed")
    ] * 4
    assert office.rows("USER#") == office.rows("AUDIT#") == []


def test_credits_are_given_once_for_each_key(office: Office) -> None:
    first = office.grant(key="k1")
    again = office.grant(key="k1")
    other = office.grant({**CREDITS, "amount": 101}, key="k1")
    second = office.grant(key="k2")

    assert (first.status, first.data["balance"]) == (200, 100)
    assert again.data == first.data
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert second.data["balance"] == 200
    actions = office.rows("AUDIT#")
    assert len(actions) == 2
    assert {action["admin_id"]["S"] for action in actions} == {ADMIN}
    assert {action["reason"]["S"] for action in actions} == {CREDITS["reason"]}


@pytest.mark.parametrize(
    "body",
    [
        {"amount": 0, "reason": "why not"},
        {"amount": -5, "reason": "a correction"},
        {"amount": 1.5, "reason": "a fraction"},
        {"amount": "100", "reason": "as text"},
        {"amount": True, "reason": "a truth"},
        {"amount": 10**9, "reason": "too much"},
        {"amount": 1},
        {"amount": 1, "reason": ""},
        {"reason": "nothing"},
        [],
    ],
    ids=str,
)
def test_a_grant_that_cannot_be_read(office: Office, body: object) -> None:
    assert office.grant(body).status == 400
    assert office.rows("USER#") == []


def test_credits_for_nobody(office: Office) -> None:
    got = office("POST", "/accounts/0b0b0b0b-0000-4000-8000-000000000000/credits", body=CREDITS)

    assert (got.status, got.json["code"]) == (404, "not_found")
    assert office.rows("USER#") == []


def test_an_account_is_found_by_its_address(office: Office) -> None:
    office.grant()
    office.api.post(
        f"{P}/remove",
        {"fileName": "a.jpg", "fileSize": 10, "tier": "standard"},
        user=office.seller,
    )

    found = office("GET", "/accounts", query={"email": EMAIL.upper()}).data

    assert (found["userId"], found["email"]) == (office.seller, EMAIL)
    assert (found["status"], found["enabled"]) == ("CONFIRMED", True)
    assert found["balance"] == 100 + 50 - 8
    assert [(e["kind"], e["amount"], e["note"]) for e in found["entries"]] == [
        ("charge", -8, None),
        ("monthly", 50, None),
        ("grant", 100, CREDITS["reason"]),
    ]
    assert found["limits"]["single"] == {"count": 30, "windowSeconds": 60}
    assert found["plan"] is None


@pytest.mark.parametrize(
    ("email", "status"),
    [("nobody@example.com", 404), ("", 400), ("x", 400), ('a" or sub = "b@c.de', 400)],
)
def test_an_address_that_nobody_has(office: Office, email: str, status: int) -> None:
    assert office("GET", "/accounts", query={"email": email}).status == status


def test_limits_of_ones_own_hold_until_they_are_taken_away(office: Office) -> None:
    path = f"/accounts/{office.seller}/limits"
    body = {"fileName": "a.jpg", "fileSize": 10, "tier": "basic"}

    def submit() -> Answer:
        return office.api.post(f"{P}/remove", body, user=office.seller)

    got = office("PUT", path, body={"single": {"count": 2, "windowSeconds": 3600}})
    answers = [submit() for _ in range(3)]

    assert got.data["single"] == {"count": 2, "windowSeconds": 3600}
    assert got.data["batch"] == {"count": 5, "windowSeconds": 3600}
    assert [answer.status for answer in answers] == [202, 202, 429]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"single";q=2;w=3600'}
    assert answers[2].headers["ratelimit"] == f'"single";r=0;t={answers[2].json["retryAfter"]}'
    assert office("PUT", path, body={}).data["single"]["count"] == 30
    assert len(office.rows("AUDIT#")) == 2


@pytest.mark.parametrize(
    "limit",
    [
        {"count": 0, "windowSeconds": 60},
        {"count": 1, "windowSeconds": 0},
        {"count": 1, "windowSeconds": 86_401},
        {"count": 1.5, "windowSeconds": 60},
        {"count": 1},
        "many",
    ],
    ids=str,
)
def test_limits_that_make_no_sense(office: Office, limit: object) -> None:
    got = office("PUT", f"/accounts/{office.seller}/limits", body={"single": limit})

    assert got.status == 400


def month_of_business(office: Office) -> None:
    """A top-up of 500 credits, two photos that went well and one that did not."""
    api, seller = office.api, office.seller
    payment = api.post("/api/credits/topups", {"package": "credits-500"}, user=seller).data
    notification = {"status": "paid", "token": payment["checkoutUrl"].partition("token=")[2]}
    for _ in range(2):
        api.post(f"/api/payments/{payment['paymentId']}/notifications", notification)
    office.grant()
    for tier, develop in ((Tier.BASIC, made), (Tier.INDUSTRY, made), (Tier.BASIC, rejected)):
        body = {"fileName": "a.jpg", "fileSize": 10, "tier": tier}
        job_id = api.post(f"{P}/remove", body, user=seller).data["jobId"]
        api.stack.work(job_id, develop)
        if develop is rejected:
            api.stack.settle(job_id)


def test_a_cancelled_batch_is_no_failure(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in the overview nor in the counts that alarms are about."""
    Metrics().clear_metrics()  # those that other tests counted and did not tell
    api, files = office.api, [{"name": "a.jpg", "size": 1}] * 10
    body = {"tier": "basic", "files": files}
    made = api.post(f"{P}/batch", body, user=office.seller).data
    api("DELETE", f"{P}/batch/{made['batchId']}", user=office.seller)
    api.stack.call("close_batch", {"groupId": made["batchId"], "requestId": "r"})

    total = office("GET", "/overview").data["total"]

    assert (total["photos"], total["failed"], total["cancelled"]) == (10, 0, 10)
    assert total["neverSent"] == 0
    assert total["failureRate"] is None
    said = capsys.readouterr().out
    assert '"BatchPhotosFailed":[0.0]' in said
    assert "Photo_failed" not in said


def test_the_overview_of_a_month(office: Office) -> None:
    month_of_business(office)

    got = office("GET", "/overview")

    assert got.status == 200
    tiers = {tier["tier"]: tier for tier in got.data["tiers"]}
    basic, industry = tiers["basic"], tiers["industry"]
    assert (basic["photos"], basic["failed"], basic["failureRate"]) == (2, 1, 50.0)
    assert (basic["creditsUsed"], basic["valueIdr"]) == (3, 300)
    assert (basic["costIdr"], industry["costIdr"]) == (
        50,
        50,
    )  # 3,000 micro-USD and a bit of Lambda
    assert (industry["marginIdr"], industry["marginPercent"]) == (2450, 98.0)
    assert got.data["routes"] == [
        {
            "entry": "fal:birefnet-light",
            "photos": 2,
            "valueIdr": 2800,
            "costIdr": 100,
            "marginIdr": 2700,
            "marginPercent": 96.4,
        }
    ]
    assert tiers["professional"]["failureRate"] is None
    assert got.data["total"]["photos"] == 3
    assert got.data["revenue"] == {"topupsIdr": 50_000, "subscriptionsIdr": 0, "totalIdr": 50_000}
    assert got.data["credits"] == {
        "bought": 500,
        "granted": 100,
        "monthly": 50,
        "withPlans": 0,
        "expired": 0,
    }
    [top] = got.data["topUsers"]
    assert (top["userId"], top["photos"], top["credits"]) == (office.seller, 2, 28)


@pytest.mark.parametrize("month", ["2026-13", "26-01", "now", "2999-01", "2026-1"])
def test_a_month_that_is_none_or_has_not_begun(office: Office, month: str) -> None:
    assert office("GET", "/overview", query={"month": month}).status == 400


def test_a_month_without_business(office: Office) -> None:
    got = office("GET", "/overview", query={"month": "2020-02"}).data

    assert got["revenue"] == {"topupsIdr": 0, "subscriptionsIdr": 0, "totalIdr": 0}
    assert got["topUsers"] == []


def test_finished_days_are_added_up_once_and_say_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    month_of_business(office)
    desk = office.api.stack.app("admin_api").business
    boss = person("boss", ADMINS)
    live = desk.month(boss, None)
    tomorrow = desk.clock().replace(hour=12) + timedelta(days=1)
    sweep = type(desk)(desk.days, lambda: tomorrow)

    while sweep.finish_days():
        pass

    later = type(desk)(desk.days, lambda: tomorrow)
    assert later.month(boss, live[0]) == live
    assert desk.days.finished_until() == tomorrow.date() - timedelta(days=1)
    [row] = [r for r in office.rows("STATS#") if office.seller in str(r)]
    assert row["sk"]["S"].startswith("DAY#")
