"""POST /batch and what is below it: orders, progress, photos, the ZIP, and every refusal."""

import io
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from PIL import Image

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.instant import iso
from lumiku.domain.work.groups import Stage
from lumiku.domain.work.jobs import RESULT_DAYS
from lumiku.services.clock import utc_now
from tests.component.http.batches import body, close, order, ordered, row, work
from tests.component.http.conftest import Api
from tests.component.http_events import STRANGER
from tests.component.lane import Lane, message, photo


def test_one_order_one_price_one_form(seller: Api) -> None:
    got = order(seller, 20)

    assert got.status == 201
    made = got.data
    # 20 photos at 3 credits, 5 % off
    assert (got.headers["x-credits-used"], got.headers["x-credits-remaining"]) == ("57", "943")
    assert (made["pricing"]["discountPercentage"], made["pricing"]["finalTotal"]) == (5, 57)
    assert [file["index"] for file in made["files"]] == list(range(20))
    prefix = made["upload"]["fields"]["key"].removesuffix("${filename}")
    assert all(file["key"].startswith(prefix) for file in made["files"])
    assert row(seller.stack, made["batchId"]).stage is Stage.OPEN


def test_the_same_key_orders_once(seller: Api) -> None:
    headers = {"idempotency-key": "k1"}
    first = seller.post(f"{P}/batch", body(2), headers=headers)
    again = seller.post(f"{P}/batch", body(2), headers=headers)
    other = seller.post(f"{P}/batch", body(3), headers=headers)

    assert again.data["batchId"] == first.data["batchId"]
    assert again.headers["x-credits-remaining"] == first.headers["x-credits-remaining"] == "994"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"files": [{"name": "a.jpg", "size": 1}]}, 400, "invalid_request"),
        ({"files": [{"name": "a.jpg", "size": 1}] * 5001}, 400, "invalid_request"),
        ({"files": [{"name": "a.jpg", "size": 0}] * 2}, 400, "invalid_request"),
        ({"files": [{"name": "a.jpg", "size": 11 << 20}] * 2}, 413, "photo_too_large"),
        ({"files": [{"name": "a.jpg", "size": 10 << 20}] * 205}, 413, "batch_too_large"),
        ({"files": [{"name": "a.jpg", "size": 9}] * 500, "tier": "industry"}, 402,
         "insufficient_credits"),
        ({"expectedCredits": 5}, 409, "price_changed"),
        ({"payment": "subscription"}, 403, "no_subscription"),
        ({"tier": "best"}, 400, "invalid_request"),
    ],
)  # fmt: skip
def test_what_is_refused_costs_nothing(
    seller: Api, changes: dict[str, Any], status: int, code: str
) -> None:
    got = order(seller, **changes)

    assert (got.status, got.json["code"]) == (status, code)
    assert seller.get("/api/credits").data["balance"] == 1000


def test_the_sixth_order_of_an_hour_waits(seller: Api) -> None:
    answers = [order(seller) for _ in range(6)]

    assert [got.status for got in answers] == [201] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[0].headers["ratelimit-policy"] == '"batch";q=5;w=3600'


@pytest.mark.parametrize(
    ("count", "changes", "code"),
    [
        (500, {"tier": "industry"}, "insufficient_credits"),
        (2, {"expectedCredits": 5}, "price_changed"),
        (2, {"payment": "subscription"}, "no_subscription"),
    ],
)
def test_refused_orders_do_not_use_up_the_limit(
    seller: Api, count: int, changes: dict[str, Any], code: str
) -> None:
    refused = [order(seller, count, **changes) for _ in range(6)]

    accepted = order(seller)

    assert {got.json["code"] for got in refused} == {code}
    assert accepted.status == 201
    assert accepted.headers["ratelimit"].startswith('"batch";r=4;')


def test_progress_and_an_answer_that_is_known_already(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 4)
    path = f"{P}/batch/{made['batchId']}"
    before = seller.get(path)
    work(lane, made, photo(), photo(), b"no photo")

    got = seller.get(path, headers={"if-none-match": before.headers["etag"]})

    assert (before.data["status"], got.data["status"]) == ("pending", "processing")
    assert got.data["progress"] == {
        "totalImages": 4,
        "processedImages": 2,
        "failedImages": 1,
        "percentage": 75,
    }
    assert got.data["timing"]["estimatedCompletionAt"] is not None
    assert int(got.headers["retry-after"]) > 0
    known = seller.get(path, headers={"if-none-match": got.headers["etag"]})
    assert (known.status, known.text) == (304, "")
    assert known.headers["etag"] == got.headers["etag"]


def test_a_batch_from_its_close_to_its_zip(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 2)
    path = f"{P}/batch/{made['batchId']}"
    work(lane, made, photo(), b"no photo")
    close(seller.stack, made["batchId"], zipped=False)
    early = seller.get(f"{path}/download")
    zipping = seller.get(path)
    close(seller.stack, made["batchId"])
    done = seller.get(path)

    assert (early.status, early.json["code"]) == (409, "batch_not_completed")
    assert (zipping.data["status"], zipping.data["zipUrl"]) == ("processing", None)
    assert (done.data["status"], done.data["zipUrl"]) == ("completed", f"{path}/download")
    assert done.data["pricing"]["creditsRefunded"] == 3
    assert "retry-after" not in done.headers
    link = seller.get(f"{path}/download")
    assert link.data["sizeBytes"] == done.data["zipSizeBytes"] > 0
    moved = seller.get(f"{path}/download", query={"redirect": "true"})
    assert (moved.status, moved.headers["location"][:8]) == (302, "https://")


def test_a_zip_is_gone_after_a_week(seller: Api, lane: Lane) -> None:
    made = ordered(seller)
    work(lane, made, photo(), photo())
    close(seller.stack, made["batchId"])
    seller.stack.dynamodb.update_item(
        TableName=seller.stack.table,
        Key={"pk": {"S": f"GROUP#{made['batchId']}"}, "sk": {"S": "META"}},
        UpdateExpression="SET created_at = :then",
        ExpressionAttributeValues={
            ":then": {"S": iso(utc_now() - RESULT_DAYS - timedelta(seconds=1))}
        },
    )

    for got in (
        seller.get(f"{P}/batch/{made['batchId']}/download"),
        seller.post(f"{P}/batch/{made['batchId']}/retry"),
    ):
        assert (got.status, got.json["code"]) in {
            (410, "result_expired"),
            (409, "nothing_to_retry"),
        }
    assert seller.get(f"{P}/batch/{made['batchId']}/download").status == 410


def test_every_photo_says_what_became_of_it(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 4)
    path = f"{P}/batch/{made['batchId']}"
    work(lane, made, photo(), b"no photo")
    lane.put(made["files"][2]["key"], photo())
    seller.post(f"{path}/finish")

    items = seller.get(f"{path}/items").data["items"]

    assert [(item["status"], item["uploaded"]) for item in items] == [
        ("completed", True),
        ("failed", True),
        ("pending", True),
        ("expired", False),
    ]
    assert [item["error"] and item["error"]["code"] for item in items] == [
        None,
        "unsupported_format",
        None,
        "upload_missing",
    ]


@pytest.mark.parametrize("name", ["${filename}", "shoe.jpg", "0007", "shoes/0000", ""])
def test_a_key_that_is_no_photos_says_so(seller: Api, lane: Lane, name: str) -> None:
    made = ordered(seller)
    path = f"{P}/batch/{made['batchId']}"
    before = seller.get(path)
    key = made["upload"]["fields"]["key"].replace("${filename}", name)

    assert lane.deliver(message(lane.put(key, photo()))) == []

    after = seller.get(path, headers={"if-none-match": before.headers["etag"]})
    hint = after.data["hint"]
    assert (before.data["hint"], lane.keys("in/")) == (None, [])
    assert hint.startswith(f"A file came as '{name}', which is no photo's key.")
    assert "${filename}" in hint
    seller.post(f"{path}/finish")
    [error, _] = [item["error"] for item in seller.get(f"{path}/items").data["items"]]
    assert error["code"] == "upload_missing"
    assert error["message"].endswith(hint)


def test_results_are_shown_small_as_they_come(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 2)
    path = f"{P}/batch/{made['batchId']}/items"
    before = seller.get(path).data
    work(lane, made, photo())

    since = seller.get(path, query={"since": before["asOf"]}).data
    [item] = since["items"]
    assert item["index"] == 0
    parts = urlsplit(item["thumbnailUrl"])
    assert seller.get(path).data["items"][0]["thumbnailUrl"] == item["thumbnailUrl"]
    assert [one["thumbnailUrl"] for one in before["items"]] == [None, None]
    asked = parse_qs(parts.query)
    assert asked["X-Amz-Date"] == [f"{utc_now():%Y%m%dT%H}0000Z"]
    assert "max-age=3600" in asked["response-cache-control"][0]
    key = unquote(parts.path).partition("/out/")[2]
    with Image.open(io.BytesIO(lane.read(f"out/{key}"))) as small:
        assert (small.format, max(small.size) <= 320) == ("WEBP", True)
    over_at = datetime.fromisoformat(item["completedAt"])
    for seconds, count in ((0, 1), (60, 1), (61, 0)):
        moment = (over_at + timedelta(seconds=seconds)).isoformat()
        assert len(seller.get(path, query={"since": moment}).data["items"]) == count
    ever = seller.get(path, query={"since": "0001-01-01T00:00:00Z"}).data["items"]
    assert [one["index"] for one in ever] == [0]


@pytest.mark.parametrize("since", ["yesterday", "2026-11-26T10:00:00", ""])
def test_a_moment_without_its_zone_is_no_moment(seller: Api, since: str) -> None:
    made = ordered(seller)

    refused = seller.get(f"{P}/batch/{made['batchId']}/items", query={"since": since})

    assert (refused.status, refused.json["code"]) == (400, "invalid_request")


def test_a_form_is_renewed_until_the_close(seller: Api) -> None:
    made = ordered(seller)
    path = f"{P}/batch/{made['batchId']}/upload-policy"

    assert seller.post(path).data["fields"]["key"] == made["upload"]["fields"]["key"]
    close(seller.stack, made["batchId"])
    refused = seller.post(path)
    assert (refused.status, refused.json["code"]) == (409, "batch_closed")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/items"),
        ("GET", "/download"),
        ("POST", "/finish"),
        ("POST", "/upload-policy"),
        ("POST", "/retry"),
        ("DELETE", ""),
    ],
)
def test_another_persons_batch_is_not_there(seller: Api, method: str, path: str) -> None:
    made = ordered(seller)

    got = seller(method, f"{P}/batch/{made['batchId']}{path}", user=STRANGER)

    assert (got.status, got.json["code"]) == (404, "not_found")
