"""A field that is not documented is refused, before anything is charged."""

import json
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from scripts.template import ROOT
from tests.component.http.conftest import Api
from tests.component.http.forms import form
from tests.component.http_events import SELLER, Answer

SHOE = {"fileName": "shoe.jpg", "fileSize": 1000, "tier": "basic"}
SHOES = {"tier": "basic", "files": [{"name": f"{n}.jpg", "size": 9} for n in range(2)]}


@pytest.fixture
def rich(api: Api) -> Api:
    api.stack.open_account(SELLER, 50)
    return api


def told(got: Answer) -> dict[str, str]:
    assert (got.status, got.json["code"]) == (400, "invalid_request")
    return {error["field"]: error["message"] for error in got.json["errors"]}


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("fromat", "format"),
        ("expectedcredits", "expectedCredits"),
        ("expected_credit", "expectedCredits"),
        ("Background", "background"),
        ("maxsize", "maxSize"),
        ("filename", "fileName"),
    ],
)
def test_a_misspelt_field_is_told_the_right_one_and_nothing_is_charged(
    rich: Api, sent: str, meant: str
) -> None:
    got = rich.post(f"{P}/remove", SHOE | {sent: "x"})

    assert told(got) == {f"body.{sent}": f"There is no such field; did you mean {meant}?"}
    assert rich.get("/api/credits").data["balance"] == 50


@pytest.mark.parametrize(("path", "images"), [("remove", "image"), ("batch", "images")])
def test_so_is_one_of_a_form(rich: Api, path: str, images: str) -> None:
    got = form(f"{P}/{path}", rich, images, {"fromat": "webp"})

    assert told(got) == {"body.fromat": "There is no such field; did you mean format?"}
    assert rich.get("/api/credits").data["balance"] == 50


def test_what_is_like_no_field_is_told_all_there_are(rich: Api) -> None:
    message = told(rich.post(f"{P}/remove", SHOE | {"zzz": 1}))["body.zzz"]

    assert message.startswith("There is no such field; there are ")
    assert {"fileName", "tier", "format", "payment"} <= set(message.replace(",", "").split())


def test_a_field_inside_a_list_has_its_place(rich: Api) -> None:
    files = [{"name": "a.jpg", "size": 9}, {"name": "b.jpg", "sise": 9}]

    got = rich.post(f"{P}/batch", SHOES | {"files": files})

    assert told(got) == {"body.files.1.sise": "There is no such field; did you mean size?"}


def test_a_body_full_of_unknown_fields_is_answered_as_briefly_as_any(rich: Api) -> None:
    many = {f"{'x' * 10_000}{number}": 1 for number in range(300)}

    got = rich.post(f"{P}/remove", SHOE | many)

    assert got.status == 400
    assert len(got.text) < 20_000


def test_so_is_a_batch_whose_every_file_is_full_of_them(rich: Api) -> None:
    files = [{f"naem{number}": 1 for number in range(30)} for _ in range(500)]

    got = rich.post(f"{P}/batch", SHOES | {"files": files})

    assert got.status == 400
    assert len(got.text) < 20_000


def test_both_names_of_the_number_of_photos_are_known(rich: Api) -> None:
    for name in ("imageCount", "photos", "image_count"):
        assert rich.post(f"{P}/pricing/calculate", {"tier": "basic", name: 3}).status == 200


def test_a_field_that_comes_under_two_of_its_names_is_told_so(rich: Api) -> None:
    body = {"tier": "basic", "imageCount": 3, "photos": 4}

    message = told(rich.post(f"{P}/pricing/calculate", body))["body.photos"]

    assert message == "This field came under another of its names too"


def test_every_body_of_a_request_is_documented_as_closed_but_the_payment_gateways() -> None:
    document: dict[str, Any] = json.loads((ROOT / "openapi.json").read_text("utf-8"))
    bodies = {
        schema["$ref"].rsplit("/", 1)[-1]
        for operations in document["paths"].values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        for schema in content["schema"].get("oneOf", [content["schema"]])
    }
    schemas = document["components"]["schemas"]

    open_ones = {name for name in bodies if schemas[name].get("additionalProperties", True)}

    assert bodies
    assert open_ones == {"Notification", "GatewayNotification"}
    assert schemas["BatchFile"]["additionalProperties"] is False
