"""One photo and many are ordered in one way: what is repeated, and what a key may be used for."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.work.photos import PhotoKey
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http.forms import form
from tests.component.http_events import SELLER
from tests.component.lane import Lane, message

WAYS = pytest.mark.parametrize(("path", "images"), [("remove", "image"), ("batch", "images")])


@pytest.fixture
def rich(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """The API, with a caller who has credits; nobody waits for results, as no worker is at it."""
    api.stack.open_account(SELLER, 50)
    monkeypatch.setattr(api.stack.app("jobs_api"), "MAX_WAIT_S", 0)
    return api


def stored(lane: Lane) -> dict[str, bytes]:
    return {key: lane.read(key) for key in lane.keys("in/")}


@WAYS
def test_other_bytes_with_the_same_key_are_another_order(
    rich: Api, lane: Lane, path: str, images: str
) -> None:
    first = form(f"{P}/{path}", rich, images, {}, data=b"red", key="k")
    before = stored(lane)

    other = form(f"{P}/{path}", rich, images, {}, data=b"blu", key="k")

    assert first.status in {201, 202}
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    assert stored(lane) == before
    assert set(before.values()) == {b"red"}


def test_a_form_that_is_sent_again_stores_what_is_missing_and_nothing_else(
    rich: Api, lane: Lane
) -> None:
    made = form(f"{P}/batch", rich, "images", {}, data=b"red", key="k").data
    kept, lost = (file["key"] for file in made["files"])
    lane.put(kept, b"under way")
    rich.stack.s3.delete_object(Bucket=rich.stack.bucket, Key=lost)

    again = form(f"{P}/batch", rich, "images", {}, data=b"red", key="k")

    assert (again.status, again.data["batchId"]) == (201, made["batchId"])
    assert stored(lane) == {kept: b"under way", lost: b"red"}


def _nothing(_: Api, __: Lane, ___: str) -> None:
    """The order waits for its worker."""


def _worked(api: Api, lane: Lane, key: str) -> None:
    """A worker decided, after the photo was put there again."""
    lane.deliver(message(lane.put(key, b"under way")))


def _retried(api: Api, lane: Lane, key: str) -> None:
    """A worker is at it."""
    now = utc_now()
    lane.stack.jobs.claim(
        PhotoKey.parse(key).job_id,  # type: ignore[union-attr]
        etag="e",
        size_bytes=1,
        attempt_id="a",
        now=now,
        lease_until=now + timedelta(minutes=2),
    )


def _cancelled(api: Api, lane: Lane, key: str) -> None:
    """Its owner wants no more of it."""
    if "/single/" not in key:
        api("DELETE", f"{P}/batch/{key.split('/')[3]}")


def _closed(api: Api, lane: Lane, key: str) -> None:
    """It is settled."""
    if "/single/" in key:
        return _worked(api, lane, key)
    lane.stack.call("close_batch", {"groupId": key.split("/")[3], "requestId": "r"})
    return None


@WAYS
@pytest.mark.parametrize("state", [_nothing, _retried, _worked, _cancelled, _closed])
def test_no_replay_writes_over_a_photo_whatever_state_its_order_is_in(
    rich: Api, lane: Lane, path: str, images: str, state: Callable[[Api, Lane, str], None]
) -> None:
    form(f"{P}/{path}", rich, images, {}, data=b"red", key="k")
    first, *_ = stored(lane)
    state(rich, lane, first)
    for key in stored(lane):
        lane.put(key, b"under way")
    before = stored(lane)

    again = form(f"{P}/{path}", rich, images, {}, data=b"red", key="k")

    assert again.status in {201, 202, 415}
    assert stored(lane) == before


@WAYS
def test_a_key_whose_order_is_long_gone_is_refused(rich: Api, path: str, images: str) -> None:
    form(f"{P}/{path}", rich, images, {}, data=b"red", key="k")
    rows = rich.stack.dynamodb.scan(TableName=rich.stack.table)["Items"]
    for row in rows:
        if row["pk"]["S"].startswith(("JOB#", "GROUP#")):
            key = {"pk": row["pk"], "sk": row["sk"]}
            rich.stack.dynamodb.delete_item(TableName=rich.stack.table, Key=key)
    before = rich.stack.transactions.rows.get((f"USER#{SELLER}", "ACCOUNT"))

    again = form(f"{P}/{path}", rich, images, {}, data=b"red", key="k")

    assert (again.status, again.json["code"]) == (422, "idempotency_key_reused")
    assert rich.stack.transactions.rows.get((f"USER#{SELLER}", "ACCOUNT")) == before


def test_a_list_that_was_paid_for_is_in_the_bucket_and_not_in_the_row(
    rich: Api, lane: Lane
) -> None:
    files = [{"name": f"{number}.jpg", "size": 1} for number in range(10)]
    made = rich.post(f"{P}/batch", {"tier": "basic", "files": files}).data
    row = rich.stack.dynamodb.get_item(
        TableName=rich.stack.table,
        Key={"pk": {"S": f"GROUP#{made['batchId']}"}, "sk": {"S": "META"}},
    )["Item"]

    assert lane.keys(f"orders/{SELLER}/{made['batchId']}/")
    assert "photos" not in row
    assert len(str(row)) < 2000
