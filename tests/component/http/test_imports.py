"""Finished background removals become items of a project: each once, each paid for once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.clock import utc_now
from tests.component.attempts import made, rejected
from tests.component.desk import (
    close,
    counted,
    items,
    kept,
    project,
    sweep,
    taken_in,
    told,
)
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.dynamodb import all_rows


@pytest.fixture
def rich(api: Api) -> Api:
    api.stack.open_account(SELLER, 500)
    return api


def removal(api: Api, name: str = "sepatu.jpg", **sent: Any) -> str:
    """A finished background removal."""
    body = {"fileName": name, "fileSize": 10, "tier": "basic"}
    job_id: str = api.post(f"{REMOVER_PREFIX}/remove", body, **sent).data["jobId"]
    api.stack.work(job_id, made)
    return job_id


def batch(api: Api, finished: int, others: int = 0) -> str:
    """A batch of which some photos are finished."""
    files = [{"name": f"{n}.jpg", "size": 9} for n in range(finished + others)]
    body = {"tier": "basic", "files": files}
    batch_id: str = api.post(f"{REMOVER_PREFIX}/batch", body).data["batchId"]
    for index in range(finished):
        api.stack.work(f"{batch_id}_{index:04d}", made)
    return batch_id


def bring(api: Api, project_id: str, *job_ids: str, **sent: Any) -> Answer:
    """Import these jobs."""
    return api.post(f"{P}/projects/{project_id}/items/import", {"jobIds": job_ids}, **sent)


def balance(api: Api) -> int:
    credits: int = api.get("/api/credits").data["balance"]
    return credits


def finish(api: Api, upload_id: str, count: int) -> None:
    """What workers and the execution do with an import."""
    for index in range(count):
        api.stack.begin(f"{upload_id}_{index:04d}", taken_in)
    close(api.stack, upload_id)
    sweep(api.stack)


def test_a_finished_removal_becomes_an_item_for_the_price_of_an_upload(rich: Api) -> None:
    project_id, job_id = project(rich), removal(rich)
    before = balance(rich)

    got = bring(rich, project_id, job_id)

    assert (got.status, got.headers["x-credits-used"], balance(rich)) == (201, "2", before - 2)
    [photo] = got.data["photos"]
    assert (photo["id"], photo["status"], photo["error"]) == (job_id, "importing", None)
    queued = rich.stack.sqs.receive_message(QueueUrl=rich.stack.queue_urls["StandardLane"])
    [message] = queued["Messages"]
    assert f"{got.data['uploadId']}_0000" in message["Body"]

    finish(rich, got.data["uploadId"], 1)

    [item] = items(rich, project_id)
    assert (item["itemId"], item["fileName"]) == (photo["itemId"], "sepatu.jpg")
    assert told(rich, project_id) == counted(project_id) == (1, 18)
    assert f"kept/{SELLER}/{project_id}/{item['itemId']}/original.jpg" in kept(rich.stack)
    [cut_out] = rich.get(f"{P}/items/{item['itemId']}/variations").data["variations"]
    assert (cut_out["generationId"], cut_out["isSelected"]) == (job_id, True)
    assert (item["status"], cut_out["creditsUsed"]) == ("processed", 0)
    link = rich.get(f"{P}/items/{item['itemId']}/download").data
    assert f"/{item['itemId']}/variations/" in link["url"]
    shown = rich.get(f"{P}/projects/{project_id}/uploads/{got.data['uploadId']}").data
    assert (shown["status"], shown["creditsRefunded"]) == ("completed", 0)
    [line] = rich.get(f"{P}/usage").data["usage"]
    assert (line["action"], line["credits"]) == ("import", 2)


def test_a_removal_whose_result_is_gone_still_gives_its_photo(rich: Api) -> None:
    project_id, job_id = project(rich), removal(rich)
    upload_id = bring(rich, project_id, job_id).data["uploadId"]
    for key in rich.stack.photos.keys(f"out/{SELLER}/{job_id}/"):
        rich.stack.photos.delete(key)

    finish(rich, upload_id, 1)

    [item] = items(rich, project_id)
    assert item["status"] == "uploaded"
    assert rich.get(f"{P}/items/{item['itemId']}/variations").data["variations"] == []
    assert not [key for key in kept(rich.stack) if "variations" in key]


def test_photos_of_a_batch_bring_their_cut_outs_too(rich: Api) -> None:
    project_id, batch_id = project(rich), batch(rich, finished=2)
    path = f"{P}/projects/{project_id}/items/import"
    upload_id = rich.post(path, {"batchIds": [batch_id]}).data["uploadId"]

    finish(rich, upload_id, 2)

    found = [
        rich.get(f"{P}/items/{item['itemId']}/variations").data["variations"]
        for item in items(rich, project_id)
    ]
    assert [[one["generationId"] for one in each] for each in found] == [
        [f"{batch_id}_0001"],
        [f"{batch_id}_0000"],
    ]


def test_each_photo_is_taken_or_refused_for_itself(rich: Api) -> None:
    project_id = project(rich)
    good, theirs = removal(rich), removal(rich, user=STRANGER)
    waiting = rich.post(
        f"{REMOVER_PREFIX}/remove", {"fileName": "w.jpg", "fileSize": 1, "tier": "basic"}
    ).data["jobId"]
    old = rich.stack.put_job(
        "job_old", SELLER, created_at=utc_now() - timedelta(days=7, minutes=1)
    ).id
    rich.stack.work(old, made)
    some = batch(rich, finished=2, others=1)
    asked = {"jobIds": [good, theirs, waiting, old, good], "batchIds": [some, "batch_none"]}

    got = rich.post(
        f"{P}/projects/{project_id}/items/import", asked, headers={"Accept-Language": "id"}
    )

    assert got.data["creditsUsed"] == 6
    codes = {photo["id"]: photo["error"] and photo["error"]["code"] for photo in got.data["photos"]}
    assert codes == {
        good: None,
        theirs: "not_found",
        waiting: "job_not_completed",
        old: "result_expired",
        f"{some}_0000": None,
        f"{some}_0001": None,
        f"{some}_0002": "job_not_completed",
        "batch_none": "not_found",
    }
    refused = next(photo for photo in got.data["photos"] if photo["id"] == theirs)
    assert refused["error"]["message"] == f"Tidak ada pekerjaan {theirs}."
    finish(rich, got.data["uploadId"], 3)
    assert [item["fileName"] for item in items(rich, project_id)] == [
        "1.jpg",
        "0.jpg",
        "sepatu.jpg",
    ]


def test_what_is_in_the_project_or_on_its_way_is_not_imported_again(rich: Api) -> None:
    project_id, first, second = project(rich), removal(rich), removal(rich, "tas.jpg")
    upload_id = bring(rich, project_id, first).data["uploadId"]
    before = balance(rich)

    on_its_way = bring(rich, project_id, first)
    finish(rich, upload_id, 1)
    there = bring(rich, project_id, first)
    both = bring(rich, project_id, first, second)

    for got, status in ((on_its_way, "importing"), (there, "imported")):
        assert (got.status, got.data["uploadId"], got.data["creditsUsed"]) == (200, None, 0)
        assert [photo["status"] for photo in got.data["photos"]] == [status]
    assert (both.status, both.data["creditsUsed"]) == (201, 2)
    assert [photo["status"] for photo in both.data["photos"]] == ["imported", "importing"]
    assert balance(rich) == before - 2
    assert bring(rich, project(rich), first).status == 201  # another project is another one


def test_the_same_key_is_the_same_import_and_no_other(rich: Api) -> None:
    project_id, first, second = project(rich), removal(rich), removal(rich, "tas.jpg")
    key = {"Idempotency-Key": "k"}
    got = bring(rich, project_id, first, headers=key)
    before = balance(rich)

    again = bring(rich, project_id, first, headers=key)
    finish(rich, got.data["uploadId"], 1)
    later = bring(rich, project_id, first, headers=key)

    assert (again.status, again.data) == (201, got.data)
    assert (later.status, later.data["uploadId"]) == (201, got.data["uploadId"])
    assert [photo["status"] for photo in later.data["photos"]] == ["imported"]
    assert bring(rich, project_id, second, headers=key).json["code"] == "idempotency_key_reused"
    assert balance(rich) == before
    assert len(items(rich, project_id)) == 1


def test_a_photo_that_cannot_be_kept_is_given_back_and_can_be_tried_anew(rich: Api) -> None:
    project_id, job_id = project(rich), removal(rich)
    before = balance(rich)
    upload_id = bring(rich, project_id, job_id).data["uploadId"]
    rich.stack.begin(f"{upload_id}_0000", rejected)
    assert close(rich.stack, upload_id)["refund"] == 2
    sweep(rich.stack)

    assert (balance(rich), items(rich, project_id)) == (before, [])
    assert bring(rich, project_id, job_id).data["creditsUsed"] == 2


def test_who_cannot_pay_or_means_too_much_or_nothing_imports_nothing(api: Api) -> None:
    api.stack.open_account(SELLER, 4)
    project_id, job_id = project(api), removal(api)
    path = f"{P}/projects/{project_id}/items/import"

    poor = bring(api, project_id, job_id)
    nothing = api.post(path, {})
    many = api.post(path, {"jobIds": [f"job_{n}" for n in range(60)], "batchIds": ["x"] * 100})
    more = api.post(path, {"jobIds": ["job"] * 101})

    assert (poor.status, poor.json["needed"], poor.json["available"]) == (402, 2, 1)
    assert (nothing.status, nothing.json["allowed"]) == (400, 100)
    assert (many.status, more.status) == (200, 400)
    assert api.post(path, {"jobIds": [job_id], "expectedCredits": 1}).json["price"] == 2
    assert bring(api, "project_none", job_id).status == 404
    assert bring(api, project_id, job_id, user=STRANGER).status == 404
    assert not [row for row in all_rows() if row["sk"].startswith("ITEM#")]
    assert balance(api) == 1


@pytest.mark.parametrize(("job_ids", "status"), [(["job_none"], 200), ([], 400)])
def test_asking_again_and_again_for_nothing_is_held_up(
    rich: Api, monkeypatch: pytest.MonkeyPatch, job_ids: list[str], status: int
) -> None:
    project_id, now, app = project(rich), utc_now(), rich.stack.app("projects_api")
    monkeypatch.setattr(app, "imports", replace(app.imports, clock=lambda: now))

    statuses = [bring(rich, project_id, *job_ids).status for _ in range(61)]

    assert statuses == [status] * 60 + [429]


def test_photos_of_batches_that_are_too_many_are_not_read(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id, batches = project(rich), [batch(rich, 0, 60), batch(rich, 0, 60)]
    store = type(rich.stack.app("projects_api").imports.batches.groups)
    monkeypatch.setattr(store, "group_jobs", lambda *_: pytest.fail("was read"))

    path = f"{P}/projects/{project_id}/items/import"
    got = rich.post(path, {"batchIds": batches})

    assert (got.status, got.json["photos"], got.json["allowed"]) == (400, 120, 100)


def test_an_import_has_no_form_and_is_cancelled_with_its_project(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id, job_id = project(rich), removal(rich)
    upload_id = bring(rich, project_id, job_id).data["uploadId"]
    path = f"{P}/projects/{project_id}"

    assert rich.post(f"{path}/uploads/{upload_id}/upload-policy").json["code"] == "batch_closed"
    assert rich.post(f"{path}/uploads/{upload_id}/finish").data["status"] == "open"
    assert rich("DELETE", path).json["code"] == "project_busy"
    before = balance(rich)
    assert rich("DELETE", path, query={"cancel": "true"}).status == 200
    sweep(rich.stack)
    close(rich.stack, upload_id)
    assert balance(rich) == before + 2


def test_an_import_that_died_before_its_charge_is_ordered_with_what_is_finished_by_then(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id, first, key = project(rich), "job_first", {"Idempotency-Key": "k"}
    rich.stack.put_job(first, SELLER, file_name="first.jpg")
    second = removal(rich, "second.jpg")
    imports = rich.stack.app("projects_api").imports

    def dying(*_: Any, **__: Any) -> None:
        raise OSError("the sandbox is gone")

    with monkeypatch.context() as patched:
        patched.setattr(type(imports.orders.grouping.photos), "write", dying)
        assert bring(rich, project_id, first, second, headers=key).status == 500
    assert imports.orders.store.uploads(project_id)
    rich.stack.work(first, made)

    got = bring(rich, project_id, first, second, headers=key).data
    finish(rich, got["uploadId"], 2)

    assert got["creditsUsed"] == 4
    for item in items(rich, project_id):
        [cut_out] = rich.get(f"{P}/items/{item['itemId']}/variations").data["variations"]
        assert cut_out["generationId"] == {"first.jpg": first}.get(item["fileName"], second)
