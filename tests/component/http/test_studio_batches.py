"""Batches of items: what is charged, what becomes of each, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.telling.group_mail import compose
from tests.component.batches import Desk, act, batch, begin, opened, order, shown
from tests.component.desk import close, sweep
from tests.component.http.conftest import Api
from tests.component.processing import (
    WHITE,
    balance,
    fails,
    process,
    variations,
)


@pytest.fixture
def desk(api: Api) -> Desk:
    """A project with four items of somebody who bought credits, of which 1000 are left."""
    return opened(api)


def test_a_batch_costs_10_and_5_for_each_and_all_become_variations(api: Api, desk: Desk) -> None:
    project, items = desk
    placed = order(api, project, {"workflow": WHITE})
    batch_id = placed.data["generation"]["generationId"]

    assert (placed.status, placed.data["creditsUsed"]) == (202, 30)
    assert placed.headers["x-credits-remaining"] == "970"
    assert placed.data["generation"]["status"] == "pending"
    assert begin(api, batch_id, *range(4)) == ["completed"] * 4
    close(api.stack, batch_id)

    told = shown(api, batch_id)
    assert told["status"] == "completed"
    assert told["progress"]["processedItems"] == 4
    assert (told["creditsUsed"], told["creditsRefunded"]) == (30, 0)
    assert {one["itemId"] for one in told["items"]} == set(items.values())
    for one in told["items"]:
        [variation] = variations(api, one["itemId"])
        assert variation["variationId"] == one["variationId"]
        assert variation["isSelected"]
        assert variation["asked"]["workflow"] == WHITE
    assert balance(api) == 970


def test_results_are_shown_one_by_one_and_kept_by_whoever_looks(api: Api, desk: Desk) -> None:
    project, _ = desk
    batch_id = batch(api, project)
    before = shown(api, batch_id)
    begin(api, batch_id, 2)

    got = api.get(f"{P}/generations/{batch_id}", query={"since": before["asOf"]})

    [item] = got.data["items"]
    assert (item["index"], item["status"]) == (2, "completed")
    assert item["thumbnailUrl"].startswith("https://")
    assert item["variationId"]
    tag = got.headers["etag"]
    again = api.get(f"{P}/generations/{batch_id}", headers={"If-None-Match": tag})
    assert again.status == 304


def test_one_item_costs_what_it_costs_alone(api: Api, desk: Desk) -> None:
    project, items = desk
    one = {"items": [items["a.jpg"]], "workflow": WHITE}

    first = order(api, project, one).data
    begin(api, first["generation"]["generationId"], 0)
    shown(api, first["generation"]["generationId"])
    second = order(api, project, one).data

    assert first["creditsUsed"] == 21
    assert second["creditsUsed"] == 17, "the removal is paid for: 10 and 8, less 10 %"


def test_what_a_batch_removed_is_not_charged_to_singles(api: Api, desk: Desk) -> None:
    project, items = desk
    batch_id = batch(api, project)
    begin(api, batch_id, *range(3))
    begin(api, batch_id, 3, develop=fails)
    close(api.stack, batch_id)
    by_index = {one["index"]: one["itemId"] for one in shown(api, batch_id)["items"]}
    black = {"background": {"action": "solid", "color": "#000000"}}

    assert process(api, by_index[0], black).data["creditsUsed"] == 10
    assert process(api, by_index[3], black).data["creditsUsed"] == 14
    assert set(by_index.values()) == set(items.values())


def test_cut_outs_that_are_kept_are_used_again(api: Api, desk: Desk) -> None:
    project, _ = desk
    first, second = batch(api, project), None
    begin(api, first, *range(4))
    shown(api, first)
    second = batch(api, project)

    jobs = api.stack.groups.group_jobs(second)
    assert all(job.kept and job.kept.key.startswith("kept/") for job in jobs)
    assert order(api, project, {"workflow": WHITE}).data["creditsUsed"] == 30, "nothing is free"


def test_what_fails_is_given_back_once_and_can_be_tried_again_for_that(
    api: Api, desk: Desk
) -> None:
    project, _ = desk
    batch_id = batch(api, project)
    begin(api, batch_id, 0, 1)
    assert act(api, batch_id, "retry").json["code"] == "batch_not_completed"
    api.stack.settle(f"{batch_id}_0002")  # its worker died for good
    begin(api, batch_id, 3, develop=fails)
    close(api.stack, batch_id)
    # Three were photos: 25 credits, of which 8 are for the one that the service failed on.
    assert balance(api) == 970 + 5 + 9
    assert shown(api, batch_id)["creditsRefunded"] == 14

    retried = act(api, batch_id, "retry").data

    assert retried["creditsUsed"] == 14
    again = retried["generation"]["generationId"]
    assert begin(api, again, 0, 1) == ["completed"] * 2
    close(api.stack, again)
    assert {one["variationId"] is not None for one in shown(api, again)["items"]} == {True}
    assert balance(api) == 970
    assert act(api, again, "retry").json["code"] == "nothing_to_retry"


def test_a_paused_batch_begins_nothing_until_it_is_resumed(api: Api, desk: Desk) -> None:
    project, _ = desk
    batch_id = batch(api, project)
    begin(api, batch_id, 0)

    paused = act(api, batch_id, "pause")
    assert (paused.status, paused.data["status"]) == (200, "paused")
    assert paused.data["pausedUntil"] is not None
    assert begin(api, batch_id, 0, 1, 2, 3) == ["already_completed", *["already_paused"] * 3]
    assert act(api, batch_id, "pause").status == 200
    listed = api.get(f"{P}/generations", query={"status": "paused"}).data["generations"]
    assert [one["generationId"] for one in listed] == [batch_id]
    resumed = act(api, batch_id, "resume")

    assert resumed.data["status"] == "processing"
    assert begin(api, batch_id, 1, 2, 3) == ["completed"] * 3
    assert act(api, batch_id, "pause").json["code"] == "batch_closed"
    close(api.stack, batch_id)
    assert balance(api) == 970


def test_a_cancelled_batch_gives_back_what_nobody_began(api: Api, desk: Desk) -> None:
    project, _ = desk
    batch_id = batch(api, project)
    begin(api, batch_id, 0)
    act(api, batch_id, "pause")

    assert act(api, batch_id, "cancel").status == 200
    assert act(api, batch_id, "resume").json["code"] == "batch_closed"
    close(api.stack, batch_id)

    assert shown(api, batch_id)["status"] == "cancelled"
    assert balance(api) == 1000 - 21, "who calls off all but one has ordered one"


def test_an_item_that_is_deleted_meanwhile_is_given_back(api: Api, desk: Desk) -> None:
    project, items = desk
    batch_id = batch(api, project)
    begin(api, batch_id, 0, 1)
    gone = shown(api, batch_id)["items"][3]["itemId"]
    api("DELETE", f"{P}/items/{gone}")
    sweep(api.stack)

    begin(api, batch_id, 2, 3)
    close(api.stack, batch_id)

    assert {one["status"] for one in shown(api, batch_id)["items"]} == {"completed", "cancelled"}
    assert balance(api) == 1000 - 25
    assert gone in items.values()


def test_a_project_with_a_batch_is_deleted_only_if_that_is_cancelled(api: Api, desk: Desk) -> None:
    project, _ = desk
    batch_id = batch(api, project)

    assert api("DELETE", f"{P}/projects/{project}").status == 409
    assert api("DELETE", f"{P}/projects/{project}", query={"cancel": "true"}).status == 200
    sweep(api.stack)
    assert begin(api, batch_id, *range(4)) == ["already_cancelled"] * 4
    close(api.stack, batch_id)
    sweep(api.stack)
    sweep(api.stack, later=timedelta(hours=2))

    assert balance(api) == 1000


def test_who_asked_for_it_is_told_of_the_end_and_of_each_item(
    api: Api, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, _ = desk
    batch_id = batch(api, project, {"templateId": "pure-white"})
    begin(api, batch_id, 0, 1, 2)
    begin(api, batch_id, 3, develop=fails)
    closed = close(api.stack, batch_id)
    assert not closed["hasResults"], "there is no ZIP"
    told: list[tuple[str, dict[str, Any]]] = []
    app = api.stack.app("announce_batch")
    monkeypatch.setattr(
        type(app.announcements.events),
        "publish",
        lambda _, kind, detail: told.append((kind, detail)),
    )

    api.stack.call("announce_batch", {"groupId": batch_id, "requestId": "r"})

    [(first, detail), *others] = told
    assert (first, detail["generationId"], detail["projectId"]) == (
        "generation.closed",
        batch_id,
        project,
    )
    assert (detail["processedImages"], detail["failedImages"]) == (3, 1)
    assert [kind for kind, _ in others] == [*["job.completed"] * 3, "job.failed"]
    assert {one["batchId"] for _, one in others} == {batch_id}
    assert others[-1][1]["error"] == "damaged_photo"
    group = api.stack.groups.group(batch_id)
    assert group is not None
    assert group.outcome is not None
    mail = compose(group, group.outcome, api.stack.groups.group_jobs(batch_id), "id")
    assert "Item diproses: 3" in mail.text
    assert "ZIP" not in mail.text
