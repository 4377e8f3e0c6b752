"""/api/keys by their owner, and what a key opens."""

from typing import Any

import pytest

from lumiku.domain.people.limits import TESTS_OF_DAY
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.trials import as_trial
from lumiku.services.work import ordering
from scripts.template import by_key
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER, Answer, answer, request, routed
from tests.component.stack import Stack

P, S = "/api/apps/background-remover", "/api/apps/product-photo-studio"
PHOTO = {"fileName": "shoe.png", "fileSize": 9, "tier": "basic"}
BATCH = {"tier": "basic", "files": [{"name": f"{n}.png", "size": 9} for n in range(2)]}


def made(api: Api, **told: Any) -> Any:
    got = api.post("/api/keys", {"name": "importer", **told})
    assert got.status == 201
    return got.data


def opened(stack: Stack, key: str) -> dict[str, Any]:
    """What the authorizer says to a request with that key."""
    event = request("GET", "/api/credits", user=None) | {"identitySource": [key]}
    found: dict[str, Any] = stack.call("authorize_key", event)
    return found


def by(api: Api, key: str, method: str, path: str, body: object = None, **sent: Any) -> Answer:
    """The answer of the API for keys."""
    told = opened(api.stack, key)
    assert told["isAuthorized"]
    return by_context(api, told["context"], method, path, body=body, **sent)


def by_context(api: Api, context: Any, method: str, path: str, **sent: Any) -> Answer:
    """The answer of the API for keys, as long as the gateway remembers what it was told."""
    function = by_key(method, path)
    assert function
    found = routed(method, path)
    event = request(method, path, user=None, path_parameters=found and found[2], **sent)
    event["requestContext"]["authorizer"] = {"lambda": context}
    return answer(api.stack.call(function.folder, event))


def test_a_key_is_shown_once_and_only_its_hash_is_kept(seller: Api) -> None:
    key = made(seller, mode="live")["key"]

    [listed] = seller.get("/api/keys").data["keys"]

    assert "key" not in listed
    assert key.startswith("lk_live_")
    assert key.endswith(listed["endsIn"])
    rows = seller.stack.dynamodb.scan(TableName=seller.stack.table)["Items"]
    assert key[24:] not in str(rows)


def test_a_key_acts_for_the_account_that_made_it(seller: Api) -> None:
    key = made(seller)["key"]

    placed = by(seller, key, "POST", f"{P}/remove", PHOTO)

    assert placed.status == 202
    assert placed.headers["x-credits-used"] == "3"
    job = seller.get(f"{P}/jobs/{placed.data['jobId']}")
    assert job.status == 200


@pytest.mark.parametrize("spoil", [lambda k: k[:-1], lambda k: k + "0", lambda k: k[:-1] + "g"])
def test_a_key_that_is_not_whole_opens_nothing(seller: Api, spoil: Any) -> None:
    assert opened(seller.stack, spoil(made(seller)["key"])) == {"isAuthorized": False}


def test_a_test_key_is_no_live_key_by_another_name(seller: Api) -> None:
    key = made(seller, mode="test")["key"]

    assert not opened(seller.stack, key.replace("lk_test", "lk_live"))["isAuthorized"]


def test_a_revoked_key_opens_nothing_and_is_still_listed(seller: Api) -> None:
    key = made(seller)

    revoked = seller("DELETE", f"/api/keys/{key['keyId']}").data["revokedAt"]

    assert not opened(seller.stack, key["key"])["isAuthorized"]
    assert [one["revokedAt"] for one in seller.get("/api/keys").data["keys"]] == [revoked]
    again = seller("DELETE", f"/api/keys/{key['keyId']}")
    assert again.data["revokedAt"] == revoked
    assert seller.post(f"/api/keys/{key['keyId']}/rotate").status == 404


def test_a_rotated_key_and_the_one_before_open_and_the_one_before_that_does_not(
    seller: Api,
) -> None:
    first = made(seller)
    second = seller.post(f"/api/keys/{first['keyId']}/rotate").data
    third = seller.post(f"/api/keys/{first['keyId']}/rotate").data

    found = [opened(seller.stack, one["key"])["isAuthorized"] for one in (first, second, third)]

    assert found == [False, True, True]


def test_somebody_elses_key_is_not_there(seller: Api) -> None:
    key = made(seller)["keyId"]

    assert seller.post(f"/api/keys/{key}/rotate", user=STRANGER).status == 404
    assert seller("DELETE", f"/api/keys/{key}", user=STRANGER).status == 404
    assert seller.get("/api/keys", user=STRANGER).data["keys"] == []


def test_the_last_use_is_noted_once_an_hour(seller: Api) -> None:
    key = made(seller)["key"]

    opened(seller.stack, key)
    [first] = seller.get("/api/keys").data["keys"]
    opened(seller.stack, key)
    [second] = seller.get("/api/keys").data["keys"]

    assert first["lastUsedAt"] == second["lastUsedAt"] is not None


def test_a_key_does_what_its_scopes_say(seller: Api) -> None:
    key = made(seller, scopes=["read"])["key"]

    refused = by(seller, key, "POST", f"{P}/remove", PHOTO)

    assert (refused.status, refused.json["code"]) == (403, "not_allowed")
    assert refused.json["scope"] == "remover"
    assert by(seller, key, "GET", "/api/credits").status == 200


def test_a_key_has_a_limit_of_its_own(seller: Api) -> None:
    key = made(seller, ordersPerMinute=1)["key"]

    statuses = [by(seller, key, "POST", f"{P}/remove", PHOTO).status for _ in range(2)]

    assert statuses == [202, 429]
    assert seller.post(f"{P}/remove", PHOTO).status == 202


def test_a_key_in_a_url_is_refused(seller: Api) -> None:
    key = made(seller)["key"]

    got = by(seller, key, "GET", "/api/credits", query={"api_key": key})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert key not in got.text


def test_an_account_has_so_many_keys(seller: Api) -> None:
    for _ in range(20):
        made(seller)

    got = seller.post("/api/keys", {"name": "one more"})

    assert (got.status, got.json["code"]) == (409, "too_many_keys")


@pytest.fixture
def trial(seller: Api) -> str:
    """A test key of the seller's."""
    return str(made(seller, mode="test")["key"])


def charged(api: Api) -> int:
    return 1000 - int(api.get("/api/credits").data["balance"])


def orders_by_tests_cost_nothing(seller: Api, trial: str) -> None:
    before = charged(seller)

    one = by(seller, trial, "POST", f"{P}/remove", PHOTO)
    many = by(seller, trial, "POST", f"{P}/batch", BATCH)
    by(seller, trial, "DELETE", f"{P}/batch/{many.data['batchId']}")

    assert (one.status, many.status) == (202, 201)
    assert one.headers["x-credits-used"] == many.headers["x-credits-used"] == "0"
    assert charged(seller) == before
    kinds = [entry["kind"] for entry in seller.get("/api/credits/ledger").data["entries"]]
    assert not {"charge", "refund"} & {*kinds}


def test_a_test_key_charges_nothing(seller: Api, trial: str) -> None:
    orders_by_tests_cost_nothing(seller, trial)


def test_planted_a_test_key_that_charges_is_caught(
    seller: Api, trial: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def charging[T: (Job, Group)](draft: T) -> T:
        paid = {"price": draft.price, "pricing_type": draft.pricing_type}
        return as_trial(draft).model_copy(update=paid)

    monkeypatch.setattr(ordering, "as_trial", charging)

    with pytest.raises(AssertionError):
        orders_by_tests_cost_nothing(seller, trial)


def test_a_test_key_needs_no_credits(api: Api) -> None:
    api.stack.open_account(SELLER, 0)
    key = made(api, mode="test")["key"]

    assert by(api, key, "POST", f"{P}/remove", PHOTO | {"tier": "industry"}).status == 202


def test_each_photo_of_a_test_counts_for_the_day(
    seller: Api, trial: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = TESTS_OF_DAY.model_copy(update={"count": 3})
    monkeypatch.setattr("lumiku.services.people.admission.TESTS_OF_DAY", few)

    many = [by(seller, trial, "POST", f"{P}/batch", BATCH) for _ in range(2)]
    single = [by(seller, trial, "POST", f"{P}/remove", PHOTO) for _ in range(2)]

    assert [one.status for one in (*many, *single)] == [201, 429, 202, 429]
    assert {one.json["limit"] for one in (many[1], single[1])} == {"tests-of-day"}
    assert seller.post(f"{P}/remove", PHOTO).status == 202


def test_a_test_key_orders_no_more_than_a_days_photos_at_once(seller: Api, trial: str) -> None:
    files = [{"name": f"{n}.png", "size": 9} for n in range(501)]

    got = by(seller, trial, "POST", f"{P}/batch", {"tier": "basic", "files": files})

    assert (got.status, got.json["code"], got.json["allowed"]) == (
        400,
        "invalid_request",
        {"max": 500},
    )


def test_what_a_test_key_orders_is_marked_small_and_last_in_line(seller: Api, trial: str) -> None:
    placed = by(seller, trial, "POST", f"{P}/remove", PHOTO)

    job = seller.stack.jobs.get(placed.data["jobId"])

    assert job is not None
    assert job.is_test
    assert [step.name for step in job.workflow] == ["cut-out", "shrink", "watermark"]
    assert job.source.key.startswith("in/standard/")


def test_a_test_key_changes_nothing_but_its_own_orders(seller: Api, trial: str) -> None:
    live = seller.post(f"{P}/batch", BATCH).data["batchId"]
    job = seller.post(f"{P}/remove", PHOTO).data["jobId"]

    assert by(seller, trial, "DELETE", f"{P}/batch/{live}").status == 404
    assert by(seller, trial, "POST", f"{P}/batch/{live}/retry").status == 404
    assert by(seller, trial, "GET", f"{P}/jobs/{job}").status == 404
    assert by(seller, trial, "GET", f"{P}/batches").data["batches"] == []
    assert by(seller, trial, "POST", f"{S}/projects", {"name": "x"}).status == 403
    topup = by(seller, trial, "POST", "/api/credits/topups", {"package": "credits-100"})
    assert topup.status == 403
