"""Races for credits, quota and payments: whoever wins, the books are right."""

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.remover.prices import CREDITS_PER_PHOTO, Tier
from lumiku.domain.money.quotas import quota_day
from lumiku.services.clock import utc_now
from tests.e2e.buyer import Buyer, at_once, buyer, data, proof_of, use_quota
from tests.e2e.service import Service

FREE = 50
PRICE = CREDITS_PER_PHOTO[Tier.STANDARD]


@pytest.fixture
def somebody(service: Service) -> Iterator[Buyer]:
    """Someone with the month's free credits, and nothing to hurry for."""
    with buyer(service) as opened:
        yield opened


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def code(answer: httpx.Response) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return str(answer.json()["code"])


# Credits


def test_twenty_at_once_with_credits_for_ten(service: Service) -> None:
    with buyer(service, credits=10 * PRICE - FREE) as poor:
        answers = at_once(20, poor.remove)
        assert statuses(answers) == {202: 10, 402: 10}
        accepted = [data(answer) for answer in answers if answer.is_success]
        assert len({job["jobId"] for job in accepted}) == 10
        assert {job["creditsUsed"] for job in accepted} == {PRICE}
        assert {code(answer) for answer in answers if answer.is_error} == {"insufficient_credits"}
        assert poor.credits()["balance"] == service.balance(poor.person) == 0
        spent = [entry for entry in poor.entries() if entry["amount"] < 0]
        assert {entry["reference"] for entry in spent} == {job["jobId"] for job in accepted}
        assert [entry["balanceAfter"] for entry in spent] == [n * PRICE for n in range(10)]


def test_one_key_twenty_times_at_once(service: Service, somebody: Buyer) -> None:
    key = str(uuid.uuid4())
    answers = at_once(20, lambda: somebody.remove(key=key))
    assert statuses(answers) == {202: 20}
    shown = [data(answer) for answer in answers]
    for job in shown:
        upload = job.pop("upload")  # signed anew each time, for the same place
        assert upload["fields"]["key"].endswith(job["jobId"])
        assert job == shown[0]
    assert {answer.headers["X-Credits-Used"] for answer in answers} == {str(PRICE)}
    assert {answer.headers["X-Credits-Remaining"] for answer in answers} == {str(FREE - PRICE)}
    assert sum("RateLimit" in answer.headers for answer in answers) == 1
    assert service.moved(somebody.person, shown[0]["jobId"]) == [-PRICE]
    assert service.balance(somebody.person) == FREE - PRICE

    others = at_once(5, lambda: somebody.remove(key=key, fileName="hat.png"))
    assert statuses(others) == {422: 5}
    assert {code(answer) for answer in others} == {"idempotency_key_reused"}
    assert service.balance(somebody.person) == FREE - PRICE


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/remove", "fileSize"),
        ("/remove", "expectedCredits"),
        ("/pricing/calculate", "imageCount"),
    ],
)
def test_counts_that_are_none(service: Service, somebody: Buyer, path: str, field: str) -> None:
    whole = {"fileName": "a.png", "fileSize": 9, "imageCount": 2, "tier": "basic"}
    before = somebody.entries()
    values: list[object] = [-1, 0.5, "9", 10**30, True, [], {}, "NaN"]
    for value in values:
        answer = somebody("POST", REMOVER_PREFIX + path, json=whole | {field: value})
        assert answer.status_code in {400, 409, 413}, (value, answer.text)
        assert code(answer) in {"invalid_request", "price_changed", "photo_too_large"}
    indonesian = somebody.http.post(
        REMOVER_PREFIX + path, json=whole | {"tier": "best"}, headers={"Accept-Language": "id"}
    )
    assert (indonesian.status_code, code(indonesian)) == (400, "invalid_request")
    assert indonesian.json()["title"] == "Permintaan tidak valid"
    assert somebody.entries() == before


# Quota


def leave_one(service: Service, subscriber: Buyer) -> None:
    """All but one photo of the Starter's quota are used, whichever side of midnight it is."""
    today = utc_now()
    for day in (today, today + timedelta(days=1)):
        use_quota(service, subscriber.person, quota_day(day), 49)


def used_today(subscriber: Buyer) -> tuple[int, int]:
    today = subscriber.credits()["today"]
    return today["used"], today["left"]


def test_the_last_of_the_quota_or_credits(service: Service) -> None:
    with buyer(service, credits=5 * PRICE - FREE % PRICE) as subscriber:
        subscriber.subscribe("starter")
        leave_one(service, subscriber)
        credits = service.balance(subscriber.person)
        affordable = credits // PRICE
        answers = at_once(20, subscriber.remove)
        paid_by = Counter(data(a)["pricingType"] for a in answers if a.is_success)
        assert paid_by == {"subscription": 1, "credits": affordable}
        assert statuses(answers) == {202: 1 + affordable, 402: 19 - affordable}
        assert service.balance(subscriber.person) == credits - affordable * PRICE
        assert used_today(subscriber) == (50, 0)


def test_the_last_of_the_quota_or_nothing(service: Service, somebody: Buyer) -> None:
    somebody.subscribe("starter")
    leave_one(service, somebody)
    two = {"tier": "basic", "files": [{"name": f"{n}.png", "size": 9} for n in range(2)]}
    whole = somebody("POST", f"{REMOVER_PREFIX}/batch", json=two | {"payment": "subscription"})
    assert (whole.status_code, code(whole)) == (429, "quota_exceeded")
    assert (whole.json()["needed"], whole.json()["available"]) == (2, 1)

    answers = at_once(20, lambda: somebody.remove(payment="subscription"))
    assert statuses(answers) == {202: 1, 429: 19}
    refused = [answer for answer in answers if answer.is_error]
    assert {code(answer) for answer in refused} == {"quota_exceeded"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    assert service.balance(somebody.person) == FREE
    assert used_today(somebody) == (50, 0)

    dear = somebody.remove(payment="subscription", tier="industry")
    assert (dear.status_code, code(dear)) == (403, "tier_not_in_plan")


def test_a_plan_that_is_not_there_or_was_cancelled(service: Service, somebody: Buyer) -> None:
    none = somebody.remove(payment="subscription")
    assert (none.status_code, code(none)) == (403, "no_subscription")
    somebody.subscribe("starter")
    assert data(somebody("DELETE", f"{REMOVER_PREFIX}/subscription"))["status"] == "cancelled"
    assert data(somebody.remove(payment="subscription"))["creditsUsed"] == 0
    assert service.balance(somebody.person) == FREE


# Payments


def test_one_payment_told_of_ten_times_at_once(service: Service, somebody: Buyer) -> None:
    payment = somebody.top_up("credits-100")
    path, token = proof_of(payment)
    paid = {"status": "paid", "token": token, "amount": payment["amount"]}
    forged: list[dict[str, Any]] = [paid | {"token": "x" * len(token)}, paid | {"amount": 1}]
    for notification in forged:
        answer = somebody("POST", path, json=notification)
        assert (answer.status_code, code(answer)) == (403, "forged_notification")
    assert service.balance(somebody.person) == FREE

    answers = at_once(10, lambda: somebody("POST", path, json=paid))
    assert [data(answer)["status"] for answer in answers] == ["paid"] * 10
    assert service.balance(somebody.person) == FREE + 100

    late = somebody("POST", path, json=paid | {"status": "failed"})
    assert data(late)["status"] == "paid"
    for notification in forged:
        assert somebody("POST", path, json=notification).status_code == 403
    assert service.balance(somebody.person) == FREE + 100
    assert sum(entry["kind"] == "topup" for entry in somebody.entries()) == 1


# Limits


def limit_to(service: Service, person_id: str, limits: dict[str, Any]) -> None:
    """As an administrator."""
    outputs = service.outputs
    identity = {"email": outputs.admin_email, "password": outputs.admin_password}
    with httpx.Client(base_url=outputs.api_url, timeout=60, trust_env=False) as http:
        token = data(http.post("/api/auth/login", json=identity))["token"]
        path = f"/api/admin/accounts/{person_id}/limits"
        data(http.put(path, json=limits, headers={"Authorization": f"Bearer {token}"}))


def left(answer: httpx.Response) -> int:
    """Requests that an accepted one says are left."""
    name, remaining, reset = answer.headers["RateLimit"].split(";")
    assert name == '"single"'
    assert reset.startswith("t=")
    return int(remaining.removeprefix("r="))


def test_the_thirty_first_of_a_minute_is_too_many(service: Service) -> None:
    with buyer(service, credits=200) as hasty:
        limit_to(service, hasty.person.user_id, {})
        began = time.monotonic()
        first = hasty.remove(tier="basic", key="first")
        assert first.headers["RateLimit-Policy"] == '"single";q=30;w=60'
        assert first.headers["RateLimit"] == '"single";r=29;t=2'
        for _ in range(5):
            replay = hasty.remove(tier="basic", key="first")
            assert data(replay)["jobId"] == data(first)["jobId"]
            assert "RateLimit" not in replay.headers
        accepted = 1
        while (answer := hasty.remove(tier="basic")).is_success:
            accepted += 1
            assert left(answer) >= 30 - accepted
            assert accepted < 60
        # One more comes free every two seconds.
        assert 30 <= accepted <= 30 + (time.monotonic() - began) / 2
        assert (answer.status_code, code(answer)) == (429, "too_many_requests")
        assert answer.json()["allowed"] == 30
        wait_s = int(answer.headers["Retry-After"])
        assert 1 <= wait_s <= 2
        assert data(hasty.remove(tier="basic", key="first"))["jobId"] == data(first)["jobId"]
        assert service.balance(hasty.person) == FREE + 200 - 3 * accepted

        time.sleep(wait_s)
        assert hasty.remove(tier="basic").status_code == 202


def test_a_limit_of_the_accounts_own(service: Service, somebody: Buyer) -> None:
    own = {"single": {"count": 1, "windowSeconds": 3600}, "reason": "a test"}
    limit_to(service, somebody.person.user_id, own)
    first = somebody.remove(tier="basic")
    assert first.headers["RateLimit-Policy"] == '"single";q=1;w=3600'
    assert left(first) == 0
    second = somebody.remove(tier="basic")
    assert (second.status_code, code(second)) == (429, "too_many_requests")
    assert 3500 < int(second.headers["Retry-After"]) <= 3600
    assert service.balance(somebody.person) == FREE - 3
