"""Accounts that are deleted and teams: of members who leave, and of whom they worked for."""

from typing import Any

import pytest

from lumiku.services.clock import utc_now
from tests.component.erasing import erase_all, leave
from tests.component.http.conftest import Api
from tests.component.http.teams import acting, join, keys, teams
from tests.component.http.test_keys import by_context, opened
from tests.component.http_events import SELLER, STRANGER, Answer, request
from tests.component.leaving import OTHERS, with_login
from tests.dynamodb import all_rows

P = "/api/apps/background-remover"
PHOTO = {"fileName": "shoe.png", "fileSize": 9, "tier": "basic"}


@pytest.fixture
def seller(seller: Api) -> Api:
    """The seller, who can log in, and somebody with an account of their own."""
    seller.stack.open_account(STRANGER, 10)
    return with_login(seller)


def code(got: Answer) -> tuple[int, str]:
    return got.status, got.json["code"]


def made_key(api: Api, **sent: Any) -> Any:
    """A key that one of a team made, as the authorizer tells of it, and its text."""
    body = {"name": "importer", "scopes": ["read", "remover"]}
    made = api.post("/api/keys", body, **sent).data
    return opened(api.stack, made["key"])["context"], made["key"]


def removebg(api: Api, key: str) -> int:
    """How GET /v1.0/account answers to a key."""
    api.stack.app("removebg_api")
    event = request("GET", "/v1.0/account", user=None, headers={"X-Api-Key": key})
    status: int = api.stack.call("removebg_api", event)["statusCode"]
    return status


def test_members_order_nothing_in_an_account_that_is_closed(seller: Api) -> None:
    join(seller.stack, "owner")
    context, key = made_key(seller, user=STRANGER, headers={"X-Workspace": SELLER})
    before = (by_context(seller, context, "GET", "/api/credits").status, removebg(seller, key))
    assert leave(seller).status == 202
    rows = all_rows()

    got = [
        acting(seller, "POST", f"{P}/remove", PHOTO),
        acting(seller, "GET", "/api/credits"),
        by_context(seller, context, "POST", f"{P}/remove", body=PHOTO),
    ]

    assert before == (200, 200)
    assert [code(one) for one in got] == [(404, "not_found")] * 3
    assert removebg(seller, key) == 403
    assert all_rows() == rows  # nor is it noted what they asked for
    assert seller.get("/api/credits", user=STRANGER).data["balance"] == 10


def test_who_left_acts_for_nobody_at_once(seller: Api) -> None:
    join(seller.stack, "admin", SELLER, STRANGER)
    context, key = made_key(seller, headers={"X-Workspace": STRANGER})
    own, _ = made_key(seller)
    assert by_context(seller, context, "GET", "/api/credits").status == 200
    assert leave(seller).status == 202

    got = [
        seller.get("/api/credits", headers={"X-Workspace": STRANGER}),
        seller.get("/api/credits", headers={"X-Workspace": OTHERS}),
        by_context(seller, context, "GET", "/api/credits"),
        by_context(seller, own, "GET", "/api/credits"),
    ]

    assert [code(one) for one in got] == [(401, "account_deleted")] * 4
    assert removebg(seller, key) == 403


def test_a_member_who_left_is_in_no_team_and_the_team_stays(seller: Api) -> None:
    join(seller.stack, "admin", SELLER, STRANGER)
    stays = join(seller.stack, "editor", OTHERS, STRANGER)
    context, _ = made_key(seller, headers={"X-Workspace": STRANGER})
    leave(seller)
    erase_all(seller)

    members, _ = teams(seller.stack).team(STRANGER)

    assert members == [stays]
    assert teams(seller.stack).of_person(SELLER) == []
    assert [one.maker for one in keys(seller.stack).keys(STRANGER)] == [SELLER]
    assert code(by_context(seller, context, "GET", "/api/credits"))[0] in {401, 404}


def test_a_team_whose_account_left_is_no_more(seller: Api) -> None:
    join(seller.stack, "owner")
    acting(
        seller, "POST", "/api/team/invitations", {"email": "asked@example.com", "role": "viewer"}
    )
    leave(seller)
    erase_all(seller)

    assert teams(seller.stack).team(SELLER) == ([], [])
    month = f"{utc_now():%Y-%m}"
    assert list(teams(seller.stack).acts(SELLER, month, before=None, at_once=9)) == []
    [own] = seller.get("/api/workspaces", user=STRANGER).data["workspaces"]
    assert own["workspaceId"] == STRANGER
