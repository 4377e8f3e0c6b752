"""GET and PATCH /api/account: what a person is, and in which language."""

import pytest

from lumiku.adapters.money.accounts import AccountTable
from lumiku.adapters.rows import Rows
from lumiku.domain.money import ledger
from lumiku.services.clock import utc_now
from lumiku.services.transactions import Post
from tests.component.http.conftest import Api


def test_an_account_is_shown_and_its_language_changed(api: Api) -> None:
    before = api.get("/api/account").data
    entry = ledger.grant(before["userId"], 7, "test", utc_now(), None)
    api.stack.transactions.commit(Post(entry))

    changed = api("PATCH", "/api/account", body={"language": "id"})

    assert before == {**before, "email": None, "language": "en", "admin": False}
    assert changed.data == {**before, "language": "id"}
    assert api.get("/api/account").data["language"] == "id"
    table = AccountTable(Rows(api.stack.dynamodb, api.stack.table))
    assert table.account(before["userId"]).balance == 7


@pytest.mark.parametrize("body", [{}, {"language": "fr"}, {"language": None}, [], {"language": 1}])
def test_a_language_that_we_do_not_speak(api: Api, body: object) -> None:
    assert api("PATCH", "/api/account", body=body).status == 400


@pytest.mark.parametrize(
    ("groups", "is_admin"),
    [
        ("[admin]", True),
        ("[sellers admin]", True),
        (["admin"], True),
        ("[administrators]", False),
        ("[not-admin]", False),
        ("", False),
        (None, False),
    ],
)
def test_who_is_an_administrator(api: Api, groups: object, is_admin: bool) -> None:
    assert api.get("/api/account", groups=groups).data["admin"] is is_admin
