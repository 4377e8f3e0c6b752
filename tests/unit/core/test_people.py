"""Registering and logging in: what is kept, who is written to, what nobody learns."""

import pytest

from lumiku.domain.errors import TooManyRequests, WrongCredentials
from lumiku.domain.people.callers import person
from lumiku.domain.people.identity import (
    MAILS,
    NotConfirmed,
    WeakPassword,
    WrongCode,
    check_password,
)
from lumiku.services.people.identity import People
from scripts.template import resources
from tests.fake_people import FakeIdentity
from tests.fakes import START, FakeStore, Watch

BUDI, STRONG = "budi@example.com", "kopi-susu-2026"


@pytest.fixture
def pool() -> FakeIdentity:
    return FakeIdentity()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def people(pool: FakeIdentity, store: FakeStore) -> People:
    return People(pool, store, store, {"came.back@example.com": "2026-11"}.get, Watch())


def test_address_and_language_are_kept_from_the_start(people: People, store: FakeStore) -> None:
    people.register(f" {BUDI.upper()} ", STRONG, "id")

    assert (store.account("u0").email, store.account("u0").language) == (BUDI, "id")


def test_who_comes_back_in_the_same_month_has_had_its_free_credits(
    people: People, store: FakeStore
) -> None:
    people.register("came.back@example.com", STRONG, "id")
    people.register(BUDI, STRONG, "id")

    assert store.account("u0").free_month == f"{START:%Y-%m}"
    assert store.account("u1").free_month is None


def test_who_registers_again_gets_another_code_and_nothing_else(
    people: People, pool: FakeIdentity, store: FakeStore
) -> None:
    people.register(BUDI, STRONG, "id")
    people.register(BUDI, "somebody-elses-1", "en")

    assert pool.mails == [BUDI, BUDI]
    assert pool.passwords == {BUDI: STRONG}
    assert store.account("u0").language == "id"


def test_whoever_has_an_account_is_not_written_to_by_strangers_who_register(
    people: People, pool: FakeIdentity
) -> None:
    people.register(BUDI, STRONG, "en")
    people.confirm(BUDI, pool.CODE)
    people.register(BUDI, "somebody-elses-1", "en")

    assert pool.mails == [BUDI]


def test_a_login_before_the_code_is_told_what_is_missing(
    people: People, pool: FakeIdentity
) -> None:
    people.register(BUDI, STRONG, "en")

    with pytest.raises(NotConfirmed):
        people.log_in(BUDI, STRONG)
    with pytest.raises(WrongCredentials):
        people.log_in(BUDI, "wrong-horse-9")
    with pytest.raises(WrongCode):
        people.confirm(BUDI, "000000")
    people.confirm(BUDI, pool.CODE)
    assert people.log_in(BUDI, STRONG).user_id == "u0"


def test_a_login_keeps_the_address_of_an_account_without_one(
    people: People, pool: FakeIdentity, store: FakeStore
) -> None:
    people.register(BUDI, STRONG, "id")
    people.confirm(BUDI, pool.CODE)
    store.accounts.clear()

    people.log_in(BUDI.upper(), STRONG)

    assert store.account("u0").email == BUDI


def test_changing_the_language_leaves_the_rest(people: People, store: FakeStore) -> None:
    people.register(BUDI, STRONG, "en")

    assert people.change(person("u0"), language="id").email == BUDI
    assert store.account("u0").language == "id"


def test_a_password_is_replaced_with_the_code_only(people: People, pool: FakeIdentity) -> None:
    people.register(BUDI, STRONG, "en")
    people.confirm(BUDI, pool.CODE)
    people.forgot(BUDI)

    with pytest.raises(WrongCode):
        people.reset(BUDI, "000000", "teh-tarik-2026")
    people.reset(BUDI, pool.CODE, "teh-tarik-2026")
    assert people.log_in(BUDI, "teh-tarik-2026").token
    assert people.refresh(f"refresh-{BUDI}").token == "another token"


@pytest.mark.parametrize("address", [BUDI, "nobody@example.com"])
def test_mails_to_an_address_are_counted_together(people: People, address: str) -> None:
    for _ in range(MAILS.count - 2):
        people.forgot(address)
    people.send_code(address)
    people.register(address, STRONG, "en")

    with pytest.raises(TooManyRequests) as refused:
        people.forgot(address.upper())
    assert refused.value.facts["retryAfter"] == 720
    people.forgot("another@example.com")


@pytest.mark.parametrize("password", ["kopi-susu-1", "a1" * 5, "ümlaut-ist-9", "1234567890a"])
def test_strong_passwords(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize(
    "password", ["", "a1", "a1a1a1a1a", "ABCDEFGHI1", "abcdefghij", "é123456789", " abcdefghi1"]
)
def test_weak_passwords(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password)


def test_the_pool_asks_for_no_more_than_our_rule() -> None:
    policy = resources("Cognito::UserPool")["UserPool"]["Policies"]["PasswordPolicy"]

    assert policy == {
        "MinimumLength": 10,
        "RequireLowercase": True,
        "RequireNumbers": True,
        "RequireUppercase": False,
        "RequireSymbols": False,
    }
