"""What a batch may be ordered of, by whom, and what each line of its settings says."""

from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.apps.studio.plans import StudioPlanName
from lumiku.apps.studio.priorities import lane, priority
from lumiku.domain.work.photos import Lane
from tests.component.batches import NAMES, Desk, batch, opened, order
from tests.component.desk import filled
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER
from tests.component.processing import (
    WHITE,
    balance,
    on_plan,
    process,
)


@pytest.fixture
def desk(api: Api) -> Desk:
    """A project with four items of somebody who bought credits, of which 1000 are left."""
    return opened(api)


def test_lines_of_a_file_say_what_each_item_gets(api: Api, desk: Desk) -> None:
    project, items = desk
    for name, sku in (("a.jpg", "SKU-A"), ("b.jpg", "SKU-B")):
        api("PATCH", f"{P}/items/{items[name]}", body={"sku": sku})
    text = (
        "sku;templateId;color\nSKU-A;pure-white;\nsku-b;;#ff0000\n"
        + items["c.jpg"]
        + (";pure-white;#00ff00\n")
    )

    placed = order(api, project, {"settingsCsv": text})

    assert placed.data["creditsUsed"] == 25
    asked = {one["itemId"]: one["asked"] for one in placed.data["generation"]["items"]}
    assert asked.keys() == {items[name] for name in ("a.jpg", "b.jpg", "c.jpg")}
    assert asked[items["a.jpg"]]["templateId"] == "pure-white"
    red = {"background": {"action": "solid", "color": "#ff0000"}}
    assert asked[items["b.jpg"]]["workflow"] == red
    assert asked[items["c.jpg"]]["color"] == "#00ff00"
    jobs = {
        job.for_item.item_id: job
        for job in api.stack.groups.group_jobs(placed.data["generation"]["generationId"])
        if job.for_item
    }
    steps = [step.name for step in jobs[items["c.jpg"]].workflow]
    assert "on-colour" in steps


def test_lines_change_some_of_many(api: Api, desk: Desk) -> None:
    project, items = desk
    line = {"item": items["b.jpg"], "color": "#ff0000"}

    placed = order(api, project, {"items": "all", "workflow": WHITE, "settings": [line]})

    asked = {one["itemId"]: one["asked"] for one in placed.data["generation"]["items"]}
    assert len(asked) == 4
    assert asked[items["b.jpg"]]["workflow"] == WHITE | {
        "background": {"action": "solid", "color": "#ff0000"}
    }
    assert asked[items["a.jpg"]]["workflow"] == WHITE


def test_every_line_that_is_wrong_is_told_and_costs_nothing(api: Api, desk: Desk) -> None:
    project, items = desk
    for name in ("c.jpg", "d.jpg"):
        api("PATCH", f"{P}/items/{items[name]}", body={"sku": "TWICE"})
    lines = [
        {"item": "nobody", "color": "#ffffff"},
        {"item": items["a.jpg"], "templateId": "none-such"},
        {"item": "twice", "color": "#ffffff"},
        {"item": items["b.jpg"], "color": "red"},
        {"item": items["a.jpg"]},
    ]

    got = order(api, project, {"settings": lines})
    csv = order(api, project, {"settingsCsv": "sku,color\nnobody,#ffffff\n"})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert [error["field"] for error in got.json["errors"]] == [
        "body.settings.0.item",
        "body.settings.1.templateId",
        "body.settings.2.item",
        "body.settings.3.color",
        "body.settings.4",
    ]
    assert [error["field"] for error in csv.json["errors"]] == ["body.settingsCsv.2.item"]
    assert order(api, project, {"settingsCsv": "color\nred"}).status == 400
    assert balance(api) == 1000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.workflow"),
        ({"items": []}, "body.items"),
        ({"items": ["item_1"], "workflow": WHITE}, "body.items.0"),
        ({"workflow": WHITE, "templateId": "pure-white"}, "body.templateId"),
        ({"templateId": "none-such"}, "body.templateId"),
    ],
)
def test_what_is_ordered_of_nothing_or_in_two_ways_is_refused(
    api: Api, desk: Desk, body: dict[str, Any], field: str
) -> None:
    got = order(api, desk[0], body)

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert field in {error["field"] for error in got.json["errors"]}
    assert balance(api) == 1000


def test_items_twice_and_of_others_are_refused(api: Api, desk: Desk) -> None:
    project, items = desk
    other, others = filled(api, "other.jpg")
    one = items["a.jpg"]

    got = order(api, project, {"items": [one, one, others["other.jpg"]], "workflow": WHITE})

    assert [error["field"] for error in got.json["errors"]] == [
        "body.items.0",
        "body.items.1",
        "body.items.2",
    ]
    assert order(api, project, {"workflow": WHITE}, user=STRANGER).status == 404
    assert other != project


def test_a_plan_has_batches_of_a_size_and_the_features_in_them(api: Api) -> None:
    api.stack.open_account(SELLER, 1008)
    project, _ = filled(api, *NAMES)

    free = order(api, project, {"workflow": {"background": {"action": "remove"}}})
    both = order(api, project, {"workflow": WHITE})

    assert (free.status, free.json["code"]) == (403, "not_in_plan")
    assert free.json["missing"] == ["batches of 4 items"]
    assert free.json["availableIn"] == "payg"
    assert len(both.json["missing"]) == 3
    assert balance(api) == 1000


def test_the_same_key_is_charged_once_also_when_items_changed(api: Api, desk: Desk) -> None:
    project, items = desk
    first = order(api, project, {"workflow": WHITE}, headers={"Idempotency-Key": "k"})
    api("DELETE", f"{P}/items/{items['a.jpg']}")

    again = order(api, project, {"workflow": WHITE}, headers={"Idempotency-Key": "k"})
    other = order(api, project, {"templateId": "pure-white"}, headers={"Idempotency-Key": "k"})

    assert again.data["generation"]["generationId"] == first.data["generation"]["generationId"]
    assert other.json["code"] == "idempotency_key_reused"
    assert balance(api) == 970


def test_another_price_and_too_few_credits_are_refused(api: Api, desk: Desk) -> None:
    project, _ = desk
    got = order(api, project, {"workflow": WHITE, "expectedCredits": 20})
    api.stack.open_account(SELLER, 29)
    on_plan(api, "payg")
    poor = order(api, project, {"workflow": WHITE})

    assert (got.status, got.json["code"]) == (409, "price_changed")
    assert (poor.status, poor.json["code"]) == (402, "insufficient_credits")


def test_singles_and_batches_are_listed_together(api: Api, desk: Desk) -> None:
    project, items = desk
    single = process(api, items["a.jpg"]).data["generation"]["generationId"]
    batch_id = batch(api, project)

    listed = api.get(f"{P}/generations", query={"projectId": project}).data["generations"]

    assert {one["generationId"] for one in listed} == {single, batch_id}
    pending = api.get(f"{P}/generations", query={"status": "pending", "limit": "1"})
    assert len(pending.data["generations"]) == 1
    assert pending.data["nextCursor"]


def test_batches_of_others_and_what_is_none_are_not_found(api: Api, desk: Desk) -> None:
    batch_id = batch(api, desk[0])

    for path in (f"{P}/generations/{batch_id}", f"{P}/generations/genbatch_{'0' * 32}"):
        assert api.get(path, user=STRANGER).status == 404
        assert api.post(f"{path}/pause", {}, user=STRANGER).status == 404


@pytest.mark.parametrize(
    ("plan", "items", "urgency", "where"),
    [
        (StudioPlanName.PREMIUM, 1, 1, Lane.SINGLE),
        (StudioPlanName.PREMIUM, 100, 1, Lane.PRIORITY),
        (StudioPlanName.PROFESSIONAL, 50, 2, Lane.PRIORITY),
        (StudioPlanName.PAYG, 1, 2, Lane.SINGLE),
        (StudioPlanName.PAYG, 10, 3, Lane.STANDARD),
        (StudioPlanName.PAYG, 20, 4, Lane.STANDARD),
        (StudioPlanName.FREE, 1, 4, Lane.SINGLE),
    ],
)
def test_orders_wait_by_plan_and_size(
    plan: StudioPlanName, items: int, urgency: int, where: Lane
) -> None:
    assert (priority(plan, items), lane(plan, items)) == (urgency, where)
