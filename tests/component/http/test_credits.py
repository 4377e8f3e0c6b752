"""GET /credits, /credits/ledger, /stats: what there is, what happened, what it adds up to."""

from datetime import timedelta
from typing import Any

import pytest

from lumiku.adapters.money.business import BusinessTable
from lumiku.apps.remover.http import REMOVER_ALIAS
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.remover.plans import PlanName
from lumiku.domain.money.business import business
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH, grant, month
from lumiku.domain.work.jobs import NEVER_UPLOADED, Status
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Post
from lumiku.services.work.settlement import end
from tests.component.attempts import rejected
from tests.component.http.conftest import Api
from tests.component.http.test_prices import subscribe
from tests.component.http_events import SELLER, STRANGER
from tests.component.lane import Lane, message, photo

LEDGER = "/api/credits/ledger"


def remove(api: Api, tier: str = "basic", **more: Any) -> str:
    photo = {"fileName": "a.jpg", "fileSize": 1, "tier": tier, **more}
    job_id: str = api.post(f"{P}/remove", photo).data["jobId"]
    return job_id


def fail(api: Api, job_id: str) -> None:
    api.stack.work(job_id, rejected)
    api.stack.settle(job_id)


def test_a_new_account_has_the_months_free_credits_and_nothing_else(api: Api) -> None:
    shown = api.get("/api/credits").data

    resets_at = shown["today"].pop("resetsAt")
    assert shown == {
        "balance": FREE_CREDITS_A_MONTH,
        "bought": FREE_CREDITS_A_MONTH,
        "granted": [],
        "currency": "credits",
        "today": {"used": 0, "limit": 0, "left": 0, "tiers": []},
        "plan": None,
        "month": {
            "month": month(utc_now()),
            "photos": 0,
            "failed": 0,
            "cancelled": 0,
            "neverSent": 0,
            "creditsUsed": 0,
            "creditsRefunded": 0,
            "quotaUsed": 0,
            "successRate": None,
            "complete": True,
        },
    }
    assert resets_at == f"{utc_now() + timedelta(days=1):%Y-%m-%d}T00:00:00.000Z"
    assert api.get("/api/credits").data["balance"] == FREE_CREDITS_A_MONTH


def test_the_month_adds_up_what_was_used_and_given_back(api: Api) -> None:
    remove(api)
    fail(api, remove(api, "standard"))
    remove(api, "industry")

    shown = api.get("/api/credits").data

    assert shown["balance"] == FREE_CREDITS_A_MONTH - 28
    figures = shown["month"]
    assert (figures["photos"], figures["failed"]) == (3, 1)
    assert (figures["creditsUsed"], figures["creditsRefunded"]) == (28, 8)
    assert figures["successRate"] == 66.6


def test_todays_quota_is_that_of_the_plan(api: Api) -> None:
    subscription = subscribe(api, PlanName.PRO, used=3)
    remove(api, "professional")

    shown = api.get("/api/credits").data

    assert shown["plan"] == {
        "name": "pro",
        "status": "active",
        "periodEnd": f"{subscription.period_end:%Y-%m-%dT%H:%M:%S}."
        f"{subscription.period_end.microsecond // 1000:03d}Z"
        if subscription.period_end
        else None,
    }
    quota = shown["today"]
    assert (quota["used"], quota["limit"], quota["left"]) == (4, 200, 196)
    assert quota["tiers"] == [
        {"tier": "basic", "used": 0, "limit": 200, "left": 196},
        {"tier": "standard", "used": 3, "limit": 200, "left": 196},
        {"tier": "professional", "used": 1, "limit": 50, "left": 49},
    ]
    assert shown["month"]["quotaUsed"] == 1


def test_a_plan_that_is_not_paid_gives_no_quota(api: Api) -> None:
    subscribe(api, PlanName.PRO, period_end=None)

    shown = api.get("/api/credits").data

    assert shown["plan"]["status"] == "pending_payment"
    assert (shown["today"]["limit"], shown["today"]["left"]) == (0, 0)


def test_the_ledger_says_what_each_credit_was_for(api: Api) -> None:
    subscribe(api, PlanName.STARTER)
    free = remove(api)
    paid = remove(api, "professional")
    fail(api, paid)
    api.stack.transactions.commit(Post(grant(SELLER, 5, "g1", utc_now(), "sorry")))

    page = api.get(LEDGER).data

    assert page["nextCursor"] is None
    lines = [
        (e["kind"], e["amount"], e["balanceAfter"], e["reference"], e["tier"], e["paidByPlan"])
        for e in page["entries"]
    ]
    assert lines == [
        ("grant", 5, 55, "g1", None, False),
        ("refund", 15, 50, paid, "professional", False),
        ("charge", -15, 35, paid, "professional", False),
        ("charge", 0, 50, free, "basic", True),
        ("monthly", 50, 50, month(utc_now()), None, False),
    ]
    assert page["entries"][0]["note"] == "sorry"
    times = [entry["at"] for entry in page["entries"]]
    assert times == sorted(times, reverse=True)
    assert all(time.endswith("Z") for time in times)


def test_the_ledger_is_read_page_by_page_while_entries_arrive(api: Api) -> None:
    for _ in range(5):
        remove(api)
    first = api.get(LEDGER, query={"limit": "3"}).data
    remove(api)

    second = api.get(LEDGER, query={"limit": "3", "cursor": first["nextCursor"]}).data

    assert [e["balanceAfter"] for e in first["entries"]] == [35, 38, 41]
    assert [e["balanceAfter"] for e in second["entries"]] == [44, 47, 50]
    assert second["nextCursor"] is None


def test_a_ledger_is_its_owners(api: Api) -> None:
    for _ in range(3):
        remove(api)
    cursor = api.get(LEDGER, query={"limit": "1"}).data["nextCursor"]

    stolen = api.get(LEDGER, query={"cursor": cursor}, user=STRANGER)

    assert (stolen.status, stolen.json["code"]) == (400, "invalid_request")
    assert api.get(LEDGER, user=STRANGER).data == {"entries": [], "nextCursor": None}


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "garbage"},
        {"cursor": "x" * 513},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": "1.5"},
    ],
)
def test_a_page_that_cannot_be_is_refused(api: Api, query: dict[str, str]) -> None:
    got = api.get(LEDGER, query=query)

    assert (got.status, got.json["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("prefix", [P, REMOVER_ALIAS])
def test_statistics_by_tier_and_month(api: Api, prefix: str) -> None:
    subscribe(api, PlanName.STARTER)
    remove(api)
    remove(api, "industry")
    fail(api, remove(api, payment="credits"))

    stats = api.get(f"{prefix}/stats").data

    this_month = month(utc_now())
    assert stats["complete"] is True
    assert stats["total"] == {
        "photos": 3,
        "failed": 1,
        "cancelled": 0,
        "neverSent": 0,
        "creditsUsed": 25,
        "creditsRefunded": 3,
        "quotaUsed": 1,
        "successRate": 66.6,
    }
    by_tier = {tier["tier"]: tier for tier in stats["tiers"]}
    assert list(by_tier) == ["basic", "standard", "professional", "industry"]
    assert (by_tier["basic"]["photos"], by_tier["basic"]["successRate"]) == (2, 50.0)
    assert (by_tier["standard"]["photos"], by_tier["standard"]["successRate"]) == (0, None)
    assert [m["month"] for m in stats["months"]][-1] == this_month
    assert len(stats["months"]) == 3
    assert [tier["tier"] for tier in stats["months"][-1]["tiers"]] == ["basic", "industry"]
    assert api.get(f"{prefix}/stats", query={"month": this_month}).data["total"] == stats["total"]
    assert api.get(f"{prefix}/stats", query={"month": "2020-01"}).data["total"]["photos"] == 0
    assert api.get(f"{prefix}/stats", user=STRANGER).data["total"]["photos"] == 0


def test_what_was_cancelled_or_never_sent_did_not_fail(api: Api, lane: Lane) -> None:
    """One photo done, one damaged, one cancelled and one each that never came, alone and not."""
    files = [{"name": "a.jpg", "size": 1}] * 3
    cancelled, unsent = (
        api.post(f"{P}/batch", {"tier": "basic", "files": files}).data for _ in range(2)
    )
    for file, data in zip(cancelled["files"], (photo(), b"no photo"), strict=False):
        lane.deliver(message(lane.put(file["key"], data)))
    api("DELETE", f"{P}/batch/{cancelled['batchId']}")
    api.post(f"{P}/batch/{unsent['batchId']}/finish")
    for made in (cancelled, unsent):
        api.stack.call("close_batch", {"groupId": made["batchId"], "requestId": "r"})
    job = api.stack.jobs.get(remove(api))
    assert job is not None
    end(api.stack.transactions, job, Status.EXPIRED, NEVER_UPLOADED, utc_now())

    total = api.get(f"{P}/stats").data["total"]

    assert {name: total[name] for name in ("photos", "failed", "cancelled", "neverSent")} == {
        "photos": 7,
        "failed": 1,
        "cancelled": 1,
        "neverSent": 4,
    }
    assert (total["successRate"], total["creditsUsed"]) == (50.0, 3)
    days = BusinessTable(api.stack.transactions.rows)
    today = business(days.entries(utc_now().date()), (), ()).total
    assert (today.failed, today.cancelled, today.never_sent, today.tried) == (1, 1, 4, 2)


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "2026-00"},
        {"month": "0000-01"},
        {"month": "2026-1"},
        {"month": "2026-11-01"},
        {"month": "9999-12"},
        {"month": "november"},
        {"month": "\uff12\uff10\uff12\uff16-11"},
        {"months": "0"},
        {"months": "13"},
        {"months": "all"},
    ],
)
def test_months_that_are_none_are_refused(api: Api, query: dict[str, str]) -> None:
    got = api.get(f"{P}/stats", query=query)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
