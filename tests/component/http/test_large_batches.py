"""Batches of more than 500 photos through the functions; what makes one large is lowered here."""

import io
import json
import zipfile
from typing import Any

import pytest

from lumiku.adapters.work.groups import GroupTable
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.component.http.batches import body, close, order, ordered, work
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.component.lane import Lane, photo
from tests.component.stack import Stack
from tests.dynamodb import all_rows

GIB = 1024**3
MOST = 10 * 1024**2
"""Bytes of one photo."""


@pytest.fixture
def small_parts(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three photos are large, and a ZIP has two."""
    api.stack.app("batches_api")  # so that its pages are as ever
    monkeypatch.setattr("lumiku.domain.work.groups.LARGE_FROM", 3)
    monkeypatch.setattr("lumiku.domain.work.archives.PART_PHOTOS", 2)


@pytest.fixture
def seller(api: Api) -> Api:
    api.stack.open_account(SELLER, 100_000)
    return api


@pytest.mark.usefixtures("small_parts")
class TestParts:
    def test_each_part_is_a_zip_that_is_listed_and_opens(self, seller: Api, lane: Lane) -> None:
        made = ordered(seller, 5)
        work(lane, made, photo(), b"no photo", photo(), photo(), photo())
        batch_id = made["batchId"]
        close(seller.stack, batch_id)

        shown = seller.get(f"{P}/batch/{batch_id}").data
        listed = seller.get(f"{P}/batch/{batch_id}/download").data

        assert (shown["status"], shown["zipParts"]) == ("completed", 3)
        assert shown["zipSizeBytes"] == sum(part["sizeBytes"] for part in listed["parts"])
        assert [part["fileName"] for part in listed["parts"]] == [
            f"{batch_id}-0{n}.zip" for n in (1, 2, 3)
        ]
        told = [opened(lane, made, part) for part in (1, 2, 3)]
        assert [len(one["photos"]) for one in told] == [2, 2, 1]
        lines = [line for one in told for line in one["photos"]]
        assert [line["source"] for line in lines] == [f"{n}.jpg" for n in range(5)]
        assert [line["result"] is None for line in lines] == [False, True, False, False, False]
        spent = 100_000 - seller.get("/api/credits").data["balance"]
        assert sum(one["creditsCharged"] for one in told) == spent

    def test_one_part_is_asked_for(self, seller: Api, lane: Lane) -> None:
        made = ordered(seller, 3)
        work(lane, made, *[photo()] * 3)
        path = f"{P}/batch/{made['batchId']}/download"
        close(seller.stack, made["batchId"])

        second = seller.get(path, query={"part": "2"})
        redirected = seller.get(path, query={"part": "2", "redirect": "true"})
        refused = seller.get(path, query={"part": "3"})

        assert second.data["fileName"] == second.data["parts"][1]["fileName"]
        assert "results-02.zip" in redirected.headers["location"]
        assert refused.status == 400
        assert refused.json["errors"] == [
            {"field": "query.part", "message": "There is no part 3: this ZIP has 2."}
        ]
        assert seller.get(path, query={"part": "0"}).status == 400

    def test_nothing_is_listed_before_all_parts_are_there(self, seller: Api, lane: Lane) -> None:
        made = ordered(seller, 3)
        work(lane, made, *[photo()] * 3)
        batch_id, stack = made["batchId"], seller.stack
        close(stack, batch_id, zipped=False)

        first = stack.call("zip_batch", {"groupId": batch_id})

        assert first["isLast"] is False
        assert seller.get(f"{P}/batch/{batch_id}/download").status == 409
        assert seller.get(f"{P}/batch/{batch_id}").data["status"] == "processing"
        last = stack.call("zip_batch", {"groupId": batch_id})
        again = stack.call("zip_batch", {"groupId": batch_id})
        assert last == again
        assert last["isLast"] is True
        assert seller.get(f"{P}/batch/{batch_id}").data["status"] == "completed"

    def test_another_batch_has_one(self, seller: Api, lane: Lane) -> None:
        made = ordered(seller, 2)
        work(lane, made, photo(), photo())
        close(seller.stack, made["batchId"])

        listed = seller.get(f"{P}/batch/{made['batchId']}/download").data

        [part] = listed.pop("parts")
        assert {name: part[name] for name in ("fileName", "sizeBytes")} == {
            name: listed[name] for name in ("fileName", "sizeBytes")
        }
        assert listed["fileName"] == f"{made['batchId']}.zip"


def opened(lane: Lane, made: Any, part: int) -> Any:
    """The manifest of a part, all of whose files are sound."""
    key = f"zip/{SELLER}/{made['batchId']}/results-{part:02d}.zip"
    with zipfile.ZipFile(io.BytesIO(lane.read(key))) as archive:
        assert archive.testzip() is None
        return json.loads(archive.read("manifest.json"))


def test_photos_are_listed_page_by_page(seller: Api, lane: Lane) -> None:
    made = ordered(seller, 5)
    work(lane, made, photo(), b"no photo")
    path = f"{P}/batch/{made['batchId']}/items"
    before = seller.get(path).data

    pages, cursor = [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = seller.get(path, query=query).data
        pages.append([item["index"] for item in page["items"]])
        cursor = page["nextCursor"]
        if cursor is None:
            break

    assert pages == [[0, 1], [2, 3], [4]]
    assert [item["index"] for item in before["items"]] == [0, 1, 2, 3, 4]
    assert before["nextCursor"] is None
    since = {"since": made["createdAt"], "limit": "1"}
    first = seller.get(path, query=since).data
    second = seller.get(path, query={**since, "cursor": first["nextCursor"]}).data
    assert [one["items"][0]["index"] for one in (first, second)] == [0, 1]
    assert second["nextCursor"] is None


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "501"}, {"cursor": "bm9uZQ"}])
def test_a_page_that_cannot_be(seller: Api, query: dict[str, str]) -> None:
    made = ordered(seller)
    got = seller.get(f"{P}/batch/{made['batchId']}/items", query=query)
    assert (got.status, got.json["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("photos", "last_bytes", "allowed"),
    [
        (500, None, 2 * GIB),
        (2561, 1, 25 * GIB),
    ],
)
def test_together_they_have_so_many_bytes(
    seller: Api, photos: int, last_bytes: int | None, allowed: int
) -> None:
    sizes = [MOST] * (photos - 1) + [last_bytes or MOST]
    files = [{"name": "a.jpg", "size": size} for size in sizes]

    got = order(seller, files=files)

    assert (got.status, got.json["code"]) == (413, "batch_too_large")
    assert got.json["allowed"] == allowed
    fits = [{"name": "a.jpg", "size": MOST}] * 2560
    assert order(seller, files=fits, expectedCredits=1).status == 409


def row_sizes(stack: Stack) -> dict[str, int]:
    """Bytes of each row of groups but their jobs', as JSON."""
    return {
        row["sk"]: len(json.dumps(row, default=str))
        for row in all_rows()
        if row["pk"].startswith("GROUP#") and not row["sk"].startswith("JOB#")
    }


def test_the_groups_row_is_as_large_for_5000_photos_as_for_10(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GroupTable, "make_jobs", lambda *_: None)  # theirs are rows of their own
    sizes = []
    for photos in (10, 5000):
        seller.stack.empty()
        seller.stack.open_account(SELLER, 100_000)
        got = seller.post(f"{P}/batch", body(photos))
        assert got.status == 201
        assert len(got.data["files"]) == photos
        sizes.append(row_sizes(seller.stack)["META"])

    digits = len("5000") - len("10") + len("12000") - len("30")
    assert sizes[1] - sizes[0] == digits
