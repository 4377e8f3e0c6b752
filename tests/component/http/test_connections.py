"""Apps that administrators write down, and what accounts allow them."""

import json
from typing import Any

import pytest

from lumiku.adapters.connected.grants import GrantTable
from lumiku.adapters.rows import Rows
from lumiku.domain.connected.grants import CapReached, Grant, NotConnected, Spending
from lumiku.domain.errors import Busy
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Spend, Unspend
from tests.component.connected import ADMIN, LAPTOP
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, STRANGER, Answer

APP = {"name": "avatar-creator", "baseUrl": "https://avatars.example.com", "scopes": ["remove"]}
ALLOWED = {"scopes": ["remove"], "monthlyCap": 500}


def add(api: Api, **changed: Any) -> Answer:
    return api.post("/api/admin/apps", {**APP, **changed}, **ADMIN)


def connect(api: Api, **changed: Any) -> Answer:
    return api("PUT", "/api/connections/avatar-creator", body={**ALLOWED, **changed})


def connections(api: Api, **sent: Any) -> list[Any]:
    found: list[Any] = api.get("/api/connections", **sent).data["connections"]
    return found


def test_a_secret_is_shown_when_it_is_made_and_never_again(api: Api) -> None:
    made = add(api).data
    rotated = api.post("/api/admin/apps/avatar-creator/rotate", **ADMIN).data
    shown = api.get("/api/admin/apps", **ADMIN).data

    assert made["secret"].startswith("whsec_")
    assert made["previousSecretUntil"] is None
    assert rotated["secret"] != made["secret"]
    assert rotated["previousSecretUntil"] is not None
    assert [app["name"] for app in shown["apps"]] == ["avatar-creator"]
    assert "whsec_" not in json.dumps([shown, connections(api)])


@pytest.mark.parametrize(
    "url",
    [
        "http://avatars.example.com",
        "https://127.0.0.1",
        "https://10.0.0.1/app",
        "https://169.254.169.254",
        "https://localhost",
        "https://[::1]",
        "https://0x7f000001",
        "ftp://avatars.example.com",
        "https://user@avatars.example.com",
        "avatars.example.com",
    ],
)
def test_an_app_is_called_over_https_at_a_public_address(api: Api, url: str) -> None:
    got = add(api, baseUrl=url)

    assert (got.status, got.json["errors"][0]["field"]) == (400, "body.baseUrl")


@pytest.mark.parametrize("name", ["", "a", "Avatar", "1app", "avatar creator", "x" * 41, "../x"])
def test_an_app_has_a_name_for_paths(api: Api, name: str) -> None:
    got = add(api, name=name)

    assert (got.status, got.json["errors"][0]["field"]) == (400, "body.name")


def test_a_name_is_given_once(api: Api) -> None:
    add(api)

    got = add(api)

    assert (got.status, got.json["code"], got.json["app"]) == (409, "app_exists", "avatar-creator")


def test_there_are_only_so_many_apps(api: Api) -> None:
    for number in range(20):
        add(api, name=f"app-{number}")

    got = add(api)

    assert (got.status, got.json["code"], got.json["allowed"]) == (409, "too_many_apps", 20)


def test_only_administrators_see_and_change_apps(api: Api) -> None:
    add(api)
    app = {name: APP[name] for name in ("baseUrl", "scopes")}

    answers = [
        api.get("/api/admin/apps"),
        api.post("/api/admin/apps", APP),
        api("PUT", "/api/admin/apps/avatar-creator", body=app),
        api.post("/api/admin/apps/avatar-creator/rotate"),
        api("DELETE", "/api/admin/apps/avatar-creator"),
    ]

    assert {(got.status, got.json["code"]) for got in answers} == {(403, "not_allowed")}


def test_an_account_connects_changes_and_disconnects_an_app(api: Api) -> None:
    add(api, scopes=["remove", "pictures"])
    before = connections(api)
    made = connect(api).data
    changed = connect(api, scopes=["pictures"], monthlyCap=9).data
    theirs = connections(api, user=STRANGER)
    gone = api("DELETE", "/api/connections/avatar-creator").data
    after = connections(api)
    anew = connect(api).data

    assert (before[0]["app"], before[0]["grant"]) == ("avatar-creator", None)
    assert made["grant"]["grantId"] == changed["grant"]["grantId"] == gone["grantId"]
    assert (changed["grant"]["scopes"], changed["grant"]["monthlyCap"]) == (["pictures"], 9)
    assert theirs[0]["grant"] is None
    assert after[0]["grant"] is None
    assert anew["grant"]["grantId"] != made["grant"]["grantId"]


def test_an_app_is_allowed_no_more_than_it_may_do(api: Api) -> None:
    add(api)

    got = connect(api, scopes=["remove", "results"])

    assert (got.status, got.json["errors"][0]["field"]) == (400, "body.scopes")
    assert "results" in got.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "wrong", [{"monthlyCap": -1}, {"monthlyCap": 1_000_001}, {"scopes": []}, {"scopes": ["all"]}]
)
def test_a_grant_says_how_much(api: Api, wrong: dict[str, Any]) -> None:
    add(api)

    assert connect(api, **wrong).status == 400


def test_what_is_not_there_is_neither_connected_nor_changed(api: Api) -> None:
    app = {name: APP[name] for name in ("baseUrl", "scopes")}
    answers = [
        connect(api),
        api("DELETE", "/api/connections/avatar-creator"),
        api("PUT", "/api/admin/apps/avatar-creator", body=app, **ADMIN),
        api.post("/api/admin/apps/avatar-creator/rotate", **ADMIN),
        api("DELETE", "/api/admin/apps/avatar-creator", **ADMIN),
    ]
    add(api)
    answers.append(api("DELETE", "/api/connections/avatar-creator"))

    assert {(got.status, got.json["code"]) for got in answers} == {(404, "not_found")}


def test_on_a_laptop_an_app_may_be_on_this_machine(api: Api) -> None:
    api.stack.app("connections_api", **LAPTOP)

    assert add(api, baseUrl="http://127.0.0.1:8080/app").status == 201


class TestCounting:
    """What an app spends, among others that spend at the same time."""

    @pytest.fixture
    def grant(self, api: Api) -> Grant:
        grant = Grant(
            id=f"grant_{SELLER}_{'0' * 32}",
            account=SELLER,
            app="avatar-creator",
            app_id="app_1",
            scopes=("remove",),
            monthly_cap=100,
            created_at=utc_now(),
        )
        self.table = GrantTable(Rows(api.stack.dynamodb, api.stack.table))
        self.commit = api.stack.transactions.commit
        self.table.save(grant, None)
        return grant

    def spending(self, credits: int, month: str = "2026-11") -> Spending:
        return Spending(SELLER, "avatar-creator", month, credits)

    def read(self) -> Grant:
        grant = self.table.grant(SELLER, "avatar-creator")
        assert grant is not None
        return grant

    def test_the_last_credit_is_spent_and_no_more(self, grant: Grant) -> None:
        self.commit(Spend(self.spending(60), grant))
        self.commit(Spend(self.spending(40), grant))

        with pytest.raises(CapReached) as refused:
            self.commit(Spend(self.spending(1), grant))

        assert refused.value.facts == {
            "app": "avatar-creator",
            "needed": 1,
            "available": 0,
            "cap": 100,
        }
        self.commit(Spend(self.spending(100, "2026-12"), grant))
        self.commit(Unspend(self.spending(60)))
        assert self.read().spent == {"2026-11": 40, "2026-12": 100}

    def test_nothing_is_spent_by_a_grant_that_was_revoked_or_replaced(self, grant: Grant) -> None:
        now = utc_now()
        self.table.revoke(grant.model_copy(update={"revoked_at": now}))
        with pytest.raises(NotConnected):
            self.commit(Spend(self.spending(1), grant))

        other = grant.model_copy(update={"id": f"grant_{SELLER}_{'1' * 32}"})
        self.table.save(other, self.read())
        with pytest.raises(NotConnected):
            self.commit(Spend(self.spending(1), grant))

        self.commit(Spend(self.spending(1), other))
        assert self.read().revoked_at is None

    def test_a_cap_that_changed_meanwhile_is_asked_anew(self, grant: Grant) -> None:
        self.table.save(grant.model_copy(update={"monthly_cap": 50}), grant)

        with pytest.raises(Busy):
            self.commit(Spend(self.spending(50), grant))
        with pytest.raises(CapReached):
            self.commit(Spend(self.spending(51), grant))

    def test_of_two_changes_at_once_one_is_told(self, grant: Grant) -> None:
        self.table.save(grant.model_copy(update={"monthly_cap": 50}), grant)

        with pytest.raises(Busy):
            self.table.save(grant.model_copy(update={"monthly_cap": 70}), grant)

    def test_what_comes_back_after_all_is_gone_makes_no_grant(self, grant: Grant) -> None:
        self.commit(Unspend(Spending(STRANGER, "avatar-creator", "2026-11", 5)))

        assert self.table.grant(STRANGER, "avatar-creator") is None
        assert self.table.grants(STRANGER) == []
