"""Small photos that come with the request that orders their upload."""

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from tests.component.desk import close, items, project, sweep, taken_in
from tests.component.http.conftest import Api
from tests.component.http.forms import form
from tests.component.http_events import SELLER
from tests.component.lane import photo


@pytest.fixture
def rich(api: Api) -> Api:
    api.stack.open_account(SELLER, 500)
    return api


def path(project_id: str) -> str:
    return f"{P}/projects/{project_id}/items/upload"


def test_photos_of_a_form_are_uploaded_already_and_become_items(rich: Api) -> None:
    project_id = project(rich)

    got = form(path(project_id), rich, "images", {"expectedCredits": 4}, tier=None)

    assert (got.status, got.headers["x-credits-used"], got.data["upload"]) == (201, "4", None)
    assert [file["name"] for file in got.data["files"]] == ["shoe.jpg"] * 2
    for file in got.data["files"]:
        assert rich.stack.photos.read(file["key"]).data == photo()
    for index in range(2):
        rich.stack.work(f"{got.data['uploadId']}_{index:04d}", taken_in)
    close(rich.stack, got.data["uploadId"])
    sweep(rich.stack)
    assert [item["name"] for item in items(rich, project_id)] == ["shoe", "shoe"]


def test_a_repeated_form_is_charged_once_and_stores_what_is_missing(rich: Api) -> None:
    project_id = project(rich)
    first = form(path(project_id), rich, "images", {}, key="k", tier=None)
    keys = [file["key"] for file in first.data["files"]]
    rich.stack.photos.delete(keys[1])
    rich.stack.photos.write(keys[0], b"what a worker has seen", content_type="image/jpeg")

    again = form(path(project_id), rich, "images", {}, key="k", tier=None)
    other = form(path(project_id), rich, "images", {}, key="k", data=b"another", tier=None)

    assert again.data["uploadId"] == first.data["uploadId"]
    assert rich.stack.photos.read(keys[0]).data == b"what a worker has seen"
    assert rich.stack.photos.read(keys[1]).data == photo()
    assert other.json["code"] == "idempotency_key_reused"
    assert rich.get("/api/credits").data["balance"] == 496


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"expectedCredits": 3}, 409, "price_changed"),
        ({"expectedCredits": "x"}, 400, "invalid_request"),
        ({"tier": "basic"}, 400, "invalid_request"),
    ],
)
def test_a_form_that_is_refused_stores_and_costs_nothing(
    rich: Api, fields: dict[str, object], status: int, code: str
) -> None:
    got = form(path(project(rich)), rich, "images", fields, tier=None)

    assert (got.status, got.json["code"]) == (status, code)
    assert rich.stack.photos.keys("in/") == set()
    assert rich.get("/api/credits").data["balance"] == 500


def test_photos_that_no_request_holds_are_told_the_other_way(rich: Api) -> None:
    got = form(path(project(rich)), rich, "images", {}, data=b"x" * 2_400_000, tier=None)

    assert (got.status, got.json["code"]) == (413, "batch_too_large")
    assert rich.stack.photos.keys("in/") == set()
