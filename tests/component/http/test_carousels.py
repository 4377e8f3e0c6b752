"""Carousels: what is charged, what becomes of each slide, what is refused."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.projects.items import parsed
from tests.component.desk import close
from tests.component.exporting import rendered
from tests.component.http.conftest import Api
from tests.component.http.test_downloads import a_png, made
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.component.processing import balance, bought, fails, variations

LONG = "Mmmmmmmmm " * 12


@pytest.fixture
def item(api: Api) -> str:
    """A processed item of somebody who bought credits; 995 are left."""
    found = bought(api)
    made(api, found, a_png())
    return found


def create(api: Api, item: str, *slides: dict[str, Any], **said: Any) -> Answer:
    """Order a carousel of an item's pictures."""
    project_id, _ = parsed(item) or ("", "")
    body = {"slides": [{"itemId": item, **one} for one in slides]}
    headers = {"Idempotency-Key": said.pop("key", item)}
    return api.post(f"{P}/projects/{project_id}/create-carousel", body | said, headers=headers)


def finish(api: Api, ordered: Answer, *broken: int) -> dict[str, Any]:
    """Do what workers and the state machine do of a carousel; answers it as it is shown."""
    carousel = ordered.data["carousel"]
    for index in range(len(carousel["slides"])):
        job_id = f"{carousel['carouselId']}_{index:04d}"
        api.stack.begin(job_id, fails if index in broken else rendered)
    if close(api.stack, carousel["carouselId"])["hasResults"]:
        api.stack.call("zip_batch", {"groupId": carousel["carouselId"]})
    shown: dict[str, Any] = api.get(f"{P}/carousels/{carousel['carouselId']}").data
    return shown


def slides(api: Api, carousel: dict[str, Any]) -> zipfile.ZipFile:
    """The ZIP of a carousel."""
    key = f"zip/{SELLER}/{carousel['carouselId']}/results.zip"
    assert api.get(f"{P}/carousels/{carousel['carouselId']}/download").status == 200
    return zipfile.ZipFile(io.BytesIO(api.stack.photos.read(key).data))


def test_slides_are_made_for_30_credits_and_fetched_as_a_zip(api: Api, item: str) -> None:
    ordered = create(api, item, {"price": "Rp 35.000"}, {"note": LONG}, name="Lebaran", ratio="4:5")
    told = finish(api, ordered)

    assert (ordered.status, ordered.data["creditsUsed"]) == (202, 30)
    assert (told["status"], told["creditsUsed"], told["name"]) == ("completed", 30, "Lebaran")
    assert [slide["warnings"] for slide in told["slides"]] == [[], ["text_cut"]]
    assert all(slide["url"] and slide["thumbnailUrl"] for slide in told["slides"])
    found = slides(api, told)
    assert found.namelist()[:2] == ["01-shoe.jpg", "02-shoe.jpg"]
    first = Image.open(found.open("01-shoe.jpg"))
    assert (first.format, first.size) == ("JPEG", (1080, 1350))
    assert balance(api) == 965


def test_a_slide_says_the_item_s_name_where_nothing_else_is_said(api: Api, item: str) -> None:
    api("PATCH", f"{P}/items/{item}", body={"name": "Sepatu \N{FIRE} lari"})

    ordered = create(api, item, {}, {"title": ""}, {"title": "Baru"}, layout="card")

    jobs = api.stack.groups.group_jobs(ordered.data["carousel"]["carouselId"])
    told = [job.workflow[0].params for job in jobs]
    assert [slide["title"] for slide in told] == ["Sepatu lari", "", "Baru"]
    assert [slide["place"] for slide in told] == [[1, 3], [2, 3], [3, 3]]
    assert {slide["layout"] for slide in told} == {"card"}


def test_a_slide_that_could_not_be_made_is_given_back(api: Api, item: str) -> None:
    told = finish(api, create(api, item, {}, {}, {}), 0)

    assert (told["creditsUsed"], told["creditsRefunded"]) == (20, 10)
    assert told["slides"][0]["error"]["code"] == "damaged_photo"
    assert balance(api) == 975


def test_slides_are_no_variations_and_no_generations(api: Api, item: str) -> None:
    carousel = finish(api, create(api, item, {}, {}))

    assert len(variations(api, item)) == 1
    assert api.get(f"{P}/generations/{carousel['carouselId']}_0000").status == 404
    assert len(api.get(f"{P}/generations").data["generations"]) == 1


def test_all_that_is_wrong_is_told_and_costs_nothing(api: Api, item: str) -> None:
    other = item[:-4] + "9999"
    missing = create(api, item, {"itemId": other}, {"variationId": "variation_x"})
    unreadable = create(api, item, {"title": "Sepatu \N{FIRE}"}, {"layout": "x"}, ratio="9:16")
    alone = create(api, item, {})

    assert [one["field"] for one in missing.json["errors"]] == [
        "body.slides.0.itemId",
        "body.slides.1.variationId",
    ]
    assert [one["field"] for one in unreadable.json["errors"]] == [
        "body.slides.0.title",
        "body.slides.1.layout",
        "body.ratio",
    ]
    assert "emoji" in unreadable.json["errors"][0]["message"]
    assert alone.json["errors"][0]["field"] == "body.slides"
    assert balance(api) == 995


def test_an_item_without_a_picture_and_a_plan_without_carousels_are_refused(
    api: Api, item: str
) -> None:
    api("DELETE", f"{P}/variations/{variations(api, item)[0]['variationId']}")
    empty = create(api, item, {}, {})
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "ACCOUNT"}},
        UpdateExpression="REMOVE topped_up",
    )
    refused = create(api, item, {}, {})

    assert "process it first" in empty.json["errors"][0]["message"]
    assert (refused.status, refused.json["availableIn"]) == (403, "payg")


def test_another_account_s_carousel_is_not_there(api: Api, item: str) -> None:
    carousel = create(api, item, {}, {}).data["carousel"]
    path = f"{P}/carousels/{carousel['carouselId']}"

    assert api.get(path, user=STRANGER).status == 404
    assert api.get(f"{P}/exports/{carousel['carouselId']}").status == 404
    assert api.get(f"{path}/download").json["code"] == "batch_not_completed"


def test_a_repeated_order_is_charged_once(api: Api, item: str) -> None:
    first = create(api, item, {}, {}, key="one").data
    again = create(api, item, {}, {}, key="one").data

    assert first["carousel"]["carouselId"] == again["carousel"]["carouselId"]
    assert balance(api) == 965


def test_layouts_are_listed_in_the_caller_s_language(api: Api) -> None:
    told = api.get(f"{P}/carousel-layouts", headers={"accept-language": "id"}).data

    assert told["layouts"][0]["name"] == "Pita"
    assert told["ratios"]["4:5"] == [1080, 1350]
