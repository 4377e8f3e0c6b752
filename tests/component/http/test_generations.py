"""Processing items: what is charged, what becomes of it, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.apps.studio.plans import RENDERINGS, StudioPlanName
from lumiku.services.clock import utc_now
from lumiku.services.work import listing
from tests.component.desk import filled, kept, sweep
from tests.component.http.conftest import Api
from tests.component.http.test_studio_money import use
from tests.component.http_events import SELLER, STRANGER
from tests.component.processing import (
    WHITE,
    balance,
    bought,
    done,
    fails,
    on_plan,
    process,
    processed,
    variations,
)


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    return bought(api)


def test_an_item_is_processed_for_its_price_and_becomes_a_variation(api: Api, item: str) -> None:
    ordered = process(api, item)

    assert ordered.status == 202
    assert ordered.data["creditsUsed"] == 21
    assert ordered.headers["x-credits-remaining"] == "979"
    generation = ordered.data["generation"]
    assert generation["status"] == "pending"
    assert generation["asked"]["workflow"] == WHITE
    api.stack.begin(generation["generationId"], processed)
    shown = api.get(f"{P}/generations/{generation['generationId']}", query={"wait": "1"}).data
    assert (shown["status"], shown["creditsUsed"]) == ("completed", 21)
    [variation] = api.get(f"{P}/items/{item}/variations").data["variations"]
    assert variation["variationId"] == shown["variationId"]
    assert variation["isSelected"]
    told = api.get(f"{P}/items/{item}").data
    assert (told["status"], told["selectedVariationId"]) == ("processed", shown["variationId"])
    assert balance(api) == 979


def test_every_error_is_told_at_once_and_costs_nothing(api: Api, item: str) -> None:
    look = {
        "background": {"action": "solid", "prompt": "marble"},
        "lighting": {"mode": "preset"},
        "upscale": {"factor": 3},
    }

    got = process(api, item, look)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"] for error in got.json["errors"]] == [
        "body.workflow.background.color",
        "body.workflow.background.prompt",
        "body.workflow.lighting.preset",
        "body.workflow.upscale.factor",
    ]
    assert balance(api) == 1000


def test_all_that_the_plan_lacks_is_told_at_once(api: Api, item: str) -> None:
    look = {
        "background": {"action": "ai", "prompt": "marble table"},
        "shadow": {"type": "reflection"},
    }
    got = process(api, item, look)
    last = api.post(f"{P}/items/{item}/apply-template", {"templateId": "valentine-hearts"})

    assert (got.status, got.json["code"]) == (403, "not_in_plan")
    assert got.json["missing"] == ["simple generated backgrounds", "the reflection"]
    assert got.json["availableIn"] == "professional"
    assert (last.status, last.json["availableIn"]) == (403, "premium")
    assert balance(api) == 1000


def test_a_prompt_that_is_not_served_and_a_template_that_is_not_there_are_refused(
    api: Api, item: str
) -> None:
    words = process(api, item, {"background": {"action": "ai", "prompt": "xyzzy"}})
    template = api.post(f"{P}/items/{item}/apply-template", {"templateId": "none-such"})

    assert words.json["errors"][0]["field"] == "body.workflow.background.prompt"
    assert template.json["errors"][0]["field"] == "body.templateId"


def test_a_computed_scene_is_charged_and_named_as_what_it_is(api: Api, item: str) -> None:
    on_plan(api, "professional")
    look = {"background": {"action": "ai", "prompt": "marble table", "seed": 3}}

    ordered = process(api, item, look).data

    assert ordered["creditsUsed"] == 16  # 5 and 12, less 10 %
    asked = ordered["generation"]["asked"]
    assert (asked["source"], asked["workflow"]) == ("procedural", look)
    assert asked["seed"]


def test_a_template_has_one_price_and_pays_for_the_removal_too(api: Api, item: str) -> None:
    path = f"{P}/items/{item}/apply-template"
    ordered = api.post(path, {"templateId": "pure-white"}).data
    api.stack.begin(ordered["generation"]["generationId"], processed)

    assert ordered["creditsUsed"] == 15
    assert len(ordered["generation"]["asked"]["templateVersion"]) == 12
    assert process(api, item, {"background": {"action": "remove"}}).data["creditsUsed"] == 0
    assert api.post(path, {"templateId": "light-grey"}).data["creditsUsed"] == 15


def test_the_discount_of_the_month_counts_where_it_is_larger(api: Api, item: str) -> None:
    api.stack.open_account(SELLER, 9000)
    on_plan(api, "payg")
    use(api, 5200)

    assert process(api, item).data["creditsUsed"] == 20  # 23 less 15 % is 19.55: 3 off


def test_premium_has_some_upscalings_a_month_for_nothing(
    api: Api, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_plan(api, "premium")
    monkeypatch.setitem(
        RENDERINGS,
        StudioPlanName.PREMIUM,
        replace(RENDERINGS[StudioPlanName.PREMIUM], free_upscalings=2),
    )
    larger, asked = {"upscale": {"factor": 4}}, {"features": ["upscale-4x"]}

    def priced(**more: int) -> dict[str, Any]:
        got: dict[str, Any] = api.post(f"{P}/pricing/calculate", asked | more).data
        return got

    assert (priced()["total"], priced()["saving"]["percent"]) == (0, 0)
    assert priced(items=5)["saving"]["singlePhotos"] == 3 * 20
    first = process(api, item, larger).data
    assert first["creditsUsed"] == 0
    assert process(api, item, WHITE | larger).data["creditsUsed"] == 21, "as without it"
    assert priced()["total"] == 20
    api.stack.begin(first["generation"]["generationId"], fails)
    api.stack.settle(first["generation"]["generationId"])
    assert process(api, item, larger).data["creditsUsed"] == 0, "one was given back"
    assert process(api, item, {"upscale": {"factor": 2}}).data["creditsUsed"] == 10


def test_an_expected_price_that_is_another_is_refused(api: Api, item: str) -> None:
    got = api.post(f"{P}/items/{item}/process", {"workflow": WHITE, "expectedCredits": 23})

    assert (got.status, got.json["price"]) == (409, 21)
    assert balance(api) == 1000


def test_an_order_that_is_repeated_with_its_key_is_one_order(api: Api, item: str) -> None:
    key = {"Idempotency-Key": "k"}
    first = process(api, item, headers=key)
    twin = process(api, item, headers=key)
    api.stack.begin(first.data["generation"]["generationId"], processed)
    late = process(api, item, headers=key)
    other = process(api, item, {"background": {"action": "remove"}}, headers=key)

    assert (first.status, twin.status, late.status, other.status) == (202, 202, 202, 422)
    ids = {got.data["generation"]["generationId"] for got in (first, twin, late)}
    assert len(ids) == 1
    assert balance(api) == 979


def test_items_of_others_and_deleted_ones_are_not_found(api: Api, item: str) -> None:
    api.stack.open_account(STRANGER, 100)
    theirs = process(api, item, user=STRANGER)
    api("DELETE", f"{P}/items/{item}")
    gone = process(api, item)
    never = process(api, "item_1")

    assert (theirs.status, gone.status, never.status) == (404, 404, 404)
    assert balance(api) == 1000


@pytest.mark.parametrize("path", ["variations/{}/select", "generations/{}"])
def test_ids_that_nothing_has_are_not_found(api: Api, item: str, path: str) -> None:
    method = "POST" if "select" in path else "GET"
    for named in ("x", "variation_x_" + "0" * 31, "upload_" + "0" * 32 + "_0000", item):
        assert api(method, f"{P}/{path.format(named)}").status == 404


def test_a_job_that_fails_leaves_nothing_and_is_given_back(api: Api, item: str) -> None:
    ordered = process(api, item).data["generation"]["generationId"]
    api.stack.begin(ordered, fails)
    api.stack.settle(ordered)

    shown = api.get(f"{P}/generations/{ordered}").data
    assert (shown["status"], shown["creditsRefunded"]) == ("failed", 21)
    assert shown["error"]["code"] == "damaged_photo"
    assert sweep(api.stack) == {"generation_ended": 1}
    assert variations(api, item) == []
    assert balance(api) == 1000
    assert process(api, item).data["creditsUsed"] == 21, "its removal was given back too"


def test_what_a_worker_made_is_kept_though_nobody_looks(api: Api, item: str) -> None:
    ordered = process(api, item).data["generation"]["generationId"]
    assert sweep(api.stack) == {"generation_open": 1}
    api.stack.begin(ordered, processed)

    assert sweep(api.stack, later=timedelta(minutes=5)) == {"generation_kept": 1}
    assert sweep(api.stack, later=timedelta(minutes=9)) == {}
    [variation] = variations(api, item)
    assert variation["generationId"] == ordered


def test_generations_are_listed_by_project_and_status(api: Api, item: str) -> None:
    other_project, ids = filled(api, "bag.jpg")
    first = process(api, item).data["generation"]
    second = process(api, ids["bag.jpg"]).data["generation"]
    api.stack.begin(second["generationId"], processed)

    def listed(**query: str) -> list[str]:
        page = api.get(f"{P}/generations", query=query).data
        return [one["generationId"] for one in page["generations"]]

    assert listed() == [second["generationId"], first["generationId"]]
    assert listed(projectId=other_project) == [second["generationId"]]
    assert listed(status="pending") == [first["generationId"]]
    assert listed(limit="1") == [second["generationId"]]
    assert api.get(f"{P}/generations", query={"projectId": "project_1"}).status == 404


def test_a_page_of_generations_ends_where_too_much_else_was_read(
    api: Api, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = process(api, item).data["generation"]["generationId"]
    for number in range(4):
        at = utc_now() + timedelta(seconds=number + 1)
        api.stack.put_job(f"job_{number}", SELLER, created_at=at)
    monkeypatch.setattr(listing, "READ_AT_MOST", 2)

    pages = []
    cursor: str | None = None
    for _ in range(3):
        page = api.get(f"{P}/generations", query={"cursor": cursor} if cursor else {}).data
        pages.append([one["generationId"] for one in page["generations"]])
        cursor = page["nextCursor"]

    assert (pages, cursor) == ([[], [], [ordered]], None)


def test_what_was_never_processed_says_how_there_will_be_something(api: Api, item: str) -> None:
    path = f"{P}/items/{item}/download"

    told = api.get(path, headers={"Accept-Language": "id"}).json["detail"]

    assert told == f"Belum ada hasil dari {item}; proses dulu item ini."


def test_variations_are_selected_and_deleted_with_their_files(api: Api, item: str) -> None:
    first, second = done(api, item), done(api, item, {"background": {"action": "remove"}})
    page = api.get(f"{P}/items/{item}/variations", query={"limit": "1"}).data
    rest = api.get(f"{P}/items/{item}/variations", query={"cursor": page["nextCursor"]}).data

    assert [one["variationId"] for one in page["variations"]] == [second["variationId"]]
    assert [one["variationId"] for one in rest["variations"]] == [first["variationId"]]
    api.post(f"{P}/variations/{first['variationId']}/select")
    assert api.get(f"{P}/items/{item}").data["selectedVariationId"] == first["variationId"]
    files = kept(api.stack)
    assert api("DELETE", f"{P}/variations/{first['variationId']}").status == 200
    assert api.get(f"{P}/items/{item}").data["selectedVariationId"] is None
    for method, path in (("DELETE", ""), ("POST", "/select")):
        assert api(method, f"{P}/variations/{first['variationId']}{path}").status == 404
    assert sweep(api.stack) == {"variation_files_removed": 1}
    assert len(files - kept(api.stack)) == 2
    assert [one["variationId"] for one in variations(api, item)] == [second["variationId"]]
