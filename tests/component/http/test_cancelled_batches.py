"""DELETE /batch/{id}: what it ends, what it costs, and when it is too late."""

import pytest

from lumiku.adapters.work.groups import GroupTable
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.work.groups import Archive
from lumiku.services.clock import utc_now
from tests.component.http.batches import close, order, ordered, work
from tests.component.http.conftest import Api
from tests.component.lane import Lane, photo


def test_cancelled_while_it_runs_there_is_a_zip_of_what_was_done(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 3)
    path = f"{P}/batch/{made['batchId']}"
    work(lane, made, photo())
    assert seller("DELETE", path).status == 200
    assert seller("DELETE", path).status == 200
    close(seller.stack, made["batchId"], zipped=False)
    zipping = seller.get(path)
    seller.stack.groups.keep_archive(made["batchId"], Archive(key="zip/x", size_bytes=9))
    got = seller.get(path, headers={"if-none-match": zipping.headers["etag"]})

    assert zipping.data["status"] == "processing"
    assert (got.data["status"], got.data["zipSizeBytes"]) == ("cancelled", 9)
    assert got.data["pricing"]["creditsRefunded"] == 6
    repeated = seller("DELETE", path)
    assert (repeated.status, repeated.data) == (200, got.data)


@pytest.mark.parametrize("closed", [False, True])
def test_a_batch_that_is_all_done_cannot_be_cancelled(
    seller: Api, lane: Lane, closed: bool
) -> None:
    made = ordered(seller, 2)
    path = f"{P}/batch/{made['batchId']}"
    work(lane, made, photo(), photo())
    if closed:
        close(seller.stack, made["batchId"])

    late = seller("DELETE", path)
    close(seller.stack, made["batchId"])

    assert (late.status, late.json["code"]) == (409, "batch_closed")
    assert seller.get(path).data["status"] == "completed"
    kinds = [entry["kind"] for entry in seller.get("/api/credits/ledger").data["entries"]]
    assert kinds.count("charge") == 1
    assert "refund" not in kinds


def test_cancelled_when_all_have_begun_it_goes_on_and_is_done(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 2)
    path = f"{P}/batch/{made['batchId']}"
    now = utc_now()
    for index in range(2):
        seller.stack.jobs.claim(
            f"{made['batchId']}_{index:04d}",
            etag="e",
            size_bytes=1,
            attempt_id="a",
            now=now,
            lease_until=now,
        )

    asked = seller("DELETE", path)
    work(lane, made, photo(), photo())
    close(seller.stack, made["batchId"])

    assert asked.status == 200
    assert seller.get(path).data["status"] == "completed"


def test_a_batch_that_is_half_made_is_cancelled_whole(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process died after the charge: the sweeper would make the photos minutes later."""
    with monkeypatch.context() as dying:
        dying.setattr(GroupTable, "make_jobs", lambda *_: 1 / 0)
        assert order(seller).status == 500
    [made] = seller.get(f"{P}/batches").data["batches"]
    path = f"{P}/batch/{made['batchId']}"

    assert seller("DELETE", path).status == 200

    items = seller.get(f"{path}/items").data["items"]
    assert [item["status"] for item in items] == ["cancelled", "cancelled"]
    close(seller.stack, made["batchId"])
    assert seller.get("/api/credits").data["balance"] == 1000


def test_a_photo_that_was_cancelled_costs_nothing(seller: Api) -> None:
    made = ordered(seller)
    path = f"{P}/batch/{made['batchId']}"
    seller("DELETE", path)
    photo_id = seller.get(f"{path}/items").data["items"][0]["jobId"]

    shown = seller.get(f"{P}/jobs/{photo_id}").data

    assert shown["status"] == "cancelled"
    assert (shown["creditsUsed"], shown["creditsRefunded"]) == (0, 3)
