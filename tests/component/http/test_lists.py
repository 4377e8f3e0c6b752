"""GET /batches, and the photos of batches in GET /jobs: whose, which, and in what order."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.domain.work.groups import Archive, Group, Outcome, PlannedPhoto, planned_jobs
from lumiku.domain.work.jobs import GAVE_UP, KEPT, Status
from lumiku.domain.work.photos import Lane as LaneName
from lumiku.services.clock import utc_now
from lumiku.services.transactions import CloseGroup, Insert
from lumiku.services.work import listing
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.component.lane import Lane, photo
from tests.component.stack import Stack
from tests.component.test_group_stores import GROUP
from tests.component.whole_batch import send

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def put(stack: Stack, number: int, **changes: Any) -> Group:
    """A batch of three photos, ordered `number` seconds after the first one."""
    created_at = utc_now() - HOUR + number * SECOND
    group = GROUP.model_copy(
        update={
            "id": f"batch_{number:032x}",
            "user_id": SELLER,
            "lane": LaneName.STANDARD,
            "total": 3,
            "created_at": created_at,
            "closes_at": created_at + 2 * HOUR,
            **changes,
        }
    )
    stack.transactions.commit(Insert(group))
    names = tuple(PlannedPhoto(name=f"{n}.jpg", size_bytes=1) for n in range(3))
    stack.groups.make_jobs(planned_jobs(group, names))
    stack.groups.open(group)
    return group


def close(
    stack: Stack, group: Group, completed: int, *, zipped: bool = True, cancelled: int = 0
) -> None:
    failed = 3 - completed - cancelled
    outcome = Outcome(completed=completed, failed=failed, expired=0, cancelled=cancelled, refund=0)
    stack.transactions.commit(CloseGroup(group, outcome, utc_now()))
    if completed and zipped:
        stack.groups.keep_archive(group.id, Archive(key="zip/z", size_bytes=9))


def page_through(api: Api, path: str, **query: str) -> list[list[str]]:
    """Ids on every page of a list, to the last."""
    pages, name = [], path.strip("/")
    while True:
        data = api.get(f"{P}{path}", query=query).data
        ids = {"jobs": "jobId", "batches": "batchId"}
        pages.append([one[ids[name]] for one in data[name]])
        if data["nextCursor"] is None:
            return pages
        query["cursor"] = data["nextCursor"]


def test_somebody_new_has_no_batches(api: Api) -> None:
    assert api.get(f"{P}/batches").data == {"batches": [], "nextCursor": None}


def test_pages_hold_every_batch_once_newest_first(api: Api) -> None:
    ids = [put(api.stack, number).id for number in range(5)]
    put(api.stack, 9, user_id=STRANGER)
    put(api.stack, 10, app="studio", product="studio/scene")

    pages = page_through(api, "/batches", limit="2")

    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert page_through(api, "/batches", limit="5") == [ids[::-1]]
    assert len(page_through(api, "/batches")) == 1


def test_a_batch_is_listed_as_it_is_shown(api: Api) -> None:
    groups = [put(api.stack, number) for number in range(2)]
    close(api.stack, groups[0], completed=2)

    listed = api.get(f"{P}/batches").data["batches"]

    assert listed == [api.get(f"{P}/batch/{group.id}").data for group in reversed(groups)]
    assert listed[1]["progress"]["failedImages"] == 1


def test_batches_of_a_status_are_found_among_others(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = api.stack
    names = ("pending", "begun", "unzipped", "completed", "failed", "cancelled", "last")
    groups = {name: put(stack, number) for number, name in enumerate(names)}
    job = stack.groups.group_jobs(groups["begun"].id)[0]
    [ended] = stack.groups.end([job], Status.FAILED, GAVE_UP, at=utc_now())
    stack.groups.mark(ended)
    close(stack, groups["unzipped"], completed=3, zipped=False)
    close(stack, groups["completed"], completed=3)
    close(stack, groups["failed"], completed=0)
    close(stack, groups["cancelled"], completed=1, cancelled=2)
    monkeypatch.setattr(listing, "READ_AT_MOST", 3)

    def of(status: str) -> set[str]:
        pages = page_through(api, "/batches", status=status, limit="1")
        found = [batch for page in pages for batch in page]
        return {name for name, group in groups.items() if group.id in found}

    assert of("pending") == {"pending", "last"}
    assert of("processing") == {"begun", "unzipped"}
    assert of("completed") == {"completed"}
    assert of("failed") == {"failed"}
    assert of("cancelled") == {"cancelled"}


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"status": "expired"}, {"cursor": "AAAA"}, {"cursor": ""}], ids=str
)
def test_a_bad_query_is_a_400(api: Api, query: dict[str, str]) -> None:
    got = api.get(f"{P}/batches", query=query)

    assert (got.status, got.json["code"]) == (400, "invalid_request")


def test_the_photos_of_a_batch_are_listed_in_their_order(api: Api) -> None:
    group, other = put(api.stack, 0), put(api.stack, 1)
    ids = [f"{group.id}_000{index}" for index in range(3)]
    job = api.stack.groups.group_jobs(group.id)[1]
    api.stack.groups.end([job], Status.CANCELLED, GAVE_UP, at=utc_now())

    assert page_through(api, "/jobs", batchId=group.id, limit="2") == [ids[:2], ids[2:]]
    assert page_through(api, "/jobs", batchId=group.id, status="cancelled") == [[ids[1]]]
    [listed, *_] = api.get(f"{P}/jobs", query={"batchId": group.id}).data["jobs"]
    assert listed == api.get(f"{P}/jobs/{ids[0]}").data
    assert listed["batchId"] == group.id
    cursor = api.get(f"{P}/jobs", query={"batchId": other.id, "limit": "1"}).data["nextCursor"]
    assert page_through(api, "/jobs", batchId=group.id, cursor=cursor) == [ids]


@pytest.mark.parametrize("batch_id", [f"batch_{0:032x}", "batch_of_nobody", ""])
def test_the_photos_of_another_persons_batch_are_not_there(api: Api, batch_id: str) -> None:
    put(api.stack, 0, user_id=STRANGER)

    got = api.get(f"{P}/jobs", query={"batchId": batch_id})

    assert (got.status, got.json["code"]) == (404, "not_found")


@pytest.mark.parametrize("limit", ["1", "2", "3", "4", "100"])
def test_photos_of_batches_are_listed_among_the_others_on_request(api: Api, limit: str) -> None:
    stack, now = api.stack, utc_now()
    singles = [
        stack.put_job(f"job_{n}", SELLER, created_at=now - HOUR + n * SECOND).id for n in (0, 2, 4)
    ]
    groups = [put(stack, number) for number in (1, 3)]
    put(stack, 5, user_id=STRANGER)
    put(stack, 6, created_at=now - KEPT - HOUR)
    photos = [[f"{group.id}_000{index}" for index in range(3)] for group in groups]

    pages = page_through(api, "/jobs", includeBatches="true", limit=limit)

    expected = [singles[2], *photos[1], singles[1], *photos[0], singles[0]]
    assert [job for page in pages for job in page] == expected
    assert {len(page) for page in pages[:-1]} <= {int(limit)}
    alone = page_through(api, "/jobs", limit=limit)
    assert [job for page in alone for job in page] == singles[::-1]


def test_other_apps_jobs_are_not_listed(api: Api) -> None:
    api.stack.put_job("job_1", SELLER, app="studio", product="studio/scene")

    assert page_through(api, "/jobs", includeBatches="true") == [[]]


def test_a_page_ends_where_too_much_was_read(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        api.stack.put_job(f"job_{number}", SELLER, created_at=utc_now() + number * SECOND)
    api.stack.work("job_0")
    monkeypatch.setattr(listing, "READ_AT_MOST", 2)

    assert page_through(api, "/jobs", status="completed") == [[], [], ["job_0"]]
    assert page_through(api, "/jobs") == [["job_4", "job_3"], ["job_2", "job_1"], ["job_0"]]


def test_what_another_app_did_counts_as_read(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.stack.put_job("job_0", SELLER)
    for number in range(1, 5):
        at = utc_now() + number * SECOND
        made = {"app": "product-photo-studio", "product": "studio/process"}
        api.stack.put_job(f"job_{number}", SELLER, created_at=at, **made)
    monkeypatch.setattr(listing, "READ_AT_MOST", 2)

    assert page_through(api, "/jobs") == [[], [], ["job_0"]]


def test_nothing_that_a_customer_gets_of_a_batch_tells_what_it_cost_us(
    api: Api, lane: Lane
) -> None:
    api.stack.open_account(SELLER, 100)
    told = send(lane, [photo(), photo()])
    batch_id = told["batchId"]
    paths = ["/batches", f"/batch/{batch_id}", f"/batch/{batch_id}/items", f"/jobs/{batch_id}_0000"]
    answers = [api.get(f"{P}{path}") for path in paths]
    answers.append(api.get(f"{P}/jobs", query={"batchId": batch_id}))
    group = api.stack.groups.group(batch_id)
    assert group is not None
    assert group.archive is not None
    with zipfile.ZipFile(io.BytesIO(lane.read(group.archive.key))) as archive:
        manifests = [archive.read(f"manifest.{kind}").decode() for kind in ("json", "csv")]

    assert '"receipt":{' in (answers[-1].text or "")
    left = [*(answer.text or "" for answer in answers), *manifests, str(told)]
    assert [text for text in left if "microusd" in text.lower()] == []
