"""Templates that are made: an account's own on premium, and everybody's by administrators."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from lumiku.domain.projects.templates import MAX_OWN
from photo_steps.templates import PreviewSize
from tests.component.http.conftest import Api
from tests.component.http_events import STRANGER
from tests.component.processing import balance, bought, on_plan, processed, variations
from tests.component.templates import (
    ADMIN,
    BLUE,
    TEMPLATES,
    apply,
    make,
    patch,
    retire,
    shown,
)
from tests.dynamodb import all_rows


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody on premium."""
    found = bought(api)
    on_plan(api, "premium")
    return found


def listed(api: Api, **sent: Any) -> list[str]:
    found = api.get(TEMPLATES, **sent).data["templates"]
    return [one["templateId"] for one in found]


def rows_of_templates() -> list[dict[str, Any]]:
    return [row for row in all_rows() if row["pk"].startswith("TEMPLATES#")]


def pictures(api: Api) -> set[str]:
    return api.stack.photos.keys("assets/templates/")


def test_an_own_template_is_made_with_its_pictures_and_applied(api: Api, item: str) -> None:
    made = make(api)

    assert made.status == 201
    assert made.data["own"]
    assert (made.data["width"], made.data["height"]) == (800, 1000)
    assert made.data["aspectRatio"] == "4:5"
    assert made.data["availableIn"] == "premium"
    assert [step["name"] for step in made.data["workflow"]] == ["frame", "on-colour", "shadow"]
    sizes: dict[PreviewSize, tuple[int, int]] = {"preview": (512, 640), "thumbnail": (256, 320)}
    template_id, version = made.data["templateId"], made.data["version"]
    for size, pixels in sizes.items():
        name = f"{template_id}-{version}{'.thumbnail' if size == 'thumbnail' else ''}.webp"
        file = api.stack.photos.read(f"assets/templates/{name}").data
        with Image.open(BytesIO(file)) as image:
            assert (image.size, image.format) == (pixels, "WEBP")
    ordered = apply(api, item, template_id).data["generation"]
    assert ordered["asked"] == {
        **dict.fromkeys(("workflow", "color", "seed", "source", "variationId", "tier")),
        "templateId": template_id,
        "templateVersion": version,
    }
    assert api.stack.begin(ordered["generationId"], processed) == "completed"
    api.get(f"{P}/generations/{ordered['generationId']}")
    [variation] = variations(api, item)
    assert variation["asked"]["templateVersion"] == version


def test_an_own_template_is_listed_priced_previewed_and_taken_for_a_batch(
    api: Api, item: str
) -> None:
    template_id = make(api).data["templateId"]

    assert listed(api)[-1] == template_id
    assert listed(api, query={"own": "true"}) == [template_id]
    look = {"background": {"action": "template", "templateId": template_id}}
    priced = api.post(f"{P}/pricing/calculate", {"workflow": look}).data
    assert (priced["total"], priced["notInPlan"]) == (16, None)
    assert api.post(f"{P}/items/{item}/quote", {"templateId": template_id}).data["credits"] == 15
    assert api.post(f"{P}/items/{item}/preview", {"workflow": look}).status == 202
    project = api.get(f"{P}/items/{item}").data["projectId"]
    batch = {"items": "all", "settings": [{"item": item, "templateId": template_id}]}
    assert api.post(f"{P}/projects/{project}/batch-process", batch).status == 202
    kept = api("PATCH", f"{P}/projects/{project}", body={"defaultTemplateId": template_id})
    assert kept.data["defaultTemplateId"] == template_id


def test_an_own_template_is_nobody_elses(api: Api, item: str) -> None:
    template_id = make(api).data["templateId"]
    before = rows_of_templates()

    for caller in ({"user": STRANGER}, ADMIN):
        assert template_id not in listed(api, **caller)
        assert api.get(f"{TEMPLATES}/{template_id}", **caller).status == 404
        assert patch(api, template_id, {"name": "Mine"}, **caller).status == 404
        assert retire(api, template_id, **caller).status == 404
        rated = api("PUT", f"{TEMPLATES}/{template_id}/rating", body={"stars": 1}, **caller)
        assert rated.status == 404
        look = {"background": {"action": "template", "templateId": template_id}}
        refused = api.post(f"{P}/pricing/calculate", {"workflow": look}, **caller)
        assert refused.json["errors"][0]["field"] == "body.workflow.background.templateId"
        project = {"name": "p", "defaultTemplateId": template_id}
        refused = api.post(f"{P}/projects", project, **caller)
        assert refused.json["errors"][0]["field"] == "body.defaultTemplateId"
    assert rows_of_templates() == before


@pytest.mark.parametrize("plan", ["payg", "professional"])
def test_a_lesser_plan_has_no_own_templates_and_leaves_nothing(api: Api, plan: str) -> None:
    on_plan(api, plan)

    refused = make(api)

    assert (refused.status, refused.json["code"]) == (403, "not_in_plan")
    assert refused.json["missing"] == ["own templates"]
    assert refused.json["availableIn"] == "premium"
    assert not rows_of_templates()
    assert not pictures(api)


def test_who_had_premium_keeps_own_templates_and_cannot_apply_or_change_them(
    api: Api, item: str
) -> None:
    template_id = make(api).data["templateId"]
    api.stack.dynamodb.delete_item(
        TableName=api.stack.table,
        Key={"pk": {"S": "USER#8f1e7f6a-0c1d-4c55-9a0e-5b1f3d2c4a10"}, "sk": {"S": _PLAN}},
    )
    before = balance(api)

    assert not shown(api, template_id)["inPlan"]
    assert apply(api, item, template_id).json["missing"] == ["own templates"]
    assert patch(api, template_id, {"name": "Other"}).json["code"] == "not_in_plan"
    assert balance(api) == before
    assert retire(api, template_id).status == 200


_PLAN = "SUBSCRIPTION#product-photo-studio"


@pytest.mark.parametrize(
    ("workflow", "field"),
    [
        ({"frame": {"width": 800}, "shadow": {"type": "none"}}, "body.workflow"),
        ({"frame": {"width": 800}, "background": {"action": "keep"}}, "body.workflow"),
        ({"background": {"action": "remove"}}, "body.workflow.frame"),
        (
            {**BLUE["workflow"], "upscale": {"factor": 2}},
            "body.workflow.upscale",
        ),
        (
            {**BLUE["workflow"], "background": {"action": "template", "templateId": "moon"}},
            "body.workflow.background.templateId",
        ),
        (
            {
                **BLUE["workflow"],
                "background": {"action": "template", "templateId": "owntemplate_" + "0" * 32},
            },
            "body.workflow.background.templateId",
        ),
        ({**BLUE["workflow"], "frame": {"width": 8000, "height": 64}}, "body.workflow.frame"),
        ({**BLUE["workflow"], "steps": []}, "body.workflow.steps"),
    ],
)
def test_a_template_that_cannot_be_is_refused_and_leaves_nothing(
    api: Api, item: str, workflow: dict[str, Any], field: str
) -> None:
    refused = make(api, {**BLUE, "workflow": workflow})

    assert (refused.status, refused.json["code"]) == (400, "invalid_request")
    assert field in [error["field"] for error in refused.json["errors"]]
    assert not rows_of_templates()
    assert not pictures(api)


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "x" * 81},
        {"tags": ["t"] * 11},
        {"category": "garden"},
        {"featured": True},
        {"premium": False},
        {"descriptionId": "Hanya ini"},
        {"public": "yes"},
        {"id": "marble-counter"},
    ],
)
def test_what_cannot_be_said_of_an_own_template_is_refused(
    api: Api, item: str, said: dict[str, Any]
) -> None:
    assert make(api, {**BLUE, **said}).status == 400
    assert not rows_of_templates()


def test_the_same_key_makes_one_template_and_another_request_is_refused(
    api: Api, item: str
) -> None:
    key = {"headers": {"Idempotency-Key": "k"}}

    first, again = make(api, **key), make(api, **key)

    assert first.data["templateId"] == again.data["templateId"]
    assert make(api, {**BLUE, "name": "Other"}, **key).json["code"] == "idempotency_key_reused"
    assert len(listed(api, query={"own": "true"})) == 1


def test_one_too_many_is_refused_until_one_is_retired(
    api: Api, item: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_OWN == 50
    for module in ("lumiku.adapters.projects.templates", "lumiku.apps.studio.authoring"):
        api.stack.app("preview_api")
        monkeypatch.setattr(f"{module}.MAX_OWN", 2)
    first = make(api).data["templateId"]
    make(api)
    files = pictures(api)

    assert make(api).json["code"] == "too_many_templates"
    assert pictures(api) == files
    assert retire(api, first).status == 200
    assert retire(api, first).status == 200
    assert make(api).status == 201
    assert make(api).json["code"] == "too_many_templates"


def test_a_change_makes_another_version_and_the_one_before_stays_readable(
    api: Api, item: str
) -> None:
    before = make(api).data
    template_id = before["templateId"]
    green = {**BLUE["workflow"], "background": {"action": "solid", "color": "#00ff00"}}

    after = patch(api, template_id, {"workflow": green, "tags": ["hijau"]}).data

    assert after["version"] != before["version"]
    assert (after["name"], after["tags"]) == ("Toko Sari", ["hijau"])
    assert shown(api, template_id) == after
    then = shown(api, template_id, query={"version": before["version"]})
    assert (then["workflow"], then["version"]) == (before["workflow"], before["version"])
    assert api.get(f"{TEMPLATES}/{template_id}", query={"version": "0" * 12}).status == 404
    assert len(pictures(api)) == 4


def test_an_order_that_names_a_version_gets_that_or_is_told_of_the_new_one(
    api: Api, item: str
) -> None:
    template_id = make(api).data["templateId"]
    quote = api.post(f"{P}/items/{item}/quote", {"templateId": template_id}).data
    patch(api, template_id, {"name": "Other"})
    before = balance(api)

    refused = apply(api, item, template_id, version=quote["templateVersion"])

    assert (refused.status, refused.json["code"]) == (409, "template_changed")
    assert refused.json["templateVersion"] == shown(api, template_id)["version"]
    assert balance(api) == before
    assert apply(api, item, template_id, version=refused.json["templateVersion"]).status == 202


def test_a_template_that_is_retired_between_quote_and_order_is_refused_and_costs_nothing(
    api: Api, item: str
) -> None:
    template_id = make(api).data["templateId"]
    key = {"headers": {"Idempotency-Key": "k"}}
    ordered = apply(api, item, template_id, **key).data["generation"]
    assert api.post(f"{P}/items/{item}/quote", {"templateId": template_id}).status == 200
    before = balance(api)

    gone = retire(api, template_id).data

    assert gone["retiredAt"]
    assert template_id not in listed(api)
    look = {"background": {"action": "template", "templateId": template_id}}
    project = api.get(f"{P}/items/{item}").data["projectId"]
    for path, body in (
        (f"items/{item}/apply-template", {"templateId": template_id}),
        (f"items/{item}/process", {"workflow": look}),
        (f"items/{item}/quote", {"templateId": template_id}),
        (f"items/{item}/preview", {"templateId": template_id}),
        ("pricing/calculate", {"workflow": look}),
        (f"projects/{project}/batch-process", {"items": "all", "templateId": template_id}),
    ):
        refused = api.post(f"{P}/{path}", body)
        assert (refused.status, refused.json["code"]) == (409, "template_retired"), path
    assert patch(api, template_id, {"name": "Other"}).json["code"] == "template_retired"
    assert balance(api) == before
    # What was ordered before is what it was, and is made.
    assert apply(api, item, template_id, **key).data["generation"] == ordered
    assert api.stack.begin(ordered["generationId"], processed) == "completed"
    again = shown(api, template_id, query={"version": ordered["asked"]["templateVersion"]})
    assert again["workflow"]


def test_an_own_template_is_not_featured_and_asks_for_no_other_plan(api: Api, item: str) -> None:
    template_id = make(api).data["templateId"]
    before = rows_of_templates()

    for flag in ("featured", "premium"):
        refused = patch(api, template_id, {flag: True})
        assert (refused.status, refused.json["errors"][0]["field"]) == (400, f"body.{flag}")
    assert rows_of_templates() == before
