"""Credits with a reason, limits of one's own, and what is written down of it."""

import pytest

from lumiku.apps.remover.prices import APP
from lumiku.domain.errors import IdempotencyKeyReused, NotFound
from lumiku.domain.people.callers import ADMIN, person
from lumiku.domain.people.identity import NotAllowed
from lumiku.domain.people.limits import SINGLE, Limit
from lumiku.services.people.administration import Administration
from tests.fake_people import FakeDirectory
from tests.fakes import FakeStore, Watch

REASON = "Photos lost on 21 November"
BOSS = person("boss", ADMIN)


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def administration(store: FakeStore) -> Administration:
    directory = FakeDirectory({"u1": "budi@example.com"})
    return Administration(APP, directory, store, store, store, Watch())


def test_a_grant_is_an_entry_with_its_reason_and_an_action(
    administration: Administration, store: FakeStore
) -> None:
    entry, balance = administration.grant(BOSS, "u1", 70, REASON, key="k")

    assert (entry.amount, entry.note, balance) == (70, REASON, 70)
    [action] = store.actions.values()
    assert (action.admin_id, action.user_id, action.reason) == (BOSS.actor, "u1", REASON)
    assert action.at == entry.at


def test_a_key_gives_once(administration: Administration, store: FakeStore) -> None:
    first = administration.grant(BOSS, "u1", 70, REASON, key="k")

    assert administration.grant(BOSS, "u1", 70, REASON, key="k") == first
    for amount, reason in ((71, REASON), (70, "another reason")):
        with pytest.raises(IdempotencyKeyReused):
            administration.grant(BOSS, "u1", amount, reason, key="k")
    administration.grant(person("another boss", ADMIN), "u1", 5, REASON, key="k")
    assert store.account("u1").balance == 75
    assert len(store.actions) == 2


def test_nobody_gets_nothing(administration: Administration, store: FakeStore) -> None:
    with pytest.raises(NotFound):
        administration.grant(BOSS, "u2", 70, REASON, key=None)
    with pytest.raises(NotFound):
        administration.set_limits(BOSS, "u2", [], None)
    with pytest.raises(NotFound):
        administration.find(BOSS, "nobody@example.com")
    assert not store.accounts
    assert not store.actions


def test_limits_are_replaced_as_a_whole(administration: Administration, store: FakeStore) -> None:
    administration.grant(BOSS, "u1", 70, REASON, key=None)
    own = Limit(name="single", count=300, window_s=60)

    assert administration.set_limits(BOSS, "u1", [own], REASON).limit(SINGLE) == own
    assert administration.set_limits(BOSS, "u1", [], None).limit(SINGLE) == SINGLE
    assert store.account("u1").balance == 70
    assert [action.kind for action in store.actions.values()] == ["grant", "limits", "limits"]


def test_an_account_is_found_in_any_spelling(administration: Administration) -> None:
    administration.grant(BOSS, "u1", 70, REASON, key=None)

    found = administration.find(BOSS, " Budi@Example.com ")

    assert found.person.user_id == "u1"
    assert found.wallet.account.balance == 70
    assert [entry.note for entry in found.entries] == [REASON]


def test_nobody_else_may_do_any_of_it(administration: Administration, store: FakeStore) -> None:
    seller = person("u1", "sellers")

    with pytest.raises(NotAllowed):
        administration.find(seller, "budi@example.com")
    with pytest.raises(NotAllowed):
        administration.grant(seller, "u1", 70, REASON, key=None)
    with pytest.raises(NotAllowed):
        administration.set_limits(seller, "u1", [], None)
    assert not store.actions
