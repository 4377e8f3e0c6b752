"""Removals that other apps order: by a grant, of pictures that are fetched from them."""

from collections.abc import Iterator
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.component.connected import Connected, pictures
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.imitation_apps.app import ImitationApp, Wrong, imitated


@pytest.fixture
def app() -> Iterator[ImitationApp]:
    with imitated("avatar-creator") as started:
        started.projects["p1"] = pictures(12)
        yield started


@pytest.fixture
def connected(seller: Api, app: ImitationApp, monkeypatch: pytest.MonkeyPatch) -> Connected:
    return Connected(seller, app, monkeypatch)


def test_twelve_avatars_come_back_as_cut_outs_for_180_credits(connected: Connected) -> None:
    back = f"{connected.app.url}/projects/p1"

    got = connected.avatars(more={"returnTo": back})

    assert got.status == 201, got.json
    batch_id = got.data["batchId"]
    assert got.data == {
        "batchId": batch_id,
        "projectId": "p1",
        "totalAvatars": 12,
        "totalCredits": 180,
        "discountPercentage": 0,
        "creditsRemaining": 820,
        "integratedWith": "avatar-creator",
        "returnTo": back,
    }
    connected.fetch()
    [told] = connected.close()
    assert told["type"] == "integration.closed"
    assert told["data"]["batchId"] == batch_id
    assert (told["data"]["processedImages"], told["data"]["returnTo"]) == (12, back)
    shown = connected.shown(batch_id)
    assert (shown["status"], shown["creditsUsed"], shown["creditsRefunded"]) == (
        "completed",
        180,
        0,
    )
    assert {one["pictureId"] for one in shown["pictures"]} == set(connected.app.projects["p1"])
    assert all(one["url"].startswith("https://") for one in shown["pictures"])
    assert (connected.balance(), connected.spent()) == (820, 180)


def test_the_account_sees_with_whom_its_orders_are(connected: Connected) -> None:
    batch_id = connected.avatars().data["batchId"]

    [job, *_] = connected.api.get(f"{P}/jobs", query={"batchId": batch_id}).data["jobs"]
    shown = connected.api.get(f"{P}/batch/{batch_id}").data
    [entry, *_] = connected.api.get("/api/credits/ledger").data["entries"]

    assert job["integratedWith"] == "avatar-creator"
    assert shown["integratedWith"] == "avatar-creator"
    assert entry["integratedWith"] == "avatar-creator"


def test_a_message_that_is_sent_twice_orders_once(connected: Connected) -> None:
    first = connected.avatars(message_id="msg_1")
    again = connected.avatars(message_id="msg_1")
    other = connected.avatars(tier="basic", message_id="msg_1")

    assert first.data["batchId"] == again.data["batchId"]
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert (connected.balance(), connected.spent()) == (820, 180)


def test_above_its_cap_an_app_orders_nothing(connected: Connected) -> None:
    connected.connect(359)
    connected.avatars()

    got = connected.avatars()

    assert (got.status, got.json["code"]) == (402, "cap_reached")
    assert (got.json["needed"], got.json["available"], got.json["cap"]) == (180, 179, 359)
    assert (connected.balance(), connected.spent()) == (820, 180)


def test_what_came_back_may_be_spent_again(connected: Connected) -> None:
    connected.connect(180)
    connected.app.wrong["pictures"] = Wrong(status=500)
    connected.avatars()
    connected.fetch()
    connected.close()
    del connected.app.wrong["pictures"]

    assert (connected.balance(), connected.spent()) == (1000, 0)
    assert connected.avatars().status == 201


def test_a_grant_of_another_month_has_its_own_count(connected: Connected) -> None:
    connected.avatars()
    stack = connected.api.stack
    stack.dynamodb.update_item(
        TableName=stack.table,
        Key={"pk": {"S": f"APPS#{SELLER}"}, "sk": {"S": "avatar-creator"}},
        UpdateExpression="SET #was = :all",
        ExpressionAttributeNames={"#was": "spent#2025-01"},
        ExpressionAttributeValues={":all": {"N": "500"}},
    )

    assert connected.spent() == 180


def test_an_app_that_is_disconnected_acts_no_more(connected: Connected) -> None:
    batch_id = connected.avatars().data["batchId"]
    connected.api("DELETE", "/api/connections/avatar-creator")

    again = connected.avatars()
    seen = connected("GET", f"{P}/integrations/avatar-creator/batch/{batch_id}")
    connected.fetch()
    told = connected.close()

    assert (again.status, again.json["code"]) == (403, "not_connected")
    assert (seen.status, seen.json["code"]) == (403, "not_connected")
    assert told == []
    assert connected.balance() == 1000


def test_of_an_app_that_is_removed_in_the_middle_what_was_not_fetched_comes_back(
    connected: Connected,
) -> None:
    batch_id = connected.avatars().data["batchId"]
    for body in connected.messages("FetchQueue")[:5]:
        connected.deliver("fetch_photo", body)
    connected.fetch()
    batch = connected.avatars(message_id="second").data["batchId"]
    connected.api(
        "DELETE",
        "/api/admin/apps/avatar-creator",
        **{"user": "a0a0a0a0-0c1d-4c55-9a0e-5b1f3d2c4a99", "groups": "[admin]"},
    )

    connected.fetch()
    stack = connected.api.stack
    stack.call("close_batch", {"groupId": batch, "requestId": "r", "token": "t"})
    stack.call("close_batch", {"groupId": batch_id, "requestId": "r", "token": "t"})

    failures = {job.failure.code for job in stack.groups.group_jobs(batch) if job.failure}
    assert failures == {"photo_unreachable"}
    assert connected.balance() == 1000 - 5 * 15
    assert connected.avatars().json["code"] == "not_signed"


def test_an_app_of_the_same_name_is_not_what_was_connected(connected: Connected) -> None:
    admin = {"user": "a0a0a0a0-0c1d-4c55-9a0e-5b1f3d2c4a99", "groups": "[admin]"}
    connected.api("DELETE", "/api/admin/apps/avatar-creator", **admin)
    connected.app.secret = connected.add().data["secret"]

    got = connected.avatars()

    assert (got.status, got.json["code"]) == (403, "not_connected")


@pytest.mark.parametrize(
    "grant",
    [
        f"grant_{STRANGER}_{'0' * 32}",
        f"grant_{SELLER}_{'0' * 32}",
        "grant_x",
        "a token",
        f"grant_{SELLER}_{'0' * 32}\n",
    ],
)
def test_an_app_acts_for_nobody_who_did_not_connect_it(connected: Connected, grant: str) -> None:
    got = connected.avatars(grant=grant)

    assert (got.status, got.json["code"]) in {(403, "not_connected"), (401, "not_signed")}
    assert connected.app.asked == []
    assert connected.balance() == 1000


def test_an_app_does_no_more_than_it_was_allowed(connected: Connected) -> None:
    connected.connect(500, "pictures")

    got = connected.avatars()

    assert (got.status, got.json["code"], got.json["scope"]) == (403, "not_connected", "remove")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "soon"},
        {"webhook-id": "msg_other"},
    ],
)
def test_what_is_not_signed_by_the_app_is_refused(
    connected: Connected, spoilt: dict[str, str]
) -> None:
    got = connected.avatars(headers=spoilt)

    assert (got.status, got.json["code"]) == (401, "not_signed")
    assert connected.app.asked == []


def test_a_signature_is_for_one_route_alone(connected: Connected) -> None:
    """The same body and message, sent elsewhere."""
    path = f"{P}/integrations/avatar-creator/batch"
    body = '{"projectId": "p1", "tier": "basic"}'
    headers = connected.app.signed("POST", f"{path}/x", connected.grant, body)

    got = connected.api("POST", path, raw_body=body, headers=headers)

    assert (got.status, got.json["code"]) == (401, "not_signed")


def test_whose_money_it_is_never_comes_from_the_body(connected: Connected) -> None:
    got = connected.avatars(more={"userId": STRANGER})

    assert (got.status, got.json["errors"][0]["field"]) == (400, "body.userId")


def test_another_app_sees_nothing_of_it(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = connected.avatars().data["batchId"]
    own: Any = connected.api.post(
        f"{P}/batch",
        {"tier": "basic", "files": [{"name": "a.jpg", "size": 9}, {"name": "b.jpg", "size": 9}]},
    ).data["batchId"]
    with imitated("carousel-mix") as other:
        mix = Connected(connected.api, other, monkeypatch)
        answers = [
            mix("GET", f"{P}/integrations/carousel-mix/batch/{id}") for id in (batch_id, own)
        ]

    assert [got.status for got in answers] == [404, 404]
