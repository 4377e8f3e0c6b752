"""Pictures between items and other apps, and what the platform does of that itself."""

from collections.abc import Iterator

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.projects.items import parsed
from tests.component.connected import Connected
from tests.component.desk import close, filled, items, sweep, taken_in
from tests.component.http.conftest import Api
from tests.component.http_events import STRANGER
from tests.component.lane import photo
from tests.component.processing import (
    balance,
    bought,
    done,
    fails,
    on_plan,
    process,
    processed,
    variations,
)
from tests.imitation_apps.app import ImitationApp, Wrong, imitated


@pytest.fixture
def app() -> Iterator[ImitationApp]:
    with imitated("image-upscaler") as started:
        yield started


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody on the professional plan."""
    found = bought(api)
    on_plan(api, "professional")
    return found


@pytest.fixture
def connected(api: Api, item: str, app: ImitationApp, monkeypatch: pytest.MonkeyPatch) -> Connected:
    return Connected(api, app, monkeypatch)


def test_what_an_item_is_shown_by_is_enlarged_into_a_new_variation(api: Api) -> None:
    item = bought(api)
    on_plan(api, "premium")
    done(api, item)
    [before] = variations(api, item)

    got = api.post(f"{P}/items/{item}/upscale", {"factor": 4})

    assert got.status == 202, got.json
    job = api.stack.jobs.get(got.data["generation"]["generationId"])
    assert job is not None
    assert [step.name for step in job.workflow] == ["upscale"]
    assert before["variationId"].rpartition("_")[2] in job.source.key
    api.stack.begin(job.id, processed)
    sweep(api.stack)
    newest, *_ = variations(api, item)
    assert newest["isSelected"]
    assert newest["asked"]["workflow"] == {"upscale": {"factor": 4}}


def test_a_variation_or_the_photo_itself_is_enlarged(api: Api) -> None:
    item = bought(api)
    on_plan(api, "premium")
    plain = api.post(f"{P}/items/{item}/upscale", {"factor": 2}).data["generation"]
    made = done(api, item)["variationId"]
    done(api, item, {"background": {"action": "solid", "color": "#000000"}})
    named = api.post(f"{P}/items/{item}/upscale", {"variationId": made}).data["generation"]
    jobs = [api.stack.jobs.get(one["generationId"]) for one in (plain, named)]

    assert jobs[0] is not None
    assert jobs[1] is not None
    assert jobs[0].source.key.endswith("/original.jpg")
    assert made.rpartition("_")[2] in jobs[1].source.key
    assert named["asked"]["variationId"] == made


def test_a_variation_of_another_item_is_not_enlarged(api: Api) -> None:
    item = bought(api)
    on_plan(api, "premium")
    other = done(api, item)["variationId"]
    _, others = filled(api, "bag.jpg")
    left = balance(api)

    got = api.post(f"{P}/items/{others['bag.jpg']}/upscale", {"variationId": other})

    assert (got.status, got.json["code"]) == (404, "not_found")
    assert balance(api) == left


def test_the_remover_cuts_an_item_out_at_its_price_and_that_is_its_cut_out(
    api: Api, item: str
) -> None:
    left = balance(api)

    got = api.post(f"{P}/items/{item}/use-background-remover", {"tier": "industry"})

    assert got.status == 202, got.json
    assert (got.data["creditsUsed"], balance(api)) == (25, left - 25)
    job_id = got.data["generation"]["generationId"]
    job = api.stack.jobs.get(job_id)
    assert job is not None
    assert [step.name for step in job.workflow] == ["cut-out", "leave"]
    assert job.integrated_with == "background-remover"
    api.stack.begin(job_id, processed)
    sweep(api.stack)
    [variation] = variations(api, item)
    assert variation["asked"]["tier"] == "industry"
    # What is ordered after that begins behind it, and pays for no removal.
    after = process(api, item)
    assert after.data["creditsUsed"] == 17
    next_job = api.stack.jobs.get(after.data["generation"]["generationId"])
    assert next_job is not None
    assert next_job.workflow[0].params == {"quality": "industry"}
    assert next_job.kept is not None
    assert "industry" in next_job.kept.key
    [line, *_] = [one for one in api.get(f"{P}/usage").data["usage"] if one["reference"] == job_id]
    assert (line["integratedWith"], line["credits"]) == ("background-remover", 25)


def test_nobody_pays_the_remover_twice_for_an_item(api: Api, item: str) -> None:
    path = f"{P}/items/{item}/use-background-remover"
    first = api.post(path, {}).data
    api.stack.begin(first["generation"]["generationId"], processed)
    sweep(api.stack)
    left = balance(api)

    again = api.post(path, {})

    assert (again.status, again.data["creditsUsed"], balance(api)) == (200, 0, left)
    assert again.data["variation"]["generationId"] == first["generation"]["generationId"]


def test_a_removal_that_fails_is_given_back_and_is_not_the_cut_out(api: Api, item: str) -> None:
    left = balance(api)
    got = api.post(f"{P}/items/{item}/use-background-remover", {"tier": "industry"}).data

    api.stack.begin(got["generation"]["generationId"], fails)
    api.stack.settle(got["generation"]["generationId"])
    sweep(api.stack)

    assert balance(api) == left
    assert process(api, item).data["creditsUsed"] == 21


@pytest.mark.parametrize("route", ["use-background-remover", "export-to/image-upscaler"])
def test_handing_over_asks_for_a_plan(api: Api, route: str) -> None:
    item = bought(api)
    left = balance(api)

    got = api.post(f"{P}/items/{item}/{route}", {})

    assert (got.status, got.json["code"]) == (403, "not_in_plan")
    assert got.json["availableIn"] == "professional"
    assert balance(api) == left


def test_a_picture_is_handed_to_an_app(connected: Connected, item: str) -> None:
    made = done(connected.api, item)["variationId"]
    left = connected.balance()

    got = connected.api.post(f"{P}/items/{item}/export-to/image-upscaler", {})

    assert got.data == {
        "app": "image-upscaler",
        "jobId": "job1",
        "redirectUrl": f"{connected.app.url}/jobs/job1",
        "message": None,
        "creditsUsed": 0,
    }
    [given] = connected.app.given
    project, _ = parsed(item) or ("", "")
    assert (given["sourceApp"], given["sourceItemId"]) == ("product-photo-studio", item)
    assert (given["sourceProjectId"], given["metadata"]) == (project, {"name": "shoe"})
    assert made.rpartition("_")[2] in given["imagePath"]
    assert connected.balance() == left


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Wrong(status=500), "answered 500"),
        (Wrong(body=b'{"jobId": "1", "redirectUrl": "https://elsewhere.example.com/"}'), "agreed"),
        (Wrong(body=b'{"redirectUrl": null}'), "agreed"),
    ],
)
def test_an_app_that_does_not_take_a_picture_is_told_of(
    connected: Connected, item: str, wrong: Wrong, told: str
) -> None:
    connected.app.wrong["pictures"] = wrong

    got = connected.api.post(f"{P}/items/{item}/export-to/image-upscaler", {})

    assert (got.status, got.json["code"]) == (502, "app_failed")
    assert told in got.json["detail"]


def test_a_picture_goes_to_no_app_that_the_account_did_not_connect(
    connected: Connected, item: str
) -> None:
    connected.connect(500, "remove")
    lacking = connected.api.post(f"{P}/items/{item}/export-to/image-upscaler", {})
    connected.api("DELETE", "/api/connections/image-upscaler")
    gone = connected.api.post(f"{P}/items/{item}/export-to/image-upscaler", {})
    unknown = connected.api.post(f"{P}/items/{item}/export-to/nobody", {})

    assert (lacking.status, lacking.json["scope"]) == (403, "pictures")
    assert (gone.status, gone.json["code"]) == (403, "not_connected")
    assert unknown.status == 404
    assert connected.app.given == []


def test_an_app_sees_the_pictures_of_who_connected_it(connected: Connected, item: str) -> None:
    made = done(connected.api, item)["variationId"]
    project, _ = parsed(item) or ("", "")
    base = f"{P}/integrations/image-upscaler"

    listed = connected("GET", f"{base}/projects/{project}/pictures").data
    one = connected("GET", f"{base}/pictures/{item}").data
    paged = connected("GET", f"{base}/projects/{project}/pictures", query={"limit": "1"})

    assert listed["projectId"] == project
    assert [picture["pictureId"] for picture in listed["pictures"]] == [item]
    assert (one["pictureId"], one["variationId"], one["name"]) == (item, made, "shoe.png")
    assert one["url"].startswith("https://")
    assert paged.status == 200


def test_an_app_sees_nothing_of_others(connected: Connected, item: str) -> None:
    project, _ = parsed(item) or ("", "")
    other = connected.connect(9, user=STRANGER).data["grant"]["grantId"]
    base = f"{P}/integrations/image-upscaler"

    answers = [
        connected("GET", f"{base}/projects/{project}/pictures", grant=other),
        connected("GET", f"{base}/pictures/{item}", grant=other),
        connected(
            "POST",
            f"{base}/projects/{project}/results",
            {"pictures": [{"pictureId": "x", "name": "x.jpg", "sizeBytes": 9}]},
            grant=other,
        ),
    ]

    assert [got.status for got in answers] == [404, 404, 404]


def test_pictures_of_an_app_become_items_of_a_project(connected: Connected, item: str) -> None:
    data = photo()
    connected.app.projects["u1"] = {"big-1": data}
    project, _ = parsed(item) or ("", "")
    left, path = connected.balance(), f"{P}/integrations/image-upscaler/projects/{project}/results"
    body = {"pictures": [{"pictureId": "big-1", "name": "big.jpg", "sizeBytes": len(data)}]}

    got = connected("POST", path, body, message_id="msg_1")
    again = connected("POST", path, body, message_id="msg_1")

    assert got.status == 201, got.json
    assert (got.data["creditsUsed"], got.data["integratedWith"]) == (2, "image-upscaler")
    assert again.data["uploadId"] == got.data["uploadId"]
    for message in connected.messages("FetchQueue"):
        connected.deliver("fetch_photo", message)
    [key] = [one for one in connected.api.stack.photos.keys("in/") if got.data["uploadId"] in one]
    assert connected.api.stack.photos.read(key).data == data
    connected.api.stack.work(f"{got.data['uploadId']}_0000", taken_in)
    close(connected.api.stack, got.data["uploadId"])
    sweep(connected.api.stack)
    assert {one["fileName"] for one in items(connected.api, project)} == {"shoe.jpg", "big.jpg"}
    assert (connected.balance(), connected.spent()) == (left - 2, 2)


def test_an_id_of_a_job_brings_nothing_of_that_along(connected: Connected, item: str) -> None:
    """An app names its picture after a job of somebody else."""
    data, job_id = photo(), f"job_{'1' * 32}"
    connected.api.stack.put_job(job_id, STRANGER)
    connected.api.stack.work(job_id)
    connected.app.projects["u1"] = {job_id: data}
    project, _ = parsed(item) or ("", "")
    body = {"pictures": [{"pictureId": job_id, "name": "big.jpg", "sizeBytes": len(data)}]}
    path = f"{P}/integrations/image-upscaler/projects/{project}/results"

    upload = connected("POST", path, body).data["uploadId"]
    connected.api.stack.work(f"{upload}_0000", taken_in)
    close(connected.api.stack, upload)
    sweep(connected.api.stack)

    [new] = [one for one in items(connected.api, project) if one["fileName"] == "big.jpg"]
    assert variations(connected.api, new["itemId"]) == []
    assert new["status"] == "uploaded"
