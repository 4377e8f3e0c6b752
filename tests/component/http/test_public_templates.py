"""Templates for everybody: made, changed and retired by administrators alone."""

import pytest

from photo_steps.templates import data_key, preview_key, templates
from tests.component.http.conftest import Api
from tests.component.http.test_own_templates import listed, pictures, rows_of_templates
from tests.component.processing import bought, on_plan
from tests.component.templates import ADMIN, BLUE, TEMPLATES, make, patch, public, retire, shown


@pytest.fixture
def item(api: Api) -> str:
    """An item of somebody on premium."""
    found = bought(api)
    on_plan(api, "premium")
    return found


def test_administrators_make_change_and_retire_templates_for_everybody(api: Api) -> None:
    made = public(api, nameId="Toko", premium=True, featured=True)
    template_id = made["templateId"]

    seen = shown(api, template_id, headers={"Accept-Language": "id"})
    assert (seen["name"], seen["premium"], seen["featured"], seen["own"]) == (
        "Toko",
        True,
        True,
        False,
    )
    assert (seen["inPlan"], seen["availableIn"]) == (False, "professional")
    assert listed(api)[-1] == template_id
    patch(api, template_id, {"premium": False}, **ADMIN)
    assert shown(api, template_id)["availableIn"] == "payg"
    retire(api, template_id, **ADMIN)
    assert template_id not in listed(api)


def test_a_shipped_template_stays_in_its_place_when_it_is_changed_and_goes_when_it_is_retired(
    api: Api,
) -> None:
    shipped = templates()[2]

    changed = patch(api, shipped.id, {"name": "Grey", "featured": True}, **ADMIN).data

    assert (changed["name"], changed["featured"]) == ("Grey", True)
    assert changed["version"] != shipped.version
    assert (changed["inPlan"], changed["availableIn"]) == (True, "free")
    assert listed(api).index(shipped.id) == 2
    assert preview_key(shipped) not in pictures(api)
    assert len(pictures(api)) == 2
    retire(api, shipped.id, **ADMIN)
    assert shipped.id not in listed(api)
    assert len(listed(api)) == len(templates()) - 1


@pytest.mark.parametrize("groups", [None, "[sellers]", "[not-admin]"])
def test_nobody_else_makes_changes_or_retires_templates_for_everybody(
    api: Api, item: str, groups: object
) -> None:
    theirs = public(api)["templateId"]
    before = rows_of_templates()

    refused = [
        make(api, {**BLUE, "public": True}, groups=groups),
        *(patch(api, one, {"name": "x"}, groups=groups) for one in (theirs, "marble-counter")),
        *(retire(api, one, groups=groups) for one in (theirs, "marble-counter")),
    ]

    assert [(one.status, one.json["code"]) for one in refused] == [(403, "not_allowed")] * 5
    assert rows_of_templates() == before


def test_each_version_knows_who_made_it(api: Api, item: str) -> None:
    template_id = public(api)["templateId"]
    other = {**ADMIN, "user": "b0b0b0b0-0c1d-4c55-9a0e-5b1f3d2c4a99"}
    patch(api, template_id, {"name": "Other"}, **other)

    versions = [row for row in rows_of_templates() if row["sk"].startswith("VERSION#")]

    assert {row["made_by"] for row in versions} == {ADMIN["user"], other["user"]}


def test_a_shipped_template_can_be_shown_as_an_earlier_release_had_it(api: Api) -> None:
    now = templates()[2]
    then = now.model_copy(update={"size_px": (600, 600)})
    key = data_key(then.id, then.version)
    data = then.model_dump_json().encode()
    api.stack.photos.write(key, data, content_type="application/json")

    seen = shown(api, then.id, query={"version": then.version})

    assert (seen["version"], seen["width"]) == (then.version, 600)
    assert shown(api, now.id)["version"] == now.version
    for other in ("0" * 12, f"../{then.version}", "x"):
        path = f"{TEMPLATES}/{now.id}"
        assert api.get(path, query={"version": other}).status == 404


def test_a_version_stays_what_it_was_in_its_row(api: Api) -> None:
    """Numbers, texts and what is missing come back as they were put."""
    for shipped in (templates()[0], templates()[15], templates()[-1]):
        changed = patch(api, shipped.id, {"featured": not shipped.is_featured}, **ADMIN).data
        again = patch(api, shipped.id, {"featured": shipped.is_featured}, **ADMIN).data

        assert changed["version"] != shipped.version
        assert again["version"] == shipped.version
