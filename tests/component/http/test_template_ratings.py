"""Ratings and uses of templates: one of each account, of what was paid for and made."""

from itertools import chain
from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from photo_steps.templates import templates
from tests.component.desk import sweep
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER
from tests.component.processing import bought, done, fails, process, processed
from tests.component.templates import (
    ADMIN,
    TEMPLATES,
    apply,
    public,
    rate,
    retire,
    shown,
    told,
    used,
)


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody who bought credits."""
    return bought(api)


def page(api: Api, **query: str) -> list[str]:
    found = api.get(TEMPLATES, query=query).data["templates"]
    return [one["templateId"] for one in found]


def test_a_template_is_rated_by_whoever_used_it_and_paid_for_it(api: Api, item: str) -> None:
    early = rate(api, "pure-white", 5)
    used(api, item, "pure-white")

    assert (early.status, early.json["code"]) == (409, "template_not_used")
    assert rate(api, "pure-white", 5).data == {"templateId": "pure-white", "stars": 5}
    assert rate(api, "light-grey", 5).status == 409
    assert told(api) == 1
    seen = shown(api, "pure-white")
    assert (seen["uses"], seen["rating"], seen["ratings"], seen["myRating"]) == (1, 5.0, 1, 5)


def test_a_rating_that_is_given_again_replaces_the_one_before(api: Api, item: str) -> None:
    used(api, item, "pure-white")
    for stars in (5, 5, 2):
        rate(api, "pure-white", stars)
        told(api)

    seen = shown(api, "pure-white")
    assert (seen["rating"], seen["ratings"], seen["myRating"]) == (2.0, 1, 2)
    assert told(api) == 0


@pytest.mark.parametrize("stars", [0, 6, -1, 2.5, "5", True, None])
def test_other_stars_than_one_to_five_are_refused(api: Api, item: str, stars: object) -> None:
    used(api, item, "pure-white")

    refused = rate(api, "pure-white", stars)

    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "body.stars")
    assert shown(api, "pure-white")["myRating"] is None


def test_what_is_not_there_cannot_be_rated(api: Api, item: str) -> None:
    for one in ("moon", "template_" + "0" * 32, "owntemplate_" + "0" * 32):
        assert rate(api, one, 5).status == 404


def test_a_use_counts_when_it_is_completed_and_never_when_it_failed(api: Api, item: str) -> None:
    job_id = apply(api, item, "pure-white").data["generation"]["generationId"]
    assert rate(api, "pure-white", 4).json["code"] == "template_not_used"
    api.stack.begin(job_id, fails)
    api.stack.settle(job_id)
    api.get(f"{P}/generations/{job_id}")
    sweep(api.stack)

    assert rate(api, "pure-white", 4).json["code"] == "template_not_used"
    assert told(api) == 0
    assert shown(api, "pure-white")["uses"] == 0


def test_a_background_of_a_template_is_a_use_of_it_and_a_repetition_is_none(
    api: Api, item: str
) -> None:
    look = {"background": {"action": "template", "templateId": "marble-counter"}}
    done(api, item, look)
    assert process(api, item, look).data["creditsUsed"] == 0
    sweep(api.stack)
    sweep(api.stack)

    assert told(api) == 1
    assert told(api) == 0
    assert shown(api, "marble-counter")["uses"] == 1


def test_uses_in_a_batch_count_once_each(api: Api, item: str) -> None:
    project = api.get(f"{P}/items/{item}").data["projectId"]
    body: dict[str, Any] = {"items": "all", "templateId": "pure-white"}
    batch = api.post(f"{P}/projects/{project}/batch-process", body).data["generation"]
    job_id = batch["items"][0]["generationId"]
    assert api.stack.begin(job_id, processed) == "completed"
    for _ in range(2):
        api.get(f"{P}/generations/{batch['generationId']}")
        sweep(api.stack)

    assert told(api) == 1
    assert shown(api, "pure-white")["uses"] == 1


def test_templates_are_listed_by_use_rating_age_and_name(api: Api, item: str) -> None:
    used(api, item, "light-grey")
    used(api, item, "charcoal")
    rate(api, "light-grey", 2)
    rate(api, "charcoal", 4)
    told(api)
    used(api, item, "black-gloss")
    api.stack.dynamodb.update_item(
        TableName=api.stack.table,
        Key={"pk": {"S": f"TEMPLATES#USER#{SELLER}"}, "sk": {"S": "USE#light-grey"}},
        UpdateExpression="ADD uses :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    rate(api, "light-grey", 2)
    told(api)
    newest = public(api, name="Aaa")["templateId"]

    assert page(api, sort="popular")[:3] == ["light-grey", "black-gloss", "charcoal"]
    assert page(api, sort="rating")[:2] == ["charcoal", "light-grey"]
    assert page(api, sort="new")[:2] == [newest, "pure-white"]
    assert page(api, sort="name")[0] == newest
    assert page(api, sort="shown")[0] == "pure-white"
    assert api.get(TEMPLATES, query={"sort": "best"}).status == 400


@pytest.mark.parametrize("sort", ["shown", "popular", "rating", "new", "name"])
def test_pages_show_each_template_once(api: Api, item: str, sort: str) -> None:
    used(api, item, "charcoal")
    told(api)
    public(api)
    pages: list[list[str]] = []
    cursor = None
    while cursor != "end":
        query = {"sort": sort, "limit": "20"} | ({"cursor": cursor} if cursor else {})
        data = api.get(TEMPLATES, query=query).data
        pages.append([one["templateId"] for one in data["templates"]])
        cursor = data["nextCursor"] or "end"

    assert [len(one) for one in pages] == [20, 20, 16]
    every = list(chain.from_iterable(pages))
    assert every == page(api, sort=sort)
    assert len(set(every)) == len(templates()) + 1


def test_a_cursor_of_another_order_is_refused(api: Api) -> None:
    cursor = api.get(TEMPLATES, query={"sort": "name", "limit": "1"}).data["nextCursor"]

    assert api.get(TEMPLATES, query={"sort": "new", "cursor": cursor}).status == 400
    assert api.get(TEMPLATES, query={"cursor": "!"}).status == 400


def test_templates_are_found_by_their_ratio(api: Api) -> None:
    assert page(api, aspectRatio="16:9") == ["banner-wide"]
    assert page(api, aspectRatio="9:16", platform="tiktok") == ["tiktok-vertical"]
    assert page(api, aspectRatio="7:7") == []


def test_what_is_retired_keeps_what_was_said_of_it(api: Api, item: str) -> None:
    template_id = public(api)["templateId"]
    used(api, item, template_id)
    rate(api, template_id, 3)
    told(api)
    retire(api, template_id, **ADMIN)

    seen = shown(api, template_id)
    assert (seen["uses"], seen["rating"]) == (1, 3.0)
