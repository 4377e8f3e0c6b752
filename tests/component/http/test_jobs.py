"""GET /jobs and GET /jobs/{id}: whose, which, in what order, and when."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.work.jobs import Status
from lumiku.services.clock import utc_now
from tests.component.attempts import left_whole, rejected
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER


def put_jobs(api: Api, count: int, user: str = SELLER) -> list[str]:
    """Jobs a second apart; answers their ids, newest first."""
    start = utc_now() - timedelta(hours=1)
    ids = [f"job_{user[:4]}_{number:03d}" for number in range(count)]
    for number, job_id in enumerate(ids):
        api.stack.put_job(job_id, user, created_at=start + timedelta(seconds=number))
    return ids[::-1]


def page_through(api: Api, **query: str) -> list[list[str]]:
    """Ids of every page, to the last."""
    pages = []
    while True:
        data = api.get(f"{P}/jobs", query=query).data
        pages.append([job["jobId"] for job in data["jobs"]])
        if data["nextCursor"] is None:
            return pages
        query["cursor"] = data["nextCursor"]


def test_somebody_new_has_no_jobs(api: Api) -> None:
    assert api.get(f"{P}/jobs").data == {"jobs": [], "nextCursor": None}


@pytest.mark.parametrize(
    ("count", "limit", "sizes"),
    [(7, 3, [3, 3, 1]), (6, 3, [3, 3]), (3, 3, [3]), (2, 3, [2]), (55, 25, [25, 25, 5])],
)
def test_pages_hold_every_job_once_newest_first(
    api: Api, count: int, limit: int, sizes: list[int]
) -> None:
    newest_first = put_jobs(api, count)
    put_jobs(api, 5, STRANGER)

    pages = page_through(api, limit=str(limit))

    assert [len(page) for page in pages] == sizes
    assert [job for page in pages for job in page] == newest_first


def test_without_a_limit_a_page_holds_twenty(api: Api) -> None:
    put_jobs(api, 21)

    assert [len(page) for page in page_through(api)] == [20, 1]


def test_a_status_is_found_behind_many_other_jobs(api: Api) -> None:
    newest_first = put_jobs(api, 60)
    wanted = newest_first[7::25]
    for job_id in wanted:
        api.stack.work(job_id)

    pages = page_through(api, status="completed", limit="2")

    assert [job for page in pages for job in page] == wanted
    assert len(page_through(api, status="pending", limit="100")[0]) == 60 - len(wanted)


def test_a_finished_job_shows_its_receipt(api: Api) -> None:
    api.stack.put_job("job_1", SELLER)
    assert api.get(f"{P}/jobs/job_1").data["receipt"] is None
    api.stack.work("job_1")

    receipt = api.get(f"{P}/jobs/job_1").data["receipt"]

    assert list(receipt.pop("stageMs")) == ["read", "decode", "hosted", "write"]
    assert receipt == {
        "entry": "fal:birefnet-light",
        "provider": "fal",
        "model": "birefnet-light",
        "requestId": "request-1",
        "weights": {},
        "tries": 1,
        "faults": [],
        "credits": 3,
        "asked": {},
    }


def test_what_a_result_cost_us_is_shown_to_administrators_only(api: Api) -> None:
    api.stack.put_job("job_1", SELLER)
    api.stack.work("job_1")

    def receipts(**asked_by: str) -> list[dict[str, Any]]:
        [listed] = api.get(f"{P}/jobs", **asked_by).data["jobs"]
        return [api.get(f"{P}/jobs/job_1", **asked_by).data["receipt"], listed["receipt"]]

    [shown, listed], to_customers = receipts(groups="[admin]"), receipts()

    costs = {name: shown.pop(name) for name in ("providerCostMicroUsd", "lambdaCostMicroUsd")}
    run_ms = sum(shown["stageMs"].values())
    assert costs == {
        "providerCostMicroUsd": 3000,
        "lambdaCostMicroUsd": -(-run_ms * 16_667 // 1_000_000),
    }
    assert listed == shown | costs
    assert to_customers == [shown, shown]


def test_a_decided_failure_shows_as_processing_until_it_is_settled(api: Api) -> None:
    api.stack.put_job("job_1", SELLER)
    api.stack.work("job_1", rejected)

    before = api.get(f"{P}/jobs/job_1").data
    assert api.get(f"{P}/jobs", query={"status": "processing"}).data["jobs"] == [before]
    assert (before["status"], before["error"], before["creditsRefunded"]) == ("processing", None, 0)

    api.stack.settle("job_1")

    after = api.get(f"{P}/jobs/job_1").data
    assert api.get(f"{P}/jobs", query={"status": "failed"}).data["jobs"] == [after]
    assert after["status"] == "failed"
    assert after["error"] == {"code": "damaged_photo", "message": "The photo is cut short."}
    assert (after["creditsUsed"], after["creditsRefunded"]) == (0, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": "2.5"},
        {"limit": "many"},
        {"limit": ""},
        {"status": "failing"},
        {"status": "lost"},
        {"status": ""},
        {"cursor": "c" * 513},
    ],
    ids=str,
)
def test_a_bad_query_is_a_400(api: Api, query: dict[str, str]) -> None:
    got = api.get(f"{P}/jobs", query=query)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert got.json["errors"][0]["field"] == f"query.{next(iter(query))}"


def forged(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "=",
        "!!!!",
        "a",
        "\x00",
        "kürsor",
        "AAAA",
        "_____w",
        forged("USER#someone"),
        forged("2026-11-21"),
        forged("2026-11-21T09:00:00.000Z#"),
        forged("x2026-11-21T09:00:00.000Z#job_1"),
    ],
)
def test_a_cursor_that_we_never_gave_is_a_400(api: Api, cursor: str) -> None:
    put_jobs(api, 1)

    got = api.get(f"{P}/jobs", query={"cursor": cursor})

    assert (got.status, got.json["code"]) == (400, "invalid_request")


def test_the_cursor_of_another_user_shows_only_ones_own_jobs(api: Api) -> None:
    mine = put_jobs(api, 4)
    put_jobs(api, 4, STRANGER)
    theirs = api.get(f"{P}/jobs", query={"limit": "2"}, user=STRANGER).data["nextCursor"]

    shown = api.get(f"{P}/jobs", query={"cursor": theirs}).data["jobs"]

    assert {job["jobId"] for job in shown} <= set(mine)


@pytest.mark.parametrize("path", ["", "/download"])
def test_the_job_of_another_user_is_a_404_like_none_at_all(api: Api, path: str) -> None:
    api.stack.put_job("job_1", STRANGER)
    api.stack.work("job_1")

    theirs = api.get(f"{P}/jobs/job_1{path}")
    nobodys = api.get(f"{P}/jobs/job_2{path}")

    assert (theirs.status, nobodys.status) == (404, 404)
    assert theirs.text.replace("job_1", "job_2") == nobodys.text


@pytest.mark.parametrize("job_id", ["META", "%00", "..", "j%C3%B6b", "job_1%2Fdownload", "j" * 128])
def test_an_odd_id_is_a_404(api: Api, job_id: str) -> None:
    assert api.get(f"{P}/jobs/{job_id}").status == 404


def test_an_endless_id_is_a_400(api: Api) -> None:
    assert api.get(f"{P}/jobs/{'j' * 3000}").status == 400


def test_a_completed_job_tells_sizes_and_times(api: Api) -> None:
    api.stack.put_job("job_1", SELLER, declared_bytes=7)
    api.stack.work("job_1")

    shown = api.get(f"{P}/jobs/job_1").data

    assert shown["status"] == "completed"
    assert shown["metadata"] == {
        "originalSize": 7,
        "processedSize": 8,
        "width": 30,
        "height": 20,
        "format": "png",
    }
    assert (shown["creditsUsed"], shown["creditsRefunded"], shown["error"]) == (3, 0, None)
    assert shown["processingTimeMs"] >= 0
    assert shown["createdAt"].endswith("Z")
    assert shown["createdAt"] <= shown["completedAt"]
    assert shown["warnings"] == []


def test_a_photo_left_whole_is_a_result_with_a_warning(api: Api) -> None:
    api.stack.put_job("job_1", SELLER)
    api.stack.work("job_1", left_whole)

    shown = api.get(f"{P}/jobs/job_1").data

    assert shown["status"] == "completed"
    assert shown["warnings"] == ["no_subject"]


def test_every_status_is_shown(api: Api) -> None:
    for status in Status:
        api.stack.put_job(f"job_{status}", SELLER, status=status)

    shown = {job["jobId"]: job["status"] for job in api.get(f"{P}/jobs").data["jobs"]}

    assert shown == {f"job_{status}": status.shown for status in Status}
    assert shown["job_failing"] == "processing"
    assert shown["job_paused"] == "pending"
