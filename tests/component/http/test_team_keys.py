"""Keys of members, which end with the membership, and who did what."""

from datetime import timedelta
from typing import Any

import pytest

from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http.teams import INVITEE, acting, address, join, keys, teams
from tests.component.http.test_keys import by_context, opened
from tests.component.http_events import REQUEST_ID, SELLER, STRANGER, Answer

P, S = "/api/apps/background-remover", "/api/apps/product-photo-studio"
PHOTO = {"fileName": "shoe.png", "fileSize": 9, "tier": "basic"}
BATCH = {"tier": "basic", "files": [{"name": f"{n}.png", "size": 9} for n in range(2)]}
THIRD = "decade00-0c1d-4c55-9a0e-5b1f3d2c4a12"
OWNER = "seller@example.com"


@pytest.fixture
def team(seller: Api) -> Api:
    """The seller's API, and a stranger who has an address and 10 credits."""
    seller.stack.open_account(STRANGER, 10)
    address(seller.stack, SELLER, OWNER)
    address(seller.stack, STRANGER, INVITEE)
    return seller


def code(got: Answer) -> tuple[int, str]:
    return got.status, got.json["code"]


# Keys of members


def made_key(team: Api, **told: Any) -> Any:
    got = acting(team, "POST", "/api/keys", {"name": "importer", **told})
    assert got.status == 201
    return got.data


def test_a_members_key_acts_for_the_workspace_and_says_whose_it_is(team: Api) -> None:
    join(team.stack, "admin")

    key = made_key(team)
    placed = by_context(
        team, opened(team.stack, key["key"])["context"], "POST", f"{P}/remove", body=PHOTO
    )

    assert (key["workspaceId"], key["madeBy"]) == (SELLER, STRANGER)
    assert placed.headers["x-credits-remaining"] == "997"
    job = team.stack.jobs.get(placed.data["jobId"])
    assert job is not None
    assert (job.user_id, job.actor) == (SELLER, key["keyId"])
    assert team.get("/api/keys", user=STRANGER).data["keys"] == []
    assert team("DELETE", f"/api/keys/{key['keyId']}").status == 200


def test_a_members_key_may_no_more_than_the_member(team: Api) -> None:
    join(team.stack, "admin")
    context = opened(team.stack, made_key(team)["key"])["context"]

    top_up = by_context(
        team, context, "POST", "/api/credits/topups", body={"package": "credits-100"}
    )
    team("PATCH", f"/api/team/members/{STRANGER}", body={"role": "viewer"})
    order = by_context(team, context, "POST", f"{P}/remove", body=PHOTO)
    look = by_context(team, context, "GET", "/api/credits")

    assert (*code(top_up), top_up.json["scope"]) == (403, "not_allowed", "billing")
    assert (*code(order), order.json["scope"]) == (403, "not_allowed", "remover")
    assert look.status == 200


@pytest.mark.parametrize("how", ["removed", "left", "removed and back"])
def test_a_members_key_dies_at_once_with_the_membership(team: Api, how: str) -> None:
    join(team.stack, "admin")
    key = made_key(team)
    context = opened(team.stack, key["key"])["context"]
    assert by_context(team, context, "GET", "/api/credits").status == 200

    if how == "left":
        acting(team, "POST", "/api/team/leave")
    else:
        team("DELETE", f"/api/team/members/{STRANGER}")
    if how == "removed and back":
        join(team.stack, "admin")

    remembered = by_context(team, context, "GET", "/api/credits")
    assert code(remembered) == (404, "not_found")
    assert not opened(team.stack, key["key"])["isAuthorized"]
    [listed] = team.get("/api/keys").data["keys"]
    assert listed["revokedAt"]


def test_a_key_that_the_index_missed_is_dead_all_the_same(team: Api) -> None:
    member = join(team.stack, "admin")
    key = made_key(team)["key"]
    teams(team.stack).remove(member)

    context = opened(team.stack, key)["context"]
    by_removebg = team.stack.call(
        "removebg_api",
        {
            "rawPath": "/v1.0/account",
            "headers": {"x-api-key": key},
            "requestContext": {"http": {"method": "GET"}, "requestId": REQUEST_ID},
        },
    )

    assert keys(team.stack).keys(SELLER)[0].revoked_at is None
    assert code(by_context(team, context, "GET", "/api/credits")) == (404, "not_found")
    assert by_removebg["statusCode"] == 403


def test_a_key_is_for_its_own_workspace(team: Api) -> None:
    join(team.stack, "admin")
    context = opened(team.stack, made_key(team)["key"])["context"]
    for workspace, status in ((SELLER, 200), (STRANGER, 404)):
        got = by_context(team, context, "GET", "/api/credits", headers={"X-Workspace": workspace})
        assert got.status == status


def test_a_key_is_rotated_by_who_made_it_alone(team: Api) -> None:
    """Whoever has its secret acts as they may, and after they were removed."""
    owners = team.post("/api/keys", {"name": "billing"}).data
    join(team.stack, "admin")
    members = made_key(team)

    seen = {
        who: {key["keyId"]: key["isYours"] for key in listed.data["keys"]}
        for who, listed in (
            ("owner", team.get("/api/keys")),
            ("member", acting(team, "GET", "/api/keys")),
        )
    }
    assert seen == {
        "owner": {owners["keyId"]: True, members["keyId"]: False},
        "member": {owners["keyId"]: False, members["keyId"]: True},
    }
    by_member = acting(team, "POST", f"/api/keys/{owners['keyId']}/rotate")
    by_owner = team.post(f"/api/keys/{members['keyId']}/rotate")

    assert code(by_member) == code(by_owner) == (403, "not_allowed")
    assert opened(team.stack, owners["key"])["isAuthorized"]
    assert acting(team, "POST", f"/api/keys/{members['keyId']}/rotate").status == 200
    assert acting(team, "DELETE", f"/api/keys/{owners['keyId']}").status == 200


# Who did what


def test_what_members_and_their_keys_do_is_listed(team: Api) -> None:
    join(team.stack, "admin")
    key = made_key(team)
    context = opened(team.stack, key["key"])["context"]
    project = acting(team, "POST", f"{S}/projects", {"name": "Tas"}).data["projectId"]
    by_context(team, context, "POST", f"{P}/remove", body=PHOTO)
    acting(team, "DELETE", f"{S}/projects/nobodys")
    acting(team, "GET", f"{S}/projects/{project}")
    team("DELETE", f"{S}/projects/{project}")

    shown = team.get("/api/team/activity").data["activity"]

    assert {(one["actor"], one["what"], one["status"]) for one in shown} == {
        (STRANGER, "POST /api/keys", 201),
        (STRANGER, f"POST {S}/projects", 201),
        (key["keyId"], f"POST {P}/remove", 202),
        (STRANGER, f"DELETE {S}/projects/nobodys", 404),
    }
    assert {(one["member"], one["email"]) for one in shown} == {(STRANGER, INVITEE)}


def test_the_list_of_who_did_what_has_pages_and_months(team: Api) -> None:
    join(team.stack, "admin")
    for number in range(3):
        acting(team, "DELETE", f"{S}/projects/p{number}")

    first = acting(team, "GET", "/api/team/activity", query={"limit": "2"}).data
    rest = {"limit": "2", "cursor": first["nextCursor"]}
    second = acting(team, "GET", "/api/team/activity", query=rest).data
    before = f"{utc_now() - timedelta(days=40):%Y-%m}"
    other = acting(team, "GET", "/api/team/activity", query={"month": before}).data

    whats = [one["what"][-2:] for one in first["activity"] + second["activity"]]
    assert whats == ["p2", "p1", "p0"]
    assert second["nextCursor"] is None
    assert other == {"activity": [], "nextCursor": None}


def test_what_was_asked_for_is_listed_even_if_nobody_knows_its_end(
    team: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(team.stack, "editor")
    app = team.stack.app("projects_api")
    monkeypatch.setattr(type(app.projects), "create", lambda *_, **__: 1 / 0)

    assert acting(team, "POST", f"{S}/projects", {"name": "Tas"}).status == 500

    [act] = team.get("/api/team/activity").data["activity"]
    assert (act["what"], act["status"]) == (f"POST {S}/projects", None)
