"""Projects of the studio: made, found, changed by version, deleted."""

from typing import Any

import pytest

from lumiku.apps.studio.http import STUDIO_PREFIX as P
from tests.component.http.conftest import Api
from tests.component.http_events import STRANGER, Answer
from tests.dynamodb import all_rows

SHOES = {"name": "Sepatu Lebaran", "category": "fashion"}


def made(api: Api, **said: Any) -> str:
    project_id: str = api.post(f"{P}/projects", SHOES | said).data["projectId"]
    return project_id


def matching(version: int) -> dict[str, str]:
    return {"If-Match": f'"{version}"'}


def names(got: Answer) -> list[str]:
    return [project["name"] for project in got.data["projects"]]


def test_a_project_is_made_and_shown(api: Api) -> None:
    got = api.post(f"{P}/projects", SHOES)
    shown = api.get(f"{P}/projects/{got.data['projectId']}")

    assert (got.status, got.headers["etag"], shown.headers["etag"]) == (201, '"1"', '"1"')
    assert shown.data == got.data | {"coverUrls": []}
    assert got.data["itemCount"] == got.data["sizeBytes"] == 0
    assert (got.data["status"], got.data["description"]) == ("active", "")


def test_the_same_key_makes_one_project(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    first, again = (api.post(f"{P}/projects", SHOES, headers=key) for _ in range(2))
    other = api.post(f"{P}/projects", {"name": "Tas"}, headers=key)

    assert (first.data, again.status) == (again.data, 201)
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    "said",
    [
        *({"name": name} for name in ("", None, " ", "Sepatu\nmerah", "a\x00")),
        *({"nmae": "x"}, {"status": "gone"}, {"category": "x" * 61}, {"category": "\t"}),
        {"defaultTemplateId": "no-such-template"},
    ],
)
def test_what_cannot_be_said_of_a_project_is_told_by_field(api: Api, said: dict[str, Any]) -> None:
    [field] = said
    path = f"{P}/projects/{made(api)}"
    for got in (api.post(f"{P}/projects", SHOES | said), api("PATCH", path, body=said)):
        assert (got.status, got.json["errors"][0]["field"]) == (400, f"body.{field}")


def test_projects_are_listed_newest_first_page_by_page(api: Api) -> None:
    for number in range(5):
        made(api, name=f"Project {number}")
    first = api.get(f"{P}/projects", query={"limit": "3"})
    rest = api.get(f"{P}/projects", query={"limit": "3", "cursor": first.data["nextCursor"]})

    assert names(first) + names(rest) == [f"Project {n}" for n in reversed(range(5))]
    assert rest.data["nextCursor"] is None
    assert names(api.get(f"{P}/projects", user=STRANGER)) == []


def test_projects_are_found_by_status_and_by_a_part_of_their_name(api: Api) -> None:
    made(api)
    made(api, name="Tas", status="archived")

    assert names(api.get(f"{P}/projects", query={"q": "LEBARAN"})) == ["Sepatu Lebaran"]
    assert names(api.get(f"{P}/projects", query={"status": "archived"})) == ["Tas"]
    assert names(api.get(f"{P}/projects", query={"status": "archived", "q": "sepatu"})) == []


def test_put_replaces_and_patch_changes(api: Api) -> None:
    path = f"{P}/projects/{made(api, description='for Eid')}"
    changed = api("PATCH", path, body={"status": "archived", "category": None})
    replaced = api("PUT", path, body={"name": "Tas"})

    assert changed.data["name"] == SHOES["name"]
    assert (changed.data["description"], changed.data["category"]) == ("for Eid", None)
    assert (replaced.data["description"], replaced.data["status"]) == ("", "active")
    assert [changed.data["version"], replaced.data["version"]] == [2, 3]
    assert api.get(path).data["name"] == "Tas"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_nothing_is_written_over_a_newer_version(api: Api, method: str) -> None:
    path = f"{P}/projects/{made(api)}"
    body = None if method == "DELETE" else {"name": "Mine"}
    api("PATCH", path, body={"name": "Theirs"}, headers=matching(1))

    got = api(method, path, body=body, headers=matching(1))

    assert (got.status, got.json["code"], got.json["version"]) == (412, "version_changed", 2)
    assert api.get(path).data["name"] == "Theirs"
    assert api(method, path, body=body, headers=matching(2)).status == 200


def test_an_if_match_that_was_never_answered_is_refused(api: Api) -> None:
    path = f"{P}/projects/{made(api)}"

    got = api("PATCH", path, body={"name": "x"}, headers={"If-Match": '"abc"'})

    assert (got.status, got.json["code"]) == (400, "invalid_request")
    assert api("PATCH", path, body={"name": "x"}, headers={"If-Match": "*"}).status == 200


def test_a_deleted_project_is_gone_at_once(api: Api) -> None:
    project_id = made(api)
    assert api("DELETE", f"{P}/projects/{project_id}").data == {"deleted": project_id}

    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        got = api(method, f"{P}/projects/{project_id}", body=body)
        assert (got.status, got.json["code"]) == (404, "not_found")
    assert names(api.get(f"{P}/projects")) == []
    [row] = all_rows()
    assert row["gsi2pk"] == "DUE#PROJECT"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_a_project_of_somebody_else_is_like_none(api: Api, method: str) -> None:
    path = f"{P}/projects/{made(api)}"
    body = {"name": "x"} if method in {"PUT", "PATCH"} else None

    theirs = api(method, path, body=body, user=STRANGER)
    nobodys = api(method, f"{P}/projects/project_none", body=body, user=STRANGER)

    assert theirs.status == nobodys.status == 404
    assert api.get(path).data["version"] == 1
