"""Projects that are deleted: busy ones, full ones, and deletions that are cut short."""

from datetime import timedelta

import pytest

from lumiku.adapters.work.photos import PhotoBucket
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.work.jobs import Status
from tests.component.desk import close, filled, kept, project, sweep, taken_in, upload
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.dynamodb import all_rows


@pytest.fixture
def rich(api: Api) -> Api:
    api.stack.open_account(SELLER, 500)
    return api


def test_a_project_is_busy_while_photos_are_uploaded_unless_they_shall_be_cancelled(
    rich: Api,
) -> None:
    project_id = project(rich)
    upload_id = upload(rich, project_id, "a.jpg", "b.jpg")["uploadId"]
    rich.stack.work(f"{upload_id}_0000", taken_in)
    path = f"{P}/projects/{project_id}"

    busy = rich("DELETE", path)
    gone = rich("DELETE", path, query={"cancel": "true"})

    assert (busy.status, busy.json["code"], busy.json["uploads"]) == (409, "project_busy", 1)
    assert gone.status == 200
    assert sweep(rich.stack) == {"project_emptied": 1, "project_deleted": 1}
    job = rich.stack.jobs.get(f"{upload_id}_0001")
    assert job is not None
    assert job.status is Status.CANCELLED
    assert close(rich.stack, upload_id)["refund"] == 2
    assert not kept(rich.stack)
    for hours in (0.2, 2, 3):
        sweep(rich.stack, later=timedelta(hours=hours))
    assert not [row for row in all_rows() if row["pk"].startswith("PROJECT#")]


def test_of_a_deleted_project_nothing_is_left(rich: Api) -> None:
    project_id, ids = filled(rich, "a.jpg", "b.jpg")
    others, _ = filled(rich, "c.jpg")
    rich("DELETE", f"{P}/projects/{project_id}")

    assert rich.get(f"{P}/items/{ids['a.jpg']}").status == 404
    assert sweep(rich.stack) == {"project_emptied": 1}
    assert {key.split("/")[2] for key in kept(rich.stack)} == {others}
    sweep(rich.stack, later=timedelta(hours=2))
    assert {row["pk"] for row in all_rows() if "PROJECT#" in row["pk"]} == {f"PROJECT#{others}"}


def test_what_a_deletion_could_not_finish_is_done_by_the_next(
    rich: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project_id, _ = filled(rich, "a.jpg")
    rich("DELETE", f"{P}/projects/{project_id}")
    delete, tries = PhotoBucket.delete, []

    def failing(bucket: PhotoBucket, key: str) -> None:
        tries.append(key)
        if len(tries) == 2:
            raise OSError("S3 is away")
        delete(bucket, key)

    monkeypatch.setattr(PhotoBucket, "delete", failing)
    with pytest.raises(ExceptionGroup):
        sweep(rich.stack)
    assert kept(rich.stack)

    assert sweep(rich.stack, later=timedelta(minutes=4)) == {"project_emptied": 1}
    assert not kept(rich.stack)
