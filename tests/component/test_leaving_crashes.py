"""Erasing an account that dies at any line, or runs twice at once, ends the same; and planted bugs.

One account that did everything is asked to leave once; each test gets a copy of that moment.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import pytest
from botocore.client import BaseClient

from lumiku.adapters.people import belongings
from lumiku.adapters.people.belongings import BelongingTable
from lumiku.domain.people import own_files
from lumiku.services.people import erasing
from tests.component.erasing import erase, erase_all, leave, settle_dead_work
from tests.component.http.conftest import Api
from tests.component.leaving import ACTS, OTHERS, live, scatter, with_login
from tests.component.left_over import alias, drift, left_over
from tests.component.moment import moment
from tests.component.stack import Stack
from tests.dynamodb import all_rows

WRITES = {
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
    "DeleteObjects",
    "AdminDeleteUser",
}
type Rows = list[dict[str, Any]]


class Crash(BaseException):
    """The function dies here: nothing in it gets to handle that."""


@pytest.fixture(scope="module")
def leaving(warm_stack: Stack) -> tuple[Api, Callable[[], None]]:
    """An account that did everything and is about to leave; and what goes back to that moment."""
    warm_stack.empty()
    api = with_login(Api(warm_stack))
    live(api, ACTS)
    scatter(api)
    assert leave(api).status == 202
    settle_dead_work(api)
    return api, moment()


@pytest.fixture
def seller(leaving: tuple[Api, Callable[[], None]]) -> Api:
    """That account at that moment."""
    api, back = leaving
    back()
    return api


@pytest.fixture(scope="module")
def ending(leaving: tuple[Api, Callable[[], None]]) -> Rows:
    """What is there after an erasure that nothing disturbed."""
    api, back = leaving
    back()
    erase_all(api)
    return settled()


def settled() -> Rows:
    """All rows, without the moments at which money came back and the account was gone."""
    told = ("at", "gsi1sk", "gsi2sk", "ttl", "gone_at", "last_entry")
    rows = [{k: v for k, v in row.items() if k not in told} for row in all_rows()]
    return sorted(rows, key=lambda row: (row["pk"], row["sk"]))


@contextmanager
def disturbed(at_write: Callable[[int], None]) -> Iterator[None]:
    """Call back before each write, by its number from 1."""
    count = 0
    usual: Any = vars(BaseClient)["_make_api_call"]

    def call(client: BaseClient, operation: str, params: Any) -> Any:
        nonlocal count
        if operation in WRITES:
            count += 1
            at_write(count)
        return usual(client, operation, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call)
        yield


@pytest.mark.parametrize("seed", range(6))
def test_an_erasure_that_dies_after_a_few_writes_again_and_again_ends_the_same(
    seller: Api, ending: Rows, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    crashes = 0

    def die(count: int, *, last: int) -> None:
        if count > last:
            raise Crash

    for look in range(2_000):
        last = chance.randint(2, 12)
        outcome: dict[str, int] = {}
        try:
            with disturbed(lambda count, last=last: die(count, last=last)):  # type: ignore[misc]
                outcome = erase(seller, look)
        except Crash:
            crashes += 1
        if "account_gone" in outcome:
            break

    assert crashes > 10
    assert left_over(seller, set()) == []
    assert settled() == ending


@pytest.mark.parametrize("at_write", [2, 5, 15])
def test_an_account_that_is_being_erased_is_with_nobody_else(
    seller: Api, ending: Rows, at_write: int
) -> None:
    met: list[dict[str, int]] = []

    def another(count: int) -> None:
        if count == at_write:
            met.append(erase(seller))

    with disturbed(another):
        erase(seller)
    erase_all(seller)

    assert met == [{}]
    assert left_over(seller, set()) == []
    assert settled() == ending


@pytest.mark.parametrize("seed", range(4))
def test_an_erasure_that_is_overtaken_ends_the_same(seller: Api, ending: Rows, seed: int) -> None:
    """As if its lease were over while it lives."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    at_write = chance.randint(3, 60)
    erase(seller)

    def another(count: int) -> None:
        if count == at_write:
            erase(seller, 2)

    with disturbed(another):
        erase(seller, 1)
    erase_all(seller)

    assert left_over(seller, set()) == []
    assert settled() == ending
    assert drift(alias()) == 0


def without(kind: str) -> Any:
    """The partitions of an account, but for one kind that somebody forgot."""
    usual = BelongingTable._partitions

    def partitions(
        self: BelongingTable, user_id: str, since: datetime, now: datetime
    ) -> Iterator[str]:
        return (pk for pk in usual(self, user_id, since, now) if not pk.startswith(kind))

    return partitions


@pytest.mark.parametrize(
    "kind",
    [
        *("JOB#", "GROUP#", "PROJECT#", "INVOICE#", "HOOKS#", "KEY#", "TEMPLATES#", "TAKEOUT#"),
        *("RATE#", "AUDIT#", "USER#", "BRAND#OF#", "TEAM#", "ACT#"),
    ],
)
def test_planted_a_kind_of_row_is_forgotten(
    seller: Api, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(BelongingTable, "_partitions", without(kind))

    erase_all(seller)

    assert [place for place in left_over(seller, set()) if place.startswith(kind)]


@pytest.mark.parametrize("listed", belongings.LISTED)
def test_planted_a_list_of_the_index_is_forgotten(
    seller: Api, monkeypatch: pytest.MonkeyPatch, listed: str
) -> None:
    monkeypatch.setattr(
        belongings, "LISTED", tuple(one for one in belongings.LISTED if one != listed)
    )

    erase_all(seller)

    assert left_over(seller, set())


def test_planted_memberships_elsewhere_are_forgotten(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BelongingTable, "_memberships", lambda *_: iter(()))

    erase_all(seller)

    assert [place for place in left_over(seller, set()) if OTHERS in place]


def test_planted_days_of_the_business_are_forgotten(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BelongingTable, "_rename", lambda *_: 0)

    erase_all(seller)

    assert any(place.startswith("STATS#") for place in left_over(seller, set()))


@pytest.mark.parametrize(
    "prefix",
    [
        *("in/single/", "in/priority/", "in/standard/", "out/", "work/", "orders/", "zip/"),
        *("kept/", "beside/", "brands/", "takeouts/", "assets/templates/"),
    ],
)
def test_planted_a_prefix_of_the_bucket_is_forgotten(
    seller: Api, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    usual = own_files.all_prefixes
    monkeypatch.setattr(
        erasing,
        "all_prefixes",
        lambda *told: tuple(one for one in usual(*told) if not one.startswith(prefix)),
    )

    erase_all(seller)

    assert [place for place in left_over(seller, set()) if place.startswith(prefix)]


def test_planted_rows_are_found_no_more_once_the_first_of_them_is_gone(
    seller: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the row that the index knows and the others."""

    def in_order(self: BelongingTable, pk: str) -> int:
        keys = [(row["pk"], row["sk"]) for row in self._rows(pk)]
        return self.rows.delete_all(sorted(keys, key=lambda key: key[1] != "META"))

    monkeypatch.setattr(BelongingTable, "_remove", in_order)
    monkeypatch.setattr("lumiku.adapters.rows.DELETED_AT_ONCE", 1)

    def die(count: int) -> None:
        if count % 7 == 0:
            raise Crash

    for look in range(200):
        with suppress(Crash), disturbed(die):
            erase(seller, look)

    assert left_over(seller, set())
