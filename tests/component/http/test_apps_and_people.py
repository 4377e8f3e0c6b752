"""Other apps and people: whom an app acts for in workspaces, and nobody who left."""

from collections.abc import Iterator

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from tests.component.connected import Connected, pictures
from tests.component.erasing import erase_all, leave
from tests.component.http.conftest import Api
from tests.component.http.teams import acting, join
from tests.component.http_events import SELLER, STRANGER
from tests.component.leaving import with_login
from tests.component.left_over import left_over, places
from tests.component.processing import bought, done, on_plan
from tests.dynamodb import all_rows
from tests.imitation_apps.app import ImitationApp, imitated

RESULTS = {"pictures": [{"pictureId": "x1", "name": "x.png", "sizeBytes": 9}]}


@pytest.fixture
def app() -> Iterator[ImitationApp]:
    with imitated("avatar-creator") as started:
        started.projects["p1"] = pictures(12)
        yield started


@pytest.fixture
def connected(seller: Api, app: ImitationApp, monkeypatch: pytest.MonkeyPatch) -> Connected:
    return Connected(with_login(seller), app, monkeypatch)


def test_an_app_acts_for_nobody_who_left(connected: Connected) -> None:
    before = connected("GET", f"{S}/integrations/avatar-creator/projects/project_1/pictures")
    assert leave(connected.api).status == 202
    rows = all_rows()

    got = [
        connected.avatars(),
        connected("GET", f"{P}/integrations/avatar-creator/batch/batch_1"),
        connected("GET", f"{S}/integrations/avatar-creator/projects/project_1/pictures"),
        connected("GET", f"{S}/integrations/avatar-creator/pictures/item_1"),
        connected("POST", f"{S}/integrations/avatar-creator/projects/project_1/results", RESULTS),
    ]

    assert before.status == 404  # connected, and no such project
    assert [(one.status, one.json["code"]) for one in got] == [(403, "not_connected")] * 5
    assert all_rows() == rows
    assert connected.app.asked == []


def test_who_left_connects_nothing_and_hands_nothing_over(connected: Connected) -> None:
    leave(connected.api)

    got = [
        connected.connect(9),
        connected.api.get("/api/connections"),
        connected.api("DELETE", "/api/connections/avatar-creator"),
        connected.api.post(f"{S}/items/item_1/export-to/avatar-creator", {}),
    ]

    assert [(one.status, one.json["code"]) for one in got] == [(401, "account_deleted")] * 4


def test_of_what_apps_ordered_nothing_is_left_of_who_left(connected: Connected) -> None:
    strangers = places()
    connected.connect(500, user=STRANGER)
    others = places() - strangers
    connected.avatars()
    assert any(pk == f"APPS#{SELLER}" for pk, _ in places())
    connected.fetch()
    leave(connected.api)

    erase_all(connected.api)

    assert left_over(connected.api, strangers | others) == []
    assert f"APPS#{SELLER}" not in {pk for pk, _ in places()}
    assert others <= places()


def test_an_app_acts_for_whose_grant_it_is_whatever_workspace_it_names(
    connected: Connected,
) -> None:
    connected.api.stack.open_account(STRANGER, 1000)
    join(connected.api.stack, "owner", SELLER, STRANGER)

    got = connected.avatars(headers={"X-Workspace": STRANGER})

    assert (got.status, got.data["creditsRemaining"]) == (201, 820)
    assert connected.api.get("/api/credits", user=STRANGER).data["balance"] == 1000


def test_whoever_is_let_in_hands_over_by_the_grant_of_the_workspace(connected: Connected) -> None:
    item = bought(connected.api)
    on_plan(connected.api, "professional")
    done(connected.api, item)
    join(connected.api.stack, "editor")
    path = f"{S}/items/{item}/export-to/avatar-creator"

    got = acting(connected.api, "POST", path, {})
    connected.api("DELETE", "/api/connections/avatar-creator")
    gone = acting(connected.api, "POST", path, {})
    grant = {"scopes": ["pictures"], "monthlyCap": 9}
    connecting = acting(connected.api, "PUT", "/api/connections/avatar-creator", grant)

    assert (got.status, got.json["data"]["jobId"]) == (200, "job1")
    assert (gone.status, gone.json["code"]) == (403, "not_connected")
    assert (connecting.status, connecting.json["scope"]) == (403, "account")
