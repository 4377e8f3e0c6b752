"""POST /remove with JSON: what is taken, what is charged, what is refused."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.remover.prices import CREDITS_PER_PHOTO, Tier
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER

SHOE = {"fileName": "shoe.jpg", "fileSize": 2_457_600, "contentType": "image/jpeg", "tier": "basic"}


@pytest.fixture
def rich(api: Api) -> Api:
    """The API, with a caller who has 50 credits."""
    api.stack.open_account(SELLER, 50)
    return api


def balance(api: Api, user: str = SELLER) -> int:
    amount: int = api.get("/api/credits", user=user).data["balance"]
    return amount


def entries(api: Api, user: str = SELLER) -> list[int]:
    """Amounts of the user's ledger, which begins empty here."""
    rows = api.stack.dynamodb.query(
        TableName=api.stack.table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :entry)",
        ExpressionAttributeValues={":pk": {"S": f"USER#{user}"}, ":entry": {"S": "LEDGER#"}},
    )["Items"]
    return sorted(int(row["amount"]["N"]) for row in rows)


@pytest.mark.parametrize("tier", Tier)
def test_a_photo_is_charged_at_its_tier(rich: Api, tier: Tier) -> None:
    got = rich.post(f"{P}/remove", SHOE | {"tier": tier})

    price = CREDITS_PER_PHOTO[tier]
    assert got.status == 202
    assert got.headers["x-credits-used"] == str(price)
    assert got.headers["x-credits-remaining"] == str(50 - price)
    assert (got.data["creditsUsed"], got.data["creditsRemaining"]) == (price, 50 - price)
    assert (got.data["status"], got.data["tier"], got.data["pricingType"]) == (
        "pending",
        tier,
        "credits",
    )
    assert balance(rich) == 50 - price
    assert entries(rich) == [-price]


def test_the_form_takes_one_photo_at_one_key_for_a_quarter_of_an_hour(rich: Api) -> None:
    got = rich.post(f"{P}/remove", SHOE)

    job_id, upload = got.data["jobId"], got.data["upload"]
    policy = json.loads(base64.b64decode(upload["fields"]["policy"]))
    assert upload["fields"]["key"] == f"in/single/{SELLER}/{job_id}"
    assert {"key": f"in/single/{SELLER}/{job_id}"} in policy["conditions"]
    assert ["content-length-range", 1, 10 * 1024 * 1024] in policy["conditions"]
    assert ["starts-with", "$Content-Type", ""] in policy["conditions"]
    left = datetime.fromisoformat(upload["expiresAt"]) - datetime.now().astimezone()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    assert got.data["links"] == {
        "self": f"{P}/jobs/{job_id}",
        "download": f"{P}/jobs/{job_id}/download",
    }


@pytest.mark.parametrize("missing", ["fileName", "fileSize", "tier"])
def test_a_missing_field_is_named(rich: Api, missing: str) -> None:
    got = rich.post(f"{P}/remove", {k: v for k, v in SHOE.items() if k != missing})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"].split(".")[-1] for error in got.json["errors"]] == [missing]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fileSize", 0),
        ("fileSize", -1),
        ("fileSize", 1.5),
        ("fileSize", 1000.0),
        ("fileSize", "1000"),
        ("fileSize", "many"),
        ("fileSize", True),
        ("fileSize", None),
        ("fileSize", [1000]),
        ("fileName", ""),
        ("fileName", "n" * 256),
        ("fileName", 7),
        ("fileName", None),
        ("contentType", "t" * 128),
        ("contentType", None),
        ("tier", "platinum"),
        ("tier", "BASIC"),
        ("tier", ""),
        ("tier", 3),
        ("tier", None),
        ("expectedCredits", -1),
        ("expectedCredits", 2.5),
        ("expectedCredits", "3"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_charged(rich: Api, field: str, value: Any) -> None:
    got = rich.post(f"{P}/remove", SHOE | {field: value})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert any(field in error["field"] for error in got.json["errors"])
    assert (balance(rich), entries(rich)) == (50, [])


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "shoe.jpg",
        "null",
        "[]",
        "3",
        '"shoe.jpg"',
        "{}",
        '{"fileName": "shoe.jpg", "fileSize": NaN, "tier": "basic"}',
        '{"fileName": "shoe.jpg", "fileSize": 1e999, "tier": "basic"}',
        '{"fileName": "shoe.jpg", "fileSize": ' + "9" * 5000 + ', "tier": "basic"}',
        r'{"fileName": "\ud800", "fileSize": 1000, "tier": "basic"}',
        "[" * 100_000,
        b"\xff\xfe\x00",
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_body_that_is_not_the_documented_json_is_a_400(rich: Api, raw: str | bytes) -> None:
    got = rich("POST", f"{P}/remove", raw_body=raw)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert got.json["errors"]
    assert balance(rich) == 50


def test_a_request_without_a_body_is_a_400(rich: Api) -> None:
    assert rich("POST", f"{P}/remove").status == 400


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded"],
)
def test_a_body_of_another_kind_is_a_400(rich: Api, content_type: str) -> None:
    got = rich(
        "POST", f"{P}/remove", raw_body=b"tier=basic", headers={"Content-Type": content_type}
    )

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert balance(rich) == 50


@pytest.mark.parametrize("size", [10_485_761, 10**12, 10**400])
def test_a_photo_over_the_limit_is_refused_before_it_is_sent(rich: Api, size: int) -> None:
    got = rich.post(f"{P}/remove", SHOE | {"fileSize": size})

    assert (got.status, got.json["code"]) == (413, "photo_too_large")
    assert got.json["allowed"] == 10_485_760
    assert balance(rich) == 50


def test_a_photo_at_the_limit_is_taken(rich: Api) -> None:
    assert rich.post(f"{P}/remove", SHOE | {"fileSize": 10_485_760}).status == 202


def test_without_enough_credits_the_numbers_are_told(api: Api) -> None:
    api.stack.open_account(SELLER, 2)

    got = api.post(f"{P}/remove", SHOE)

    assert (got.status, got.json["code"]) == (402, "insufficient_credits")
    assert (got.json["needed"], got.json["available"]) == (3, 2)
    assert entries(api) == []
    assert api.get(f"{P}/jobs").data["jobs"] == []


def test_nobody_pays_a_price_that_they_have_not_seen(rich: Api) -> None:
    got = rich.post(f"{P}/remove", SHOE | {"expectedCredits": 2})

    assert (got.status, got.json["code"], got.json["price"]) == (409, "price_changed", 3)
    assert balance(rich) == 50
    assert rich.post(f"{P}/remove", SHOE | {"expectedCredits": 3}).status == 202


def test_a_replay_gives_the_same_job_and_charges_nothing(rich: Api) -> None:
    first = rich.post(f"{P}/remove", SHOE, headers={"Idempotency-Key": "k1"})
    again = rich.post(f"{P}/remove", SHOE, headers={"idempotency-key": "k1"})

    assert again.status == 202
    assert again.data["jobId"] == first.data["jobId"]
    assert again.data["upload"]["fields"]["key"] == first.data["upload"]["fields"]["key"]
    assert again.headers["x-credits-used"] == "3"
    assert again.headers["x-credits-remaining"] == "47"
    assert entries(rich) == [-3]


def test_a_replay_works_when_the_account_is_empty_by_now(api: Api) -> None:
    api.stack.open_account(SELLER, 3)
    first = api.post(f"{P}/remove", SHOE, headers={"Idempotency-Key": "k1"})

    again = api.post(f"{P}/remove", SHOE, headers={"Idempotency-Key": "k1"})

    assert (again.status, again.data["jobId"]) == (202, first.data["jobId"])
    assert balance(api) == 0


@pytest.mark.parametrize(
    "change", [{"tier": "industry"}, {"fileName": "hat.jpg"}, {"fileSize": 1}, {"contentType": ""}]
)
def test_a_key_is_good_for_one_body_only(rich: Api, change: dict[str, Any]) -> None:
    rich.post(f"{P}/remove", SHOE, headers={"Idempotency-Key": "k1"})

    got = rich.post(f"{P}/remove", SHOE | change, headers={"Idempotency-Key": "k1"})

    assert (got.status, got.json["code"]) == (422, "idempotency_key_reused")
    assert entries(rich) == [-3]


def test_two_callers_may_use_the_same_key(rich: Api) -> None:
    rich.stack.open_account(STRANGER, 50)
    keyed = {"Idempotency-Key": "k1"}

    mine = rich.post(f"{P}/remove", SHOE, headers=keyed)
    theirs = rich.post(f"{P}/remove", SHOE, headers=keyed, user=STRANGER)

    assert mine.data["jobId"] != theirs.data["jobId"]
    assert (balance(rich), balance(rich, STRANGER)) == (47, 47)


def test_without_a_key_every_call_is_a_job_of_its_own(rich: Api) -> None:
    ids = {rich.post(f"{P}/remove", SHOE).data["jobId"] for _ in range(3)}

    assert len(ids) == 3
    assert balance(rich) == 41


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_of_a_bad_length_is_a_400(rich: Api, key: str) -> None:
    got = rich.post(f"{P}/remove", SHOE, headers={"Idempotency-Key": key})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert balance(rich) == 50
