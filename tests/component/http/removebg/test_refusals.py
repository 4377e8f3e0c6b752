"""/v1.0: what is refused, in the words of remove.bg; keys and the account."""

import base64
import json
from io import BytesIO

import pytest
from PIL import Image

from tests.component.http.conftest import Api
from tests.component.http.removebg.client import Desk, error, in_form, picture
from tests.component.http.teams import acting, join, teams
from tests.component.http_events import SELLER


def test_a_photo_that_no_request_holds_is_asked_for_by_url(desk: Desk) -> None:
    got = desk.json(image_file_b64=base64.b64encode(bytes(4_500_001)).decode())

    assert error(got) == (400, "file_too_large")
    assert "image_url" in json.loads(got["body"])["errors"][0]["detail"]


def test_a_page_is_no_photo_and_is_not_charged(desk: Desk) -> None:
    before = desk.api.get("/api/credits").data["balance"]

    got = desk.json(image_file_b64=base64.b64encode(b"<html>" * 99).decode())

    assert error(got) == (400, "invalid_file_type")
    assert desk.api.get("/api/credits").data["balance"] == before


def test_a_wrong_key_a_revoked_one_and_none_are_refused_in_its_words(desk: Desk) -> None:
    [made] = desk.api.get("/api/keys").data["keys"]
    good = desk.key

    for key in ("", good[:-1], good.replace("live", "test")):
        desk.key = key
        assert error(desk.json()) == (403, "auth_failed")
    desk.key = good
    desk.api("DELETE", f"/api/keys/{made['keyId']}")
    assert error(desk.json()) == (403, "auth_failed")


def test_a_key_does_what_its_scopes_and_its_makers_role_say(desk: Desk) -> None:
    before = desk.api.get("/api/credits").data["balance"]
    member = join(desk.api.stack, "admin")
    members = acting(desk.api, "POST", "/api/keys", {"name": "shop"}).data["key"]
    teams(desk.api.stack).change_role(member, "viewer")

    for reading in (desk.new_key(scopes=["read"]), members):
        desk.key = reading
        assert error(desk.json()) == (403, "not_allowed")
        assert desk.send("/v1.0/account", "GET")["statusCode"] == 200
    desk.key = desk.new_key(scopes=["remover"])
    assert error(desk.send("/v1.0/account", "GET")) == (403, "not_allowed")

    assert desk.api.get("/api/credits").data["balance"] == before


def test_without_credits_it_is_402(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.stack.open_account(SELLER, 2)
    poor = Desk(api, monkeypatch)
    while (got := poor.json(size="hd"))["statusCode"] == 200:
        pass

    assert error(got) == (402, "insufficient_credits")


def test_too_fast_is_429_with_when_to_go_on(desk: Desk) -> None:
    desk.key = desk.new_key(ordersPerMinute=1)
    desk.json()

    got = desk.json()

    assert error(got) == (429, "rate_limit_exceeded")
    assert got["headers"]["X-RateLimit-Remaining"] == "0"
    assert 1 <= int(got["headers"]["Retry-After"]) <= 60


def test_what_takes_too_long_says_what_became_of_the_credits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.app, "WAIT_S", 0)

    got = desk.json()

    assert error(got) == (503, "timeout")
    detail = json.loads(got["body"])["errors"][0]["detail"]
    [job] = desk.api.stack.jobs.newest_jobs(SELLER, before=None, at_once=1)
    assert f"3 credits were charged for job {job.id}" in detail


def test_a_result_that_no_answer_holds_is_somewhere_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.app, "MAX_BYTES", 10)

    asked = in_form()
    asked["headers"]["Accept"] = "application/json"

    got, in_json = desk.json(), desk.send(**asked)

    assert error(got) == (303, "result_too_large")
    assert "/out/" in got["headers"]["Location"]
    assert error(in_json) == (406, "result_too_large")
    assert in_json["headers"]["Location"] in json.loads(in_json["body"])["errors"][0]["detail"]
    assert in_json["headers"]["X-Credits-Charged"] == "3"


def test_a_test_key_is_charged_nothing_and_gets_a_small_marked_picture(desk: Desk) -> None:
    desk.key = desk.new_key(mode="test")
    before = desk.api.get("/api/credits").data["balance"]
    file = BytesIO()
    Image.new("RGB", (900, 700), "teal").save(file, "JPEG")

    got = desk.json(size="full", image_file_b64=base64.b64encode(file.getvalue()).decode())

    made = picture(got)
    assert made.width * made.height <= 250_000
    assert len(made.convert("RGB").getcolors(250_000) or ()) > 2  # the mark
    assert got["headers"]["X-Credits-Charged"] == "0"
    assert desk.api.get("/api/credits").data["balance"] == before


def test_the_account_in_its_words(desk: Desk) -> None:
    got = desk.send("/v1.0/account", "GET")

    credits = json.loads(got["body"])["data"]["attributes"]["credits"]
    assert credits["total"] == credits["subscription"] + credits["payg"]
    assert credits["total"] >= 1000


def test_a_key_in_the_url_is_refused(desk: Desk) -> None:
    got = desk.send("/v1.0/account", "GET", query={"api_key": desk.key})

    assert error(got) == (400, "invalid_parameters")
    assert desk.key not in got["body"]
