"""What a result shall be: which options are taken, and that every name and type follows them."""

import io
import json
import zipfile
from typing import Any

import pytest
from PIL import Image

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from photo_steps import Workflow
from tests.component.http.conftest import Api
from tests.component.http.forms import form
from tests.component.http_events import SELLER, Answer
from tests.component.lane import Lane, message, photo

SHOE = {"fileName": "shoe.jpg", "fileSize": 1000, "tier": "basic"}
PAIR = {"tier": "basic", "files": [{"name": "shoe.jpg", "size": 9}, {"name": "hat.png", "size": 9}]}
ALL = {"format": "jpeg", "background": "#FF8000", "crop": 5, "maxSize": 1600}


@pytest.fixture
def rich(api: Api) -> Api:
    """The API, with a caller who has 50 credits."""
    api.stack.open_account(SELLER, 50)
    return api


def ask(api: Api, way: str, options: dict[str, Any], **sent: Any) -> Answer:
    """Order with those options in one of the four ways."""
    match way:
        case "remove":
            return api.post(f"{P}/remove", SHOE | options, **sent)
        case "batch":
            return api.post(f"{P}/batch", PAIR | options, **sent)
        case "remove form":
            return form(f"{P}/remove", api, "image", options)
        case _:
            return form(f"{P}/batch", api, "images", options)


WAYS = ["remove", "batch", "remove form", "batch form"]


@pytest.fixture(autouse=True)
def hurried(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the result of a form: no worker is at it."""
    monkeypatch.setattr(api.stack.app("jobs_api"), "MAX_WAIT_S", 0)


def workflows(api: Api, data: dict[str, Any]) -> list[Workflow]:
    """What an order's jobs are put through."""
    if "batchId" in data:
        return [job.workflow for job in api.stack.groups.group_jobs(data["batchId"])]
    job = api.stack.jobs.get(data["jobId"])
    assert job is not None
    return [job.workflow]


@pytest.mark.parametrize("way", WAYS)
def test_options_become_steps_and_cost_nothing(rich: Api, way: str) -> None:
    got = ask(rich, way, ALL)

    assert got.status in {201, 202}, got.text
    price = 6 if "batch" in way else 3
    assert got.data["creditsUsed"] == price
    for workflow in workflows(rich, got.data):
        assert [(step.name, *step.params.values()) for step in workflow] == [
            ("cut-out", "basic"),
            ("crop", 5),
            ("fit", 1600),
            ("on-colour", "#ff8000"),
            ("save-as", "jpeg"),
        ]


@pytest.mark.parametrize("way", WAYS)
def test_a_mask_may_be_asked_for(rich: Api, way: str) -> None:
    got = ask(rich, way, {"output": "mask", "format": "webp"})

    for workflow in workflows(rich, got.data):
        assert [step.name for step in workflow] == ["cut-out", "mask", "save-as"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "gif"),
        ("format", "JPEG"),
        ("format", ""),
        ("background", "pink"),
        ("background", "#fff"),
        ("background", "#12345g"),
        ("background", "#1234567"),
        ("background", "#ffffff\n"),
        ("background", ""),
        ("crop", -1),
        ("crop", 51),
        ("crop", 2.5),
        ("crop", "true"),
        ("crop", "9" * 400),
        ("output", "alpha"),
        ("maxSize", 63),
        ("maxSize", 16384),
        ("maxSize", 0),
        ("maxSize", "big"),
    ],
)
def test_a_value_that_is_none_is_named_and_costs_nothing(
    rich: Api, way: str, field: str, value: Any
) -> None:
    got = ask(rich, way, {field: value})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"].split(".")[-1] for error in got.json["errors"]] == [field]
    assert rich.get("/api/credits").data["balance"] == 50


@pytest.mark.parametrize("way", ["remove", "batch"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("crop", "5"), ("crop", True), ("crop", 5.0), ("maxSize", "800"), ("format", None)],
)
def test_in_json_numbers_are_numbers(rich: Api, way: str, field: str, value: Any) -> None:
    got = ask(rich, way, {field: value})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"].split(".")[-1] for error in got.json["errors"]] == [field]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"output": "mask", "background": "white"}, "A mask has no background"),
        ({"format": "jpeg", "background": "transparent"}, "JPEG has no transparency"),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_reason(
    rich: Api, way: str, options: dict[str, str], why: str
) -> None:
    got = ask(rich, way, options)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    [error] = got.json["errors"]
    assert error["field"] == "body.background"
    assert error["message"].startswith(why)
    assert rich.get("/api/credits").data["balance"] == 50


@pytest.mark.parametrize("way", ["remove", "batch"])
@pytest.mark.parametrize(
    "change",
    [
        {"format": "webp"},
        {"background": "black"},
        {"crop": 6},
        {"crop": None},
        {"maxSize": 1601},
        {"output": "mask", "background": None},
    ],
)
def test_a_key_is_good_for_one_set_of_options(rich: Api, way: str, change: dict[str, Any]) -> None:
    keyed = {"Idempotency-Key": "k1"}
    first = ask(rich, way, ALL, headers=keyed)

    again = ask(rich, way, ALL, headers=keyed)
    other = ask(rich, way, ALL | change, headers=keyed)

    name = "batchId" if way == "batch" else "jobId"
    assert again.data[name] == first.data[name]
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


FILES = pytest.mark.parametrize(
    ("format", "ending", "content_type"),
    [("png", "png", "image/png"), ("webp", "webp", "image/webp"), ("jpeg", "jpg", "image/jpeg")],
)


@FILES
def test_a_result_is_called_what_it_is(
    rich: Api, lane: Lane, format: str, ending: str, content_type: str
) -> None:
    ordered = rich.post(f"{P}/remove", SHOE | {"format": format}).data
    key = ordered["upload"]["fields"]["key"]
    assert lane.deliver(message(lane.put(key, photo()))) == []

    job = rich.get(f"{P}/jobs/{ordered['jobId']}").data
    link = rich.get(f"{P}/jobs/{ordered['jobId']}/download").data

    assert job["metadata"]["format"] == format
    assert (link["fileName"], link["contentType"]) == (f"removed-shoe.{ending}", content_type)
    [stored] = [key for key in lane.keys("out/") if "thumbnail" not in key]
    assert stored.endswith(f".{ending}")
    assert f"removed-shoe.{ending}" in link["url"]
    head = rich.stack.s3.head_object(Bucket=rich.stack.bucket, Key=stored)
    assert head["ContentType"] == content_type


@FILES
def test_a_zip_names_its_files_after_what_they_are(
    rich: Api, lane: Lane, format: str, ending: str, content_type: str
) -> None:
    ordered = rich.post(f"{P}/batch", PAIR | {"format": format, "crop": 0}).data
    for file in ordered["files"]:
        assert lane.deliver(message(lane.put(file["key"], photo()))) == []
    rich.stack.call("close_batch", {"groupId": ordered["batchId"]})
    rich.stack.call("zip_batch", {"groupId": ordered["batchId"]})

    key = f"zip/{SELLER}/{ordered['batchId']}/results.zip"
    stored = rich.stack.s3.get_object(Bucket=rich.stack.bucket, Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        listed = json.loads(archive.read("manifest.json"))
        names = [f"removed-shoe.{ending}", f"removed-hat.{ending}"]
        assert [line["result"] for line in listed["photos"]] == names
        assert archive.namelist() == [*names, "manifest.json", "manifest.csv"]
        for name in names:
            with Image.open(io.BytesIO(archive.read(name))) as image:
                assert image.get_format_mimetype() == content_type


def test_a_retry_of_failed_photos_keeps_the_options(rich: Api, lane: Lane) -> None:
    ordered = rich.post(f"{P}/batch", PAIR | ALL).data
    for file, data in zip(ordered["files"], [photo(), b"no photo"], strict=True):
        lane.deliver(message(lane.put(file["key"], data)))
    rich.stack.call("close_batch", {"groupId": ordered["batchId"]})

    again = rich.post(f"{P}/batch/{ordered['batchId']}/retry").data

    before, _ = workflows(rich, ordered)
    assert len(before) == 5
    assert workflows(rich, again) == [before]
