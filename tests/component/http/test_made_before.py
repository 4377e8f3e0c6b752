"""What was paid for, or made, before: removals, whole looks, cut-outs; and what undoes that."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.work.jobs import Status
from photo_steps.templates import Template
from tests.component.desk import filled, kept, sweep
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
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
from tests.dynamodb import all_rows

BLACK = {"background": {"action": "solid", "color": "#000000"}}
REMOVED = {"background": {"action": "remove"}}
TABLE = {"background": {"action": "template", "templateId": "marble-counter"}}


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits, of which 1000 are left."""
    return bought(api)


def used(api: Api, item_id: str, look: dict[str, Any]) -> int:
    found: int = process(api, item_id, look).data["creditsUsed"]
    return found


def test_a_removal_is_charged_until_an_order_that_held_it_is_completed(api: Api, item: str) -> None:
    first = process(api, item, BLACK).data  # 5 and 10, less 10 %
    assert first["creditsUsed"] == 14
    assert used(api, item, WHITE) == 21, "nobody knows whether the first one will be given back"
    api.stack.begin(first["generation"]["generationId"], processed)

    assert used(api, item, {"background": {"action": "solid", "color": "#111111"}}) == 10


def test_a_removal_that_was_given_back_is_charged_again(api: Api, item: str) -> None:
    failed = process(api, item, BLACK).data["generation"]["generationId"]
    api.stack.begin(failed, fails)
    assert used(api, item, REMOVED) == 5, "it is about to be given back"
    api.stack.settle(failed)

    assert used(api, item, WHITE) == 21


def test_a_removal_is_paid_for_by_quality(api: Api, item: str) -> None:
    done(api, item, BLACK)
    on_plan(api, "professional")
    assert used(api, item, REMOVED) == 0, "the same quality"
    on_plan(api, "premium")

    assert used(api, item, REMOVED) == 5


def test_a_removal_is_paid_for_by_item(api: Api, item: str) -> None:
    done(api, item, BLACK)
    _, ids = filled(api, "bag.jpg")

    assert used(api, ids["bag.jpg"], REMOVED) == 5


def test_a_removal_stays_paid_for_when_the_variation_is_deleted_and_its_job_is_gone(
    api: Api, item: str
) -> None:
    first = done(api, item, BLACK)
    api("DELETE", f"{P}/variations/{first['variationId']}")
    key = {"pk": {"S": f"JOB#{first['generationId']}"}, "sk": {"S": "META"}}
    api.stack.dynamodb.delete_item(TableName=api.stack.table, Key=key)

    assert used(api, item, REMOVED) == 0


def test_what_was_made_before_is_answered_for_nothing(api: Api, item: str) -> None:
    first, left = done(api, item), balance(api)

    again = process(api, item)

    assert (again.status, again.data["creditsUsed"], again.data["generation"]) == (200, 0, None)
    assert again.data["variation"]["variationId"] == first["variationId"]
    assert "x-credits-used" not in again.headers
    assert balance(api) == left


def deleted(api: Api, item: str) -> str:
    [made] = variations(api, item)
    api("DELETE", f"{P}/variations/{made['variationId']}")
    return item


def other_item(api: Api, _: str) -> str:
    _, ids = filled(api, "bag.jpg")
    return ids["bag.jpg"]


def better_quality(api: Api, item: str) -> str:
    on_plan(api, "premium")
    return item


@pytest.mark.parametrize("change", [deleted, other_item, better_quality])
def test_it_is_made_anew_where_it_would_be_another_picture(
    api: Api, item: str, change: Callable[[Api, str], str]
) -> None:
    done(api, item)

    assert process(api, change(api, item)).status == 202


@pytest.mark.parametrize(
    "look",
    [
        {**WHITE, "shadow": {"type": "natural", "opacity": 41}},
        {**WHITE, "frame": {"width": 800}},
    ],
)
def test_another_look_is_made_anew(api: Api, item: str, look: dict[str, Any]) -> None:
    done(api, item)

    assert process(api, item, look).status == 202


def test_another_seed_of_a_template_is_made_anew_and_another_version_if_it_is_another_picture(
    api: Api, item: str
) -> None:
    done(api, item, TABLE)
    assert process(api, item, TABLE).status == 200

    seeded = {"background": {**TABLE["background"], "seed": 12345}}
    assert process(api, item, seeded).status == 202
    with patch.object(Template, "version", "another"):
        assert process(api, item, TABLE).status == 200


def test_other_weights_make_it_anew_but_their_removal_is_paid_for(
    api: Api, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(api, item)
    app = api.stack.app("generations_api")
    monkeypatch.setattr(app, "orders", replace(app.orders, precision="fp32"))

    ordered = process(api, item)

    assert (ordered.status, ordered.data["creditsUsed"]) == (202, 18 - 1)
    job = api.stack.jobs.get(ordered.data["generation"]["generationId"])
    assert job is not None
    assert job.kept is None, "the cut-out is made by those weights as well"


@pytest.mark.parametrize("outcome", ["pending", "failed"])
def test_what_is_not_made_yet_or_failed_is_ordered_and_charged_again(
    api: Api, item: str, outcome: str
) -> None:
    job_id = process(api, item).data["generation"]["generationId"]
    if outcome == "failed":
        api.stack.begin(job_id, fails)
        api.stack.settle(job_id)

    assert used(api, item, WHITE) == 21


def test_a_job_begins_behind_the_cut_out_that_its_item_keeps(api: Api, item: str) -> None:
    done(api, item, BLACK)
    [cut_out] = [key for key in kept(api.stack) if "/cutout." in key]

    later = api.stack.jobs.get(process(api, item).data["generation"]["generationId"])

    assert later is not None
    assert later.kept is not None
    assert (later.kept.key, later.workflow[later.kept.step].name) == (cut_out, "leave")


def test_an_item_that_is_deleted_before_a_worker_begins_is_given_back(api: Api, item: str) -> None:
    job_id = process(api, item).data["generation"]["generationId"]
    api("DELETE", f"{P}/items/{item}")

    assert sweep(api.stack) == {"generation_cancelled": 1, "item_files_removed": 1}
    assert balance(api) == 1000
    job = api.stack.jobs.get(job_id)
    assert job is not None
    assert job.status is Status.CANCELLED


def test_of_an_item_that_is_deleted_while_it_is_processed_nothing_is_left(
    api: Api, item: str
) -> None:
    done(api, item)
    job_id = process(api, item, BLACK).data["generation"]["generationId"]

    def too_late(attempt: Any) -> Any:
        api("DELETE", f"{P}/items/{item}")
        return processed(attempt)

    api.stack.begin(job_id, too_late)

    assert balance(api) == 1000 - 21 - 10, "the service did what was ordered"
    outcomes = sweep(api.stack)
    assert outcomes == {"generation_ended": 1, "item_files_removed": 1}
    assert not kept(api.stack)
    assert not [row for row in all_rows() if row["sk"].startswith(("OF#", "GENERATION#"))]


def test_a_project_is_busy_while_items_are_processed_unless_that_shall_be_cancelled(
    api: Api, item: str
) -> None:
    project_id = api.get(f"{P}/items/{item}").data["projectId"]
    process(api, item)

    busy = api("DELETE", f"{P}/projects/{project_id}")
    gone = api("DELETE", f"{P}/projects/{project_id}", query={"cancel": "true"})

    assert (busy.status, busy.json["generations"], busy.json["uploads"]) == (409, 1, 0)
    assert gone.status == 200
    for _ in range(2):
        sweep(api.stack)
    assert balance(api) == 1000


def test_a_plan_that_ends_between_order_and_job_ends_nothing(api: Api, item: str) -> None:
    on_plan(api, "premium")
    look = {"background": {"action": "ai", "prompt": "marble table"}}
    job_id = process(api, item, look).data["generation"]["generationId"]
    before = api.stack.jobs.get(job_id)
    key = {"pk": {"S": f"USER#{SELLER}"}, "sk": {"S": "SUBSCRIPTION#product-photo-studio"}}
    api.stack.dynamodb.delete_item(TableName=api.stack.table, Key=key)

    assert api.stack.begin(job_id, processed) == "completed"
    after = api.stack.jobs.get(job_id)
    assert before is not None
    assert after is not None
    assert after.workflow == before.workflow
    assert process(api, item, look).status == 403
