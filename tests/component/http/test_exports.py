"""Exports: charged once, made picture by picture, in one ZIP with the lists that account for it."""

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from tests.component.desk import filled
from tests.component.exporting import (
    EVERYTHING,
    NAMES,
    archive,
    export,
    finish,
    project_of_three,
)
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.component.processing import balance, on_plan


@pytest.fixture
def project(api: Api) -> tuple[str, dict[str, str]]:
    """A project of somebody on the plan professional; two of its three items have a picture."""
    return project_of_three(api)


def test_an_export_is_charged_made_and_fetched(api: Api, project: tuple[str, Any]) -> None:
    project_id, ids = project
    before = balance(api)

    ordered = export(api, project_id, **EVERYTHING, folders="platform")
    shown = finish(api, ordered)

    assert (ordered.status, ordered.data["creditsUsed"], before - balance(api)) == (202, 15, 15)
    assert (shown["status"], shown["donePictures"], shown["filesPerPicture"]) == ("completed", 2, 4)
    found = archive(api, shown["exportId"])
    files = [name for name in found.namelist() if "/" in name]
    assert sorted(files) == [
        "1080x1080/bag-1080x1080-002.jpg",
        "1080x1080/bag-1080x1080-002.png",
        "1080x1080/shoe-1080x1080-001.jpg",
        "1080x1080/shoe-1080x1080-001.png",
        "shopee/bag-shopee-002.jpg",
        "shopee/bag-shopee-002.png",
        "shopee/shoe-shopee-001.jpg",
        "shopee/shoe-shopee-001.png",
    ]
    for name in files:
        picture = Image.open(found.open(name))
        assert picture.format == ("PNG" if name.endswith("png") else "JPEG")
        assert picture.width == picture.height
    told = json.loads(found.read("metadata.json"))
    assert {one["path"] for picture in told["pictures"] for one in picture["files"]} == set(files)
    assert [one["itemId"] for one in told["pictures"]] == [ids["shoe.jpg"], ids["bag.jpg"]]
    rows = list(csv.DictReader(io.StringIO(found.read("report.csv").decode("utf-8-sig"))))
    assert {row["file"] for row in rows} == set(files)
    assert found.read("report.html").startswith(b"<!")
    link = api.get(f"{P}/exports/{shown['exportId']}/report").data
    assert link["sizeBytes"] == len(found.read("report.html"))
    assert "attachment" in link["url"]


def test_a_picture_that_fails_is_missing_and_gives_nothing_back(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)

    shown = finish(api, export(api, project[0]), 0)

    assert (shown["status"], shown["donePictures"], shown["failedPictures"]) == ("completed", 1, 1)
    assert shown["pictures"][0]["error"]["code"] == "damaged_photo"
    assert before - balance(api) == shown["creditsUsed"] == 5
    names = archive(api, shown["exportId"]).namelist()
    assert names == ["bag-original-001.png", "metadata.json", "report.csv", "report.html"]


def test_an_export_without_any_file_costs_nothing(api: Api, project: tuple[str, Any]) -> None:
    before = balance(api)

    shown = finish(api, export(api, project[0]), 0, 1)

    assert (shown["status"], shown["creditsRefunded"]) == ("failed", 5)
    assert balance(api) == before
    assert api.get(f"{P}/exports/{shown['exportId']}/download").status == 409


def test_a_picture_that_was_deleted_meanwhile_is_missing(
    api: Api, project: tuple[str, Any]
) -> None:
    project_id, ids = project
    ordered = export(api, project_id)
    gone = [key for key in api.stack.photos.keys("kept/") if f"/{ids['shoe.jpg']}/" in key]
    for key in gone:
        api.stack.photos.delete(key)

    shown = finish(api, ordered)

    assert [one["status"] for one in shown["pictures"]] == ["failed", "completed"]
    assert shown["creditsRefunded"] == 0


def test_a_mark_of_one_s_own_is_on_every_file_and_told_in_the_report(
    api: Api, project: tuple[str, Any]
) -> None:
    on_plan(api, "premium")
    files = {"formats": ["jpeg"], "destinations": ["amazon"]}
    mark = {"text": "Toko", "place": "top-left"}

    plain, marked = (
        archive(api, finish(api, export(api, project[0], **files, **more))["exportId"])
        for more in ({}, {"watermark": mark})
    )

    for name in (name for name in plain.namelist() if name.endswith(".jpg")):
        before, after = (
            np.asarray(Image.open(found.open(name)), np.int16) for found in (plain, marked)
        )
        places = np.argwhere(np.abs(before - after).max(axis=-1) > 40)
        assert places.size
        assert (places.max(axis=0) < np.array(before.shape[:2]) / 4).all()
    (rule,) = {
        row["outcome"]
        for row in csv.DictReader(io.StringIO(marked.read("report.csv").decode("utf-8-sig")))
        if row["rule"] == "No watermark"
    }
    assert rule == "fail"


def test_a_platform_s_name_is_its_first_place(api: Api, project: tuple[str, Any]) -> None:
    shown = finish(api, export(api, project[0], destinations=["instagram", "instagram-feed"]))

    names = [name for name in archive(api, shown["exportId"]).namelist() if "instagram" in name]
    assert names == ["shoe-instagram-feed-001.jpg", "bag-instagram-feed-002.jpg"]


def test_names_that_collide_are_told_apart(api: Api, project: tuple[str, Any]) -> None:
    project_id, ids = project
    for name in NAMES[:2]:
        api("PATCH", f"{P}/items/{ids[name]}", body={"name": "Same: name"})

    shown = finish(api, export(api, project_id, formats=["png"], namePattern="{name}"))

    names = archive(api, shown["exportId"]).namelist()
    assert names[:2] == ["Same_ name.png", "Same_ name-2.png"]


def test_it_is_repeated_by_its_key_alone(api: Api, project: tuple[str, Any]) -> None:
    path, body = f"{P}/projects/{project[0]}/export-zip", {"items": "all", "formats": ["png"]}
    sent = {"headers": {"idempotency-key": "export-1"}}
    before = balance(api)

    first, again = api.post(path, body, **sent), api.post(path, body, **sent)
    other = api.post(path, body | {"formats": ["jpeg"]}, **sent)

    assert first.data["export"]["exportId"] == again.data["export"]["exportId"]
    assert before - balance(api) == 5
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "body"),
        ({"formats": ["gif"]}, "body.formats.0"),
        ({"sizes": ["63"]}, "body.sizes.0"),
        ({"sizes": ["original", "9000x10"]}, "body.sizes.1"),
        ({"destinations": ["ebay"]}, "body.destinations.0"),
        ({"formats": ["png"], "namePattern": "../{name}"}, "body.namePattern"),
        ({"formats": ["png"], "namePattern": "{password}"}, "body.namePattern"),
        ({"formats": ["png"], "namePattern": "same"}, "body.namePattern"),
        ({"formats": ["png"], "folders": "../x"}, "body.folders"),
    ],
)
def test_what_is_wrong_is_named_and_costs_nothing(
    api: Api, project: tuple[str, Any], asked: dict[str, Any], field: str
) -> None:
    before = balance(api)

    got = api.post(f"{P}/projects/{project[0]}/export-zip", {"items": "all"} | asked)

    assert (got.status, got.json["errors"][0]["field"]) == (400, field)
    assert balance(api) == before


def test_items_without_results_and_of_others_are_named_all_at_once(
    api: Api, project: tuple[str, Any]
) -> None:
    project_id, ids = project
    _, others = filled(api, "other.jpg")

    got = export(api, project_id, [ids["shoe.jpg"], ids["hat.jpg"], others["other.jpg"], "item_1"])

    assert got.status == 400
    assert [error["field"] for error in got.json["errors"]] == [
        f"body.items.{place}" for place in (1, 2, 3)
    ]


def test_an_export_of_nothing_is_refused(api: Api, project: tuple[str, Any]) -> None:
    empty, _ = filled(api, "new.jpg")

    nothing = export(api, empty)
    strangers = api.post(
        f"{P}/projects/{project[0]}/export-zip",
        {"items": "all", "formats": ["png"]},
        user=STRANGER,
    )

    assert (nothing.status, nothing.json["pictures"]) == (400, 0)
    assert strangers.status in {403, 404}


def test_what_would_be_too_large_is_said_before_it_is_charged(
    api: Api, project: tuple[str, Any]
) -> None:
    on_plan(api, "premium")
    before = balance(api)

    got = export(api, project[0], formats=["png", "webp"], sizes=["8000x8000", "2400"])

    assert (got.status, got.json["allowed"]) == (400, 100)
    assert balance(api) == before


def test_what_the_plan_lacks_is_named_all_at_once(api: Api, project: tuple[str, Any]) -> None:
    api.stack.open_account(STRANGER, 1000)
    theirs = api.post(f"{P}/projects", {"name": "Tas"}, user=STRANGER).data["projectId"]

    got = api.post(
        f"{P}/projects/{theirs}/export-zip",
        {
            "items": "all",
            "formats": ["webp"],
            "sizes": ["900"],
            "destinations": ["shopee"],
            "watermark": {"text": "Toko"},
        },
        user=STRANGER,
    )

    assert (got.status, got.json["code"], got.json["availableIn"]) == (
        403,
        "not_in_plan",
        "premium",
    )
    assert len(got.json["missing"]) == 5


def test_exports_are_no_generations_and_nobody_elses(api: Api, project: tuple[str, Any]) -> None:
    before = api.get(f"{P}/generations").data["generations"]
    export_id = export(api, project[0]).data["export"]["exportId"]

    assert api.get(f"{P}/generations").data["generations"] == before
    assert api.get(f"{P}/generations/{export_id}_0000").status == 404
    for path in ("", "/download", "/report"):
        assert api.get(f"{P}/exports/{export_id}{path}", user=STRANGER).status == 404
    assert api.get(f"{P}/exports/{export_id}/download").status == 409
    assert api.get(f"/api/apps/background-remover/batch/{export_id}").status == 404


def test_a_zip_that_is_made_again_is_the_same(api: Api, project: tuple[str, Any]) -> None:
    shown = finish(api, export(api, project[0], destinations=["shopee", "website"]))
    key = f"zip/{SELLER}/{shown['exportId']}/results.zip"
    first = api.stack.photos.read(key).data

    api.stack.call("zip_batch", {"groupId": shown["exportId"]})

    assert api.stack.photos.read(key).data == first


@pytest.mark.parametrize(
    "asked",
    [
        {"formats": ["png"]},
        {"sizes": ["900"]},
        {"destinations": ["shopee", "instagram-feed", "instagram-story"]},
        EVERYTHING,
    ],
)
def test_the_price_that_is_told_is_the_price_that_is_charged(
    api: Api, project: tuple[str, Any], asked: dict[str, Any]
) -> None:
    told = api.post(f"{P}/pricing/calculate", {"export": asked}).data
    if told["notInPlan"]:
        on_plan(api, told["notInPlan"]["availableIn"])

    ordered = export(api, project[0], **asked, expectedCredits=told["total"])

    assert (ordered.status, ordered.data["creditsUsed"]) == (202, told["export"]["total"])
