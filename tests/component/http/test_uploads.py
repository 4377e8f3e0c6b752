"""Uploads into projects: charged, taken in, kept, given back, never orphaned."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lumiku.adapters.work.photos import PhotoBucket
from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.projects.items import Upload
from lumiku.services.clock import utc_now
from lumiku.services.projects.batches import SETTLED
from tests.component.attempts import rejected
from tests.component.desk import (
    close,
    counted,
    filled,
    items,
    kept,
    project,
    sweep,
    taken_in,
    told,
    upload,
)
from tests.component.http.conftest import Api
from tests.component.http.test_studio_money import use
from tests.component.http_events import SELLER, STRANGER
from tests.dynamodb import all_rows


@pytest.fixture
def rich(api: Api) -> Api:
    api.stack.open_account(SELLER, 500)
    return api


def balance(api: Api) -> int:
    credits: int = api.get("/api/credits").data["balance"]
    return credits


def due() -> set[str]:
    return {row["sk"] for row in all_rows() if row.get("gsi2pk") == "DUE#PROJECT"}


def test_an_upload_costs_two_credits_a_photo_and_has_one_form(rich: Api) -> None:
    project_id = project(rich)
    files = [{"name": "a.jpg", "size": 20 * 1024 * 1024}, {"name": "b.heic", "size": 1}]
    key = {"Idempotency-Key": "k"}
    path = f"{P}/projects/{project_id}/items/upload"
    got, again = (rich.post(path, {"files": files}, headers=key) for _ in range(2))

    assert (got.status, got.headers["x-credits-used"]) == (201, "4")
    assert got.data["uploadId"] == again.data["uploadId"]
    assert balance(rich) == 496
    prefix = f"in/standard/{SELLER}/{got.data['uploadId']}"
    assert [file["key"] for file in got.data["files"]] == [f"{prefix}/0000", f"{prefix}/0001"]
    assert got.data["upload"]["fields"]["key"] == prefix + "/${filename}"


def test_an_upload_has_the_month_s_discount_and_is_settled_at_it(api: Api) -> None:
    api.stack.open_account(SELLER, 10_000)
    use(api, 5_001)
    project_id, before = project(api), balance(api)
    path = f"{P}/projects/{project_id}/items/upload"
    files = [{"name": f"{number}.jpg", "size": 1} for number in range(10)]
    quoted = api.post(f"{P}/pricing/calculate", {"uploads": 10}).data

    got = api.post(path, {"files": files, "expectedCredits": quoted["total"]}).data
    for index in range(7):
        api.stack.work(f"{got['uploadId']}_{index:04d}", taken_in)
    outcome = close(api.stack, got["uploadId"])

    assert (quoted["uploads"]["monthPercent"], got["creditsUsed"]) == (15, 17)
    assert outcome["refund"] == 17 - 12  # seven photos: 14, less 15 % of it rounded down
    assert balance(api) == before - 12


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([], 400, "invalid_request"),
        ([{"name": "a", "size": 1}] * 101, 400, "invalid_request"),
        ([{"name": "a", "size": 20 * 1024 * 1024 + 1}], 413, "photo_too_large"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_and_costs_nothing(
    rich: Api, files: list[Any], status: int, code: str
) -> None:
    got = rich.post(f"{P}/projects/{project(rich)}/items/upload", {"files": files})

    assert (got.status, got.json["code"]) == (status, code)
    assert balance(rich) == 500


def test_who_has_not_enough_or_another_price_in_mind_pays_nothing(api: Api) -> None:
    api.stack.open_account(SELLER, 3)
    path = f"{P}/projects/{project(api)}/items/upload"
    files = [{"name": "a", "size": 1}, {"name": "b", "size": 1}]

    poor = api.post(path, {"files": files})
    dear = api.post(path, {"files": files[:1], "expectedCredits": 1})

    assert (poor.status, poor.json["needed"], poor.json["available"]) == (402, 4, 3)
    assert (dear.status, dear.json["price"]) == (409, 2)
    assert balance(api) == 3


def test_photos_that_arrive_become_items_and_the_others_are_given_back(rich: Api) -> None:
    project_id = project(rich)
    path = f"{P}/projects/{project_id}/uploads"
    upload_id = upload(rich, project_id, "sepatu.jpg", "bad.jpg", "never.jpg")["uploadId"]
    rich.stack.work(f"{upload_id}_0000", taken_in)
    rich.stack.work(f"{upload_id}_0001", rejected)

    shown = rich.get(f"{path}/{upload_id}").data

    assert [file["status"] for file in shown["files"]] == ["completed", "failed", "pending"]
    assert shown["status"] == "open"
    [item] = items(rich, project_id)
    assert shown["files"][0]["itemId"] == item["itemId"]
    assert (item["name"], item["fileName"], item["width"]) == ("sepatu", "sepatu.jpg", 1200)

    rich.post(f"{path}/{upload_id}/finish")
    outcome = close(rich.stack, upload_id)
    done = rich.get(f"{path}/{upload_id}", headers={"Accept-Language": "id"}).data

    assert (outcome["refund"], outcome["hasResults"]) == (4, False)
    assert (done["status"], done["creditsRefunded"], balance(rich)) == ("completed", 4, 498)
    errors = [file["error"] and file["error"]["code"] for file in done["files"]]
    assert errors == [None, "damaged_photo", "upload_missing"]
    assert done["files"][1]["error"]["message"] == "Berkas rusak."
    assert told(rich, project_id) == counted(project_id) == (1, 18)
    assert not due()


def test_a_kept_photo_outlives_the_job_and_is_shown(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg")
    folder = f"kept/{SELLER}/{project_id}/{ids['a.jpg']}"
    for key in rich.stack.photos.keys("in/") | rich.stack.photos.keys("out/"):
        rich.stack.photos.delete(key)  # as the lifecycle rules do after a week

    assert kept(rich.stack) == {
        f"{folder}/original.jpg",
        f"{folder}/thumbnail.webp",
        f"{folder}/view.webp",
    }
    assert rich.stack.photos.read(f"{folder}/original.jpg").data == b"a photo"
    [item] = items(rich, project_id)
    assert f"{folder}/view.webp" in item["viewUrl"]
    shown = rich.get(f"{P}/projects/{project_id}").data
    [cover] = shown["coverUrls"]
    assert f"{folder}/thumbnail.webp" in cover
    assert rich.get(f"{P}/projects").data["projects"] == [shown]


def test_an_upload_is_kept_once_whoever_looks_and_however_often(rich: Api) -> None:
    project_id = project(rich)
    names = [f"{number}.jpg" for number in range(30)]
    upload_id = upload(rich, project_id, *names)["uploadId"]
    for index in range(30):
        rich.stack.work(f"{upload_id}_{index:04d}", taken_in)
    keeping = rich.stack.app("keep_items").keeping
    stale = keeping.store.upload(project_id, upload_id)
    close(rich.stack, upload_id)

    rich.get(f"{P}/projects/{project_id}/uploads/{upload_id}")
    outcomes = [keeping.keep(stale), sweep(rich.stack), sweep(rich.stack)]

    assert outcomes == ["upload_kept_by_another", {"upload_kept": 1}, {}]
    assert told(rich, project_id) == counted(project_id) == (30, 30 * 18)
    assert len(kept(rich.stack)) == 90


def test_a_photo_that_is_done_after_somebody_looked_is_kept_too(rich: Api) -> None:
    project_id = project(rich)
    upload_id = upload(rich, project_id, "a.jpg", "b.jpg")["uploadId"]
    outcomes = []
    for index, minutes in enumerate((2, 4)):
        rich.stack.work(f"{upload_id}_{index:04d}", taken_in)
        outcomes.append(sweep(rich.stack, later=timedelta(minutes=minutes)))
    close(rich.stack, upload_id)
    outcomes.append(sweep(rich.stack, later=timedelta(minutes=6)))

    assert outcomes == [{"upload_open": 1}, {"upload_open": 1}, {"upload_kept": 1}]
    assert [item["name"] for item in items(rich, project_id)] == ["b", "a"]


def test_an_item_that_is_deleted_while_its_upload_is_open_does_not_come_back(rich: Api) -> None:
    project_id = project(rich)
    upload_id = upload(rich, project_id, "a.jpg", "b.jpg")["uploadId"]
    rich.stack.work(f"{upload_id}_0000", taken_in)
    keeping = rich.stack.app("keep_items").keeping
    stale = keeping.store.upload(project_id, upload_id)
    sweep(rich.stack)
    [item] = items(rich, project_id)
    rich("DELETE", f"{P}/items/{item['itemId']}")
    sweep(rich.stack)

    keeping.keep(stale)  # somebody who is late, and puts the files once more
    sweep(rich.stack)

    assert items(rich, project_id) == []
    assert kept(rich.stack)
    sweep(rich.stack, later=SETTLED + timedelta(minutes=5))
    assert not kept(rich.stack)
    assert told(rich, project_id) == counted(project_id) == (0, 0)


def test_files_that_were_put_before_a_crash_are_put_again_and_counted_once(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id = project(rich)
    upload_id = upload(rich, project_id, "a.jpg")["uploadId"]
    rich.stack.work(f"{upload_id}_0000", taken_in)
    close(rich.stack, upload_id)
    copy, copies = PhotoBucket.copy, []

    def dying(bucket: PhotoBucket, key: str, to: str) -> None:
        copies.append(to)
        if len(copies) == 3:
            raise OSError("the sandbox is gone")
        copy(bucket, key, to)

    monkeypatch.setattr(PhotoBucket, "copy", dying)
    with pytest.raises(ExceptionGroup, match="1 failed"):
        sweep(rich.stack)
    assert counted(project_id) == (0, 0)

    assert sweep(rich.stack, later=timedelta(minutes=4)) == {"upload_kept": 1}
    assert told(rich, project_id) == counted(project_id) == (1, 18)
    assert len(kept(rich.stack)) == 3


def test_an_upload_that_was_never_paid_for_is_forgotten(api: Api) -> None:
    api.stack.open_account(SELLER, 0)
    project_id = project(api)
    api.stack.open_account(SELLER, 2)
    upload_id = upload(api, project_id, "a.jpg")["uploadId"]
    api.stack.dynamodb.delete_item(
        TableName=api.stack.table, Key={"pk": {"S": f"GROUP#{upload_id}"}, "sk": {"S": "META"}}
    )

    assert sweep(api.stack) == {"upload_never_ordered": 1}
    assert due()
    assert sweep(api.stack, later=timedelta(hours=2)) == {"upload_never_ordered": 1}
    assert not due()


def test_uploads_of_others_and_batches_of_the_other_app_are_not_found(rich: Api) -> None:
    project_id = project(rich)
    upload_id = upload(rich, project_id, "a.jpg", "b.jpg")["uploadId"]
    path = f"{P}/projects/{project_id}/uploads"

    assert rich.get(f"{path}/{upload_id}", user=STRANGER).status == 404
    assert rich.get(f"{path}/upload_none").status == 404
    assert rich.get(f"{REMOVER_PREFIX}/batch/{upload_id}").status == 404
    assert rich.get(f"{REMOVER_PREFIX}/jobs/{upload_id}_0000").status == 404
    assert rich.get(f"{REMOVER_PREFIX}/batches").data["batches"] == []


def test_a_form_is_renewed_until_no_more_photos_are_awaited(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id = project(rich)
    upload_id = upload(rich, project_id, "a.jpg")["uploadId"]
    path = f"{P}/projects/{project_id}/uploads/{upload_id}/upload-policy"
    assert rich.post(path).data["url"]

    app = rich.stack.app("projects_api")
    late = replace(app.uploads, clock=lambda: utc_now() + timedelta(minutes=16))
    monkeypatch.setattr(app, "uploads", late)

    assert rich.post(path).json["code"] == "batch_closed"


def test_an_upload_that_was_noted_and_never_paid_for_is_no_upload(api: Api) -> None:
    project_id, upload_id = project(api), f"upload_{'0' * 32}"
    noted = Upload(id=upload_id, project_id=project_id, user_id=SELLER, created_at=utc_now())
    api.stack.app("projects_api").projects.store.begin(noted)

    got = api.get(f"{P}/projects/{project_id}/uploads/{upload_id}")

    assert (got.status, got.json["detail"]) == (404, f"There is no upload {upload_id}.")
