"""Exports: charged once, made picture by picture, in one ZIP with the lists that account for it."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from darkroom.models import Models
from darkroom.workflow import Tools, run
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.telling.group_mail import Mail
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from tests.component.desk import close, filled, sweep
from tests.component.http.conftest import Api
from tests.component.http.test_downloads import a_png, made
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.component.processing import balance, on_plan

NAMES = ("shoe.jpg", "bag.jpg", "hat.jpg")
EVERYTHING = {"formats": ["png", "jpeg"], "sizes": ["1080"], "destinations": ["shopee"]}


@pytest.fixture
def project(api: Api) -> tuple[str, dict[str, str]]:
    """A project of somebody on the plan professional; two of its three items have a picture."""
    api.stack.open_account(SELLER, 1000)
    on_plan(api, "professional")
    project_id, ids = filled(api, *NAMES)
    for name in NAMES[:2]:
        made(api, ids[name], a_png(alpha=0))
    return project_id, ids


def export(api: Api, project_id: str, items: Any = "all", **asked: Any) -> Answer:
    body = {"items": items} | (asked or {"formats": ["png"]})
    return api.post(f"{P}/projects/{project_id}/export-zip", body)


def rendered(attempt: Attempt) -> Developed:
    """What a worker makes of it, with real pixels."""
    tools = Tools(Models(lambda name: pytest.fail(name), threads=1), Stopwatch())
    made = run(attempt.photo, attempt.job.workflow, tools)
    return Developed(made.files, note=made.note)


def broken(_: Attempt) -> Developed:
    raise PhotoRejected("damaged_photo", "The photo is damaged.")


def finish(api: Api, ordered: Answer, *broken_ones: int) -> dict[str, Any]:
    """Do what workers and the state machine do of an export; answers it as it is shown."""
    export_id = ordered.data["export"]["exportId"]
    for index in range(ordered.data["export"]["totalPictures"]):
        develop = broken if index in broken_ones else rendered
        api.stack.begin(f"{export_id}_{index:04d}", develop)
    if close(api.stack, export_id)["hasResults"]:
        api.stack.call("zip_batch", {"groupId": export_id})
    shown: dict[str, Any] = api.get(f"{P}/exports/{export_id}").data
    return shown


def archive(api: Api, export_id: str) -> zipfile.ZipFile:
    assert api.get(f"{P}/exports/{export_id}/download").status == 200
    return zipfile.ZipFile(
        io.BytesIO(api.stack.photos.read(f"zip/{SELLER}/{export_id}/results.zip").data)
    )


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
        {"items": "all", "formats": ["webp"], "sizes": ["900"], "destinations": ["shopee"]},
        user=STRANGER,
    )

    assert (got.status, got.json["code"], got.json["availableIn"]) == (
        403,
        "not_in_plan",
        "premium",
    )
    assert len(got.json["missing"]) == 4


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


def retry(api: Api, export_id: str, **sent: Any) -> Answer:
    return api.post(f"{P}/exports/{export_id}/retry", **sent)


def lost(_: Attempt) -> Developed:
    raise PhotoRejected("provider_failed", "The service could not make it.")


def test_what_failed_altogether_is_exported_again_at_what_came_back(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    first = finish(api, export(api, project[0], **EVERYTHING), 0, 1)
    assert balance(api) == before

    again = retry(api, first["exportId"])
    shown = finish(api, again)

    assert (again.status, again.data["creditsUsed"]) == (202, 15)
    assert (shown["status"], shown["donePictures"]) == ("completed", 2)
    assert before - balance(api) == 15
    assert retry(api, first["exportId"]).data["export"]["exportId"] == shown["exportId"]
    assert before - balance(api) == 15
    assert len(archive(api, shown["exportId"]).namelist()) == 11


def test_what_the_service_failed_on_is_exported_once_more_for_nothing(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    ordered = export(api, project[0])
    export_id = ordered.data["export"]["exportId"]
    api.stack.begin(f"{export_id}_0000", rendered)
    close(api.stack, export_id)  # nobody ever began the other one

    again = retry(api, export_id, headers={"idempotency-key": "a"})
    twin = retry(api, export_id, headers={"idempotency-key": "b"})
    shown = finish(api, again)

    assert (again.status, again.data["creditsUsed"]) == (202, 0)
    assert twin.data["export"]["exportId"] == shown["exportId"]
    assert [one["name"] for one in shown["pictures"]] == ["bag"]
    assert before - balance(api) == 5
    assert archive(api, shown["exportId"]).namelist()[0] == "bag-original-001.png"


def test_a_file_that_is_damaged_is_not_tried_for_nothing_for_ever(
    api: Api, project: tuple[str, Any]
) -> None:
    export_id = finish(api, export(api, project[0]), 0)["exportId"]

    first = retry(api, export_id, headers={"idempotency-key": "a"})
    second = retry(api, export_id, headers={"idempotency-key": "b"})

    assert first.data["export"]["exportId"] == second.data["export"]["exportId"]
    assert first.data["creditsUsed"] == 0


def test_an_export_that_is_called_off_in_time_costs_nothing(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    export_id = export(api, project[0]).data["export"]["exportId"]

    for _ in range(2):
        called_off = api.post(f"{P}/exports/{export_id}/cancel")
        assert called_off.status == 200
    close(api.stack, export_id)

    shown = api.get(f"{P}/exports/{export_id}").data
    assert (shown["status"], shown["creditsRefunded"]) == ("cancelled", 5)
    assert balance(api) == before
    assert retry(api, export_id).json["code"] == "nothing_to_retry"
    assert api.post(f"{P}/exports/{export_id}/cancel").status == 200


def test_one_that_is_called_off_late_has_what_came_and_costs_its_price(
    api: Api, project: tuple[str, Any]
) -> None:
    before = balance(api)
    export_id = export(api, project[0]).data["export"]["exportId"]
    api.stack.begin(f"{export_id}_0000", rendered)

    api.post(f"{P}/exports/{export_id}/cancel")
    assert close(api.stack, export_id)["hasResults"]
    api.stack.call("zip_batch", {"groupId": export_id})

    assert before - balance(api) == 5
    assert archive(api, export_id).namelist()[0] == "shoe-original-001.png"
    done = finish(api, export(api, project[0]))
    assert api.post(f"{P}/exports/{done['exportId']}/cancel").json["code"] == "batch_closed"


def test_a_zip_outlives_its_items_and_goes_with_its_project(
    api: Api, project: tuple[str, Any]
) -> None:
    project_id, ids = project
    other = finish(api, export(api, project_id))["exportId"]
    running = export(api, project_id).data["export"]["exportId"]
    api("DELETE", f"{P}/items/{ids['shoe.jpg']}")
    sweep(api.stack)
    assert archive(api, other).namelist()[0] == "shoe-original-001.png"

    deleted = api("DELETE", f"{P}/projects/{project_id}", query={"cancel": "true"})
    sweep(api.stack)

    assert deleted.status == 200
    assert not api.stack.photos.keys("zip/")
    for what in ("download", "report"):
        assert api.get(f"{P}/exports/{other}/{what}").status == 404
    close(api.stack, running)
    assert api.get(f"{P}/exports/{running}").data["creditsRefunded"] == 5


def test_it_is_told_when_it_is_over_and_by_mail_if_that_took_long(
    api: Api, project: tuple[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = finish(api, export(api, project[0]), 0)["exportId"]
    told: list[tuple[str, dict[str, Any]]] = []
    app = api.stack.app("announce_batch")
    monkeypatch.setattr(
        type(app.announcements.events), "publish", lambda _, *event: told.append(event)
    )
    api.stack.call("announce_batch", {"groupId": export_id, "requestId": "r"})
    [(kind, detail)] = told
    assert (kind, detail["processedImages"], detail["creditsCharged"]) == ("export.closed", 1, 5)

    written: list[Mail] = []

    class Desk:
        def send(self, address: str, mail: Mail) -> None:
            written.append(mail)

    mailing = replace(api.stack.app("notify_batch").mailing, mailer=Desk())
    group = api.stack.groups.group(export_id)
    assert group is not None

    def after(seconds: int) -> str:
        clock = lambda: group.created_at + timedelta(seconds=seconds)  # noqa: E731
        return str(replace(mailing, clock=clock).write(export_id))

    mailing.accounts.describe(SELLER, email="seller@example.com")
    assert [after(60), after(61), after(62)] == ["soon_over", "written", "written_before"]
    [mail] = written
    assert "1 dari 2 gambar" in mail.subject or "1 of 2 pictures" in mail.subject
    assert export_id in mail.text


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
