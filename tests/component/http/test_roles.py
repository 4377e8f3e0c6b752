"""Who may do what in a workspace: every role on every route that openapi.json has."""

import json
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from lumiku.domain.people.teams import Role
from scripts.template import ROOT, by_key
from tests.component.http.conftest import Api
from tests.component.http.teams import acting, address, join, teams
from tests.component.http.test_brands import form, picture
from tests.component.http.test_keys import by_context, opened
from tests.component.http_events import SELLER, STRANGER, Answer
from tests.e2e.test_openapi import CALLS

DOCUMENT = json.loads((ROOT / "openapi.json").read_text("utf-8"))
GUARDED = [
    (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if operation["security"]
]
BY_KEY = [one for one in GUARDED if by_key(*one)]
ROLES: tuple[Role, ...] = ("viewer", "editor", "admin", "owner")
NOBODY = "nobody"
"""Only the person whose account it is, or an administrator who acts for nobody."""
LEAST: dict[tuple[str, str], str] = {
    ("GET", "/api/team/activity"): "admin",
    ("GET", "/api/admin/accounts"): NOBODY,
    ("GET", "/api/admin/overview"): NOBODY,
    ("PATCH", "/api/account"): NOBODY,
    ("POST", "/api/account/export"): NOBODY,
    ("GET", "/api/account/export"): NOBODY,
    ("GET", "/api/account/export/download"): NOBODY,
    ("POST", "/api/account/delete"): NOBODY,
    ("GET", "/api/brand"): "admin",
    ("PUT", "/api/brand"): "admin",
    ("DELETE", "/api/brand"): "admin",
    ("PUT", "/api/brand/logo"): "admin",
    ("POST", "/api/keys"): "admin",
    ("POST", "/api/keys/{key_id}/rotate"): "admin",
    ("DELETE", "/api/keys/{key_id}"): "admin",
    ("POST", "/api/team/invitations"): "admin",
    ("DELETE", "/api/team/invitations/{invitation_id}"): "admin",
    ("DELETE", "/api/team/members/{user_id}"): "admin",
    ("PATCH", "/api/team/members/{user_id}"): "admin",
    ("POST", "/api/team/leave"): "viewer",
    ("POST", "/api/invitations/accept"): "viewer",
    ("POST", f"{P}/pricing/calculate"): "viewer",
    ("POST", f"{S}/pricing/calculate"): "viewer",
    ("POST", f"{P}/remove"): "editor",
    ("POST", f"{P}/subscription"): "owner",
    ("DELETE", f"{P}/subscription"): "owner",
    ("POST", f"{S}/subscription"): "owner",
    ("DELETE", f"{S}/subscription"): "owner",
    ("POST", "/api/credits/topups"): "owner",
    ("POST", "/api/admin/payments/{payment_id}/refund"): NOBODY,
    ("POST", "/api/admin/accounts/{user_id}/credits"): NOBODY,
    ("PUT", "/api/admin/accounts/{user_id}/limits"): NOBODY,
    ("POST", f"{P}/batch"): "editor",
    ("DELETE", f"{P}/batch/{{batch_id}}"): "editor",
    ("POST", f"{P}/batch/{{batch_id}}/upload-policy"): "editor",
    ("POST", f"{P}/batch/{{batch_id}}/finish"): "editor",
    ("POST", f"{P}/batch/{{batch_id}}/retry"): "editor",
    ("POST", f"{S}/projects"): "editor",
    ("PUT", f"{S}/projects/{{project_id}}"): "editor",
    ("DELETE", f"{S}/projects/{{project_id}}"): "editor",
    ("PATCH", f"{S}/projects/{{project_id}}"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/items/upload"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/items/import"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/uploads/{{upload_id}}/finish"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/uploads/{{upload_id}}/upload-policy"): "editor",
    ("POST", f"{S}/templates"): "editor",
    ("DELETE", f"{S}/templates/{{template_id}}"): "editor",
    ("PATCH", f"{S}/templates/{{template_id}}"): "editor",
    ("PUT", f"{S}/templates/{{template_id}}/rating"): "editor",
    ("DELETE", f"{S}/items/{{item_id}}"): "editor",
    ("PATCH", f"{S}/items/{{item_id}}"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/items/bulk"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/items/import-csv"): "editor",
    ("POST", f"{S}/items/{{item_id}}/process"): "editor",
    ("POST", f"{S}/items/{{item_id}}/apply-template"): "editor",
    ("POST", f"{S}/items/{{item_id}}/quote"): "viewer",
    ("POST", f"{S}/variations/{{variation_id}}/select"): "editor",
    ("DELETE", f"{S}/variations/{{variation_id}}"): "editor",
    ("POST", f"{S}/items/{{item_id}}/preview"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/batch-process"): "editor",
    ("POST", f"{S}/generations/{{generation_id}}/pause"): "editor",
    ("POST", f"{S}/generations/{{generation_id}}/resume"): "editor",
    ("POST", f"{S}/generations/{{generation_id}}/cancel"): "editor",
    ("POST", f"{S}/generations/{{generation_id}}/retry"): "editor",
    ("POST", f"{S}/exports/{{export_id}}/cancel"): "editor",
    ("POST", f"{S}/exports/{{export_id}}/retry"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/export-zip"): "editor",
    ("POST", f"{S}/projects/{{project_id}}/create-carousel"): "editor",
    ("POST", f"{S}/items/{{item_id}}/upscale"): "editor",
    ("POST", f"{S}/items/{{item_id}}/use-background-remover"): "editor",
    ("POST", f"{S}/items/{{item_id}}/export-to/{{app_name}}"): "editor",
    ("PUT", "/api/connections/{app_name}"): NOBODY,
    ("DELETE", "/api/connections/{app_name}"): NOBODY,
    ("GET", "/api/admin/apps"): NOBODY,
    ("POST", "/api/admin/apps"): NOBODY,
    ("PUT", "/api/admin/apps/{app_name}"): NOBODY,
    ("POST", "/api/admin/apps/{app_name}/rotate"): NOBODY,
    ("DELETE", "/api/admin/apps/{app_name}"): NOBODY,
    ("POST", "/api/webhooks"): "admin",
    ("DELETE", "/api/webhooks/{webhook_id}"): "admin",
    ("POST", "/api/webhooks/{webhook_id}/rotate"): "admin",
}
"""The least role that may; every other GET is for all of them."""
CALLED = {(method, path.partition("?")[0]): (path, body) for method, path, _, body in CALLS}
FILLED = {
    "{email}": "nobody@example.com",
    "{user_id}": "c0ffee00-0c1d-4c55-9a0e-5b1f3d2c4a99",
    "{newcomer}": "newcomer@example.com",
    "{app_name}": "no-such-app",
    "{invitation_token}": f"{SELLER}.{0:032x}",
}
_NAME = re.compile(r"{\w+}")


type Ask = Callable[..., Answer]


def tried(ask: Ask, method: str, path: str) -> Answer:
    """A request that can be read, about things that are not there."""
    if path == "/api/brand/logo":
        return ask(method, path, **form(picture()))
    called, body = CALLED[method, path]
    text = _NAME.sub(lambda found: FILLED.get(found[0], "x_0"), json.dumps([called, body]))
    text = text.replace('"public": true', '"public": false')  # which administrators ask for
    asked, sent = json.loads(text)
    path, _, query = asked.partition("?")
    return ask(method, path, body=sent, query=dict(parse_qsl(query)))


def is_as_agreed(got: Answer, role: Role, method: str, path: str) -> bool:
    """Whoever has the role may, or is told of the role, as the table says."""
    least = LEAST.get((method, path), "viewer")
    may = least != NOBODY and ROLES.index(role) >= [*ROLES].index(least)  # type: ignore[arg-type]
    refused = got.status == 403 and got.json["code"] == "not_allowed"
    unknown = got.status == 404 and "workspace" in got.json
    return refused is not may and not unknown and got.status < 500


def members_key(seller: Api, role: Role) -> Ask:
    """A key with all scopes of a member, who has the role by now."""
    member = join(seller.stack, "admin")
    key = acting(seller, "POST", "/api/keys", {"name": "importer"}).data["key"]
    teams(seller.stack).change_role(member, role)
    return partial(by_context, seller, opened(seller.stack, key)["context"])


def test_the_table_has_every_route_that_changes_something_and_no_other() -> None:
    assert {one for one in GUARDED if one[0] != "GET"} == {one for one in LEAST if one[0] != "GET"}
    assert set(LEAST) <= set(GUARDED)
    assert len(GUARDED) > 100 > len(BY_KEY) > 80


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_table_says_on_every_route(seller: Api, role: Role) -> None:
    address(seller.stack, SELLER, "seller@example.com")
    wrong = []
    for method, path in GUARDED:
        join(seller.stack, role)  # anew: some of these end it
        got = tried(partial(acting, seller), method, path)

        if not is_as_agreed(got, role, method, path):
            wrong.append((method, path, got.status, got.text[:200]))

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_members_key_may_what_the_role_may_on_every_route(seller: Api, role: Role) -> None:
    ask = members_key(seller, role)

    tries = [(method, path, tried(ask, method, path)) for method, path in BY_KEY]

    wrong = [one for one in tries if not is_as_agreed(one[2], role, *one[:2])]
    assert wrong == []


def test_a_stranger_is_told_of_no_workspace_on_any_route(seller: Api) -> None:
    for method, path in GUARDED:
        got = tried(partial(acting, seller), method, path)

        assert (got.status, got.json["code"]) == (404, "not_found"), (method, path, got.text)
        assert got.json["workspace"] == SELLER
    assert seller.get("/api/credits", user=STRANGER).status == 200


def test_a_key_of_who_is_no_member_any_more_opens_no_route(seller: Api) -> None:
    ask = members_key(seller, "owner")
    seller("DELETE", f"/api/team/members/{STRANGER}")

    for method, path in BY_KEY:
        got = tried(ask, method, path)

        assert (got.status, got.json["code"]) == (404, "not_found"), (method, path, got.text)
        assert got.json["workspace"] == SELLER
