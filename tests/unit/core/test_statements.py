"""The ledger as its owner reads it."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.accounts import Account
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.people.callers import person
from lumiku.services.money.statements import LOOKS, Statement, Statements
from lumiku.services.transactions import Post
from tests.fakes import START, FakeStore

USER = person("u1")


def entry(number: int, amount: int, *, user: str = "u1", at_s: float | None = None) -> Entry:
    return Entry(
        user_id=user,
        kind=EntryKind.GRANT if amount > 0 else EntryKind.CHARGE,
        amount=amount,
        reference=f"r{number:03d}",
        at=START + timedelta(seconds=number if at_s is None else at_s),
    )


def store_with(*amounts: int, user: str = "u1") -> FakeStore:
    store = FakeStore()
    for number, amount in enumerate(amounts):
        store.commit(Post(entry(number, amount, user=user)))
    return store


def statements(store: FakeStore) -> Statements:
    return Statements(store, store, sleep=lambda _: None)


def pages(found: Statements, limit: int, user: str = "u1") -> list[Statement]:
    read = [found.page(person(user), limit=limit, cursor=None)]
    while read[-1].cursor is not None:
        read.append(found.page(person(user), limit=limit, cursor=read[-1].cursor))
    return read


def test_each_line_has_the_balance_after_it() -> None:
    statement = statements(store_with(50, -3, 0, -8)).page(USER, limit=10, cursor=None)

    assert [(line.entry.amount, line.balance_after) for line in statement.lines] == [
        (-8, 39),
        (0, 47),
        (-3, 47),
        (50, 50),
    ]
    assert statement.cursor is None


def test_an_empty_ledger_is_an_empty_page() -> None:
    assert statements(FakeStore()).page(USER, limit=10, cursor=None) == Statement([], None)


@given(st.lists(st.integers(-5, 60), max_size=30), st.integers(1, 7))
def test_pages_are_the_ledger_and_every_balance_is_the_sum_up_to_it(
    amounts: list[int], limit: int
) -> None:
    kept: list[int] = []
    for amount in amounts:
        if sum(kept) + amount >= 0:
            kept.append(amount)

    read = pages(statements(store_with(*kept)), limit)

    lines = [line for statement in read for line in statement.lines]
    assert [line.entry.amount for line in lines] == kept[::-1]
    assert [line.balance_after for line in lines] == [
        sum(kept[: len(kept) - i]) for i in range(len(kept))
    ]
    assert all(len(statement.lines) == limit for statement in read[:-1])


def test_what_arrives_between_two_pages_changes_nothing_in_the_older_ones() -> None:
    store = store_with(50, -3, -8, -15)
    found = statements(store)
    first = found.page(USER, limit=2, cursor=None)

    store.commit(Post(entry(9, -24)))
    second = found.page(USER, limit=2, cursor=first.cursor)

    assert [line.balance_after for line in first.lines] == [24, 39]
    assert [(line.entry.amount, line.balance_after) for line in second.lines] == [
        (-3, 47),
        (50, 50),
    ]


def test_entries_of_the_same_millisecond_are_all_shown_once() -> None:
    store = FakeStore()
    for number in range(7):
        store.commit(Post(entry(number, 1, at_s=0)))

    lines = [line for s in pages(statements(store), 2) for line in s.lines]

    assert len({line.entry.id for line in lines}) == len(lines) == 7
    assert [line.balance_after for line in lines] == [7, 6, 5, 4, 3, 2, 1]


def test_a_cursor_is_of_no_use_to_somebody_else() -> None:
    store = store_with(50, -3, -8)
    store.commit(Post(entry(0, 10, user="u2")))
    cursor = statements(store).page(USER, limit=1, cursor=None).cursor

    with pytest.raises(InvalidRequest):
        statements(store).page(person("u2"), limit=1, cursor=cursor)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "a",
        "ä",
        "AAAA",
        "_" * 512,
        encoded(1),
        encoded(None),
        encoded({}),
        encoded([]),
        encoded(["2026", 0, "x"]),
        encoded([["x"], 10**400, 0]),
        encoded([{}, {}, {}]),
        encoded(["2026", float("nan"), "x"]),
        encoded(["2026", float("inf"), "x"]),
        encoded(["\ud800", 0, "x"]),
        base64.urlsafe_b64encode(b"[" * 380).decode(),
    ],
)
def test_a_cursor_that_was_never_given_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        statements(store_with(50, -3)).page(USER, limit=1, cursor=cursor)


def test_a_changed_cursor_is_refused() -> None:
    found = statements(store_with(50, -3))
    cursor = found.page(USER, limit=1, cursor=None).cursor or ""
    place, balance, check = json.loads(base64.urlsafe_b64decode(cursor + "==="))

    for changed in ([place, balance + 1, check], ["2027", balance, check]):
        with pytest.raises(InvalidRequest):
            found.page(USER, limit=1, cursor=encoded(changed))


def test_a_place_that_is_no_text_is_refused_even_with_a_check_of_its_own() -> None:
    forged = ["\ud800", 0]
    check = hashlib.sha256(json.dumps(["u1", *forged]).encode()).hexdigest()[:12]

    with pytest.raises(InvalidRequest):
        statements(store_with(50)).page(USER, limit=1, cursor=encoded([*forged, check]))


@dataclass
class LaggingIndex(FakeStore):
    """Shows the newest entry only after `behind` looks."""

    store: FakeStore = field(default_factory=FakeStore)
    behind: int = 0
    reads: int = 0
    naps: list[float] = field(default_factory=list)

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        self.reads += 1
        late = self.reads <= self.behind
        found = self.store.read_entries(user_id, after=after, before=before)
        return found[1 if late else 0 :][:limit]


def test_a_lagging_index_is_waited_for() -> None:
    store = store_with(50, -3, -8)
    index = LaggingIndex(store=store, behind=2)

    statement = Statements(store, index, sleep=index.naps.append).page(USER, limit=9, cursor=None)

    assert [line.balance_after for line in statement.lines] == [39, 47, 50]
    assert len(index.naps) == 2


def test_an_entry_that_was_posted_out_of_turn_is_not_waited_for() -> None:
    store = store_with(50, -3, -8)
    store.commit(Post(entry(9, -2, at_s=0.5)))
    index = LaggingIndex(store=store, behind=0)
    found = Statements(store, index, sleep=index.naps.append)

    page = found.page(USER, limit=9, cursor=None)
    newest = found.page(USER, limit=1, cursor=None)

    assert [line.balance_after for line in page.lines] == [37, 45, 48, 50]
    assert [line.balance_after for line in newest.lines] == [37]
    assert index.naps == []


def test_a_balance_that_moves_while_the_entries_are_read_is_read_again() -> None:
    store = store_with(50, -3)
    index = LaggingIndex(store=store, behind=0)
    moves = iter([entry(7, -5), entry(8, -4)])

    class Moving(FakeStore):
        """An account whose next entry is posted just after it was looked at."""

        def account(self, user_id: str) -> Account:
            seen = store.account(user_id)
            for move in islice(moves, 1):
                store.commit(Post(move))
            return seen

    statement = Statements(Moving(), index, sleep=index.naps.append).page(
        USER, limit=9, cursor=None
    )

    assert [line.balance_after for line in statement.lines] == [38, 42, 47, 50]


def test_an_index_that_never_catches_up_is_not_waited_for_for_ever() -> None:
    store = store_with(50, -3, -8)
    index = LaggingIndex(store=store, behind=99)

    Statements(store, index, sleep=index.naps.append).page(USER, limit=9, cursor=None)

    assert index.reads == LOOKS
