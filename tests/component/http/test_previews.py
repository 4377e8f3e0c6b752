"""Previews of items: free, small, flat, limited, and no way to a picture that was not paid for."""

from typing import Any

import numpy as np
import pytest

from darkroom.encode import encode
from darkroom.studio.sample import bottle
from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.services.work.attempts import Attempt, Developed
from tests.component.desk import filled, kept, sweep
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.component.previewing import cut_out, image, jobs, preview, ready
from tests.component.processing import (
    WHITE,
    balance,
    bought,
    done,
    fails,
    on_plan,
    process,
    variations,
)
from tests.dynamodb import all_rows

REMOVED = {"background": {"action": "remove"}}


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    return bought(api)


def cut_out_alone(attempt: Attempt) -> Developed:
    """The same where the small copy could not be stored."""
    files = dict(cut_out(attempt).files)
    del files["preview"]
    return Developed(files)


def rows_of_money() -> list[dict[str, Any]]:
    return [row for row in all_rows() if row["pk"].startswith("USER#")]


def test_the_first_preview_waits_for_a_cut_out_that_costs_nothing(api: Api, item: str) -> None:
    before = rows_of_money()

    first = preview(api, item)
    again = preview(api, item)

    assert (first.status, first.headers["retry-after"]) == (202, "2")
    assert (first.data["status"], first.data["image"]) == ("preparing", None)
    assert again.status == 202
    [job_id] = jobs()
    api.stack.begin(job_id, cut_out)
    got = preview(api, item)
    assert (got.status, got.data["status"]) == (200, "ready")
    assert rows_of_money() == before


def test_it_is_a_flat_webp_of_at_most_640_px(api: Api, item: str) -> None:
    shown = ready(api, item, REMOVED | {"frame": {"width": 4000, "height": 2000}})

    picture = image(shown)
    assert (picture.format, picture.mode, picture.size) == ("WEBP", "RGB", (640, 320))
    assert (shown["width"], shown["height"]) == (640, 320)
    assert set(np.asarray(picture.convert("L"))[:8, 4:60:16].ravel().tolist()) == {255, 224}


def test_a_paying_account_gets_no_mark_and_a_free_one_does(api: Api, item: str) -> None:
    paid = ready(api, item)
    api.stack.open_account(SELLER, 1000)
    free = ready(api, item)

    assert (paid["isMarked"], free["isMarked"]) == (False, True)
    one, other = (np.asarray(image(shown)).astype(int) for shown in (paid, free))
    assert np.mean(np.abs(one - other).max(axis=-1) > 24) > 0.05


def test_what_the_plan_lacks_is_shown_marked_and_named(api: Api, item: str) -> None:
    asked = {"background": {"action": "ai", "prompt": "marble table"}}

    shown = ready(api, item, asked)

    assert shown["isMarked"]
    lacking = {"missing": ["simple generated backgrounds"], "availableIn": "professional"}
    assert shown["notInPlan"] == lacking
    assert process(api, item, asked).status == 403


def test_a_template_is_previewed_as_it_would_be_applied(api: Api, item: str) -> None:
    ready(api, item)

    got = api.post(f"{P}/items/{item}/preview", {"templateId": "pure-white"})

    assert image(got.data).getpixel((2, 2)) == (255, 255, 255)
    assert not got.data["isMarked"]


def test_a_photo_that_keeps_its_background_needs_no_cut_out(api: Api, item: str) -> None:
    view = encode(bottle(1000), "webp")
    [key] = [key for key in kept(api.stack) if key.endswith("view.webp")]
    api.stack.s3.put_object(Bucket=api.stack.bucket, Key=key, Body=view)

    got = preview(api, item, {"lighting": {"mode": "preset", "preset": "bright"}})

    assert (got.status, image(got.data).mode) == (200, "RGB")
    assert jobs() == []


def test_a_small_copy_that_is_missing_is_made_up_for(api: Api, item: str) -> None:
    preview(api, item)
    [job_id] = jobs()
    api.stack.begin(job_id, cut_out_alone)

    got = preview(api, item)

    assert (got.status, max(image(got.data).size)) == (200, 640)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["body"]),
        ({"workflow": WHITE, "templateId": "pure-white"}, ["body"]),
        ({"templateId": "none-such"}, ["body.templateId"]),
        ({"workflow": WHITE, "size": 4000}, ["body.size"]),
        ({"workflow": WHITE, "format": "png"}, ["body.format"]),
        ({"workflow": {"background": {"action": "solid"}}}, ["body.workflow.background.color"]),
    ],
)
def test_what_is_wrong_is_named_and_starts_nothing(
    api: Api, item: str, body: dict[str, Any], fields: list[str]
) -> None:
    got = api.post(f"{P}/items/{item}/preview", body)

    assert got.status == 400
    assert [error["field"] for error in got.json["errors"]] == fields
    assert jobs() == []


def test_items_of_others_and_deleted_ones_are_not_found(api: Api, item: str) -> None:
    ready(api, item)
    theirs = preview(api, item, user=STRANGER)
    api("DELETE", f"{P}/items/{item}")
    gone = preview(api, item)
    never = preview(api, "item_1")

    assert (theirs.status, gone.status, never.status) == (404, 404, 404)


def test_a_photo_that_is_refused_says_why(api: Api, item: str) -> None:
    preview(api, item)
    [job_id] = jobs()
    api.stack.begin(job_id, fails)
    api.stack.settle(job_id)

    got = preview(api, item)

    assert (got.status, got.json["code"]) == (422, "damaged_photo")
    assert balance(api) == 1000


def test_a_cut_out_made_for_a_preview_pays_for_no_removal(api: Api, item: str) -> None:
    ready(api, item)

    ordered = process(api, item, REMOVED).data

    assert ordered["creditsUsed"] == 5
    assert balance(api) == 995


def test_a_preview_leaves_nothing_that_can_be_fetched(api: Api, item: str) -> None:
    ready(api, item)
    sweep(api.stack)

    assert variations(api, item) == []
    assert api.get(f"{P}/generations").data["generations"] == []
    assert api.get(f"{P}/items/{item}/download").status == 404
    [job_id] = jobs()
    assert api.get(f"{P}/generations/{job_id}").status == 404
    assert api.get(f"/api/apps/background-remover/jobs/{job_id}").status == 404
    assert api.get(f"/api/apps/background-remover/jobs/{job_id}/download").status == 404
    shown = api.get(f"{P}/items/{item}").text
    assert "cutout" not in shown


def test_an_order_begins_behind_the_cut_out_of_a_preview(api: Api, item: str) -> None:
    ready(api, item)

    done(api, item)

    found = [key for key in kept(api.stack) if "/cutout." in key or "/preview." in key]
    assert len(found) == 2


def test_the_files_of_a_cut_out_go_with_their_item(api: Api, item: str) -> None:
    ready(api, item)
    assert any("/preview." in key for key in kept(api.stack))

    api("DELETE", f"{P}/items/{item}")
    sweep(api.stack)

    assert kept(api.stack) == set()


def test_items_of_two_projects_have_their_own_cut_outs(api: Api, item: str) -> None:
    _, ids = filled(api, "hat.jpg")

    preview(api, item)
    preview(api, ids["hat.jpg"])

    assert len(jobs()) == 2


def test_a_plan_of_another_quality_has_a_cut_out_of_its_own(api: Api, item: str) -> None:
    ready(api, item)
    on_plan(api, "premium")

    assert preview(api, item).status == 202
