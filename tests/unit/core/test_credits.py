"""The balance, the month's free credits in it."""

from datetime import UTC, datetime, timedelta

import pytest

from lumiku.apps.remover.prices import APP, Tier
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH, Entry, EntryKind, monthly_grant
from lumiku.domain.people.callers import person
from lumiku.services.money import overview
from lumiku.services.money.credits import current
from lumiku.services.money.overview import Overviews
from lumiku.services.money.statistics import UsageStatistics
from lumiku.services.transactions import AlreadyDone, Post
from tests.fakes import FakeStore, Watch

NOVEMBER = datetime(2026, 11, 30, 23, 59, 59, 999000, tzinfo=UTC)
DECEMBER = NOVEMBER + timedelta(milliseconds=1)


def balance(store: FakeStore, now: datetime) -> int:
    account = store.account("u1")
    return current(store, "u1", account, now).balance


def test_each_month_gives_its_credits_once() -> None:
    store, clock = FakeStore(), Watch(NOVEMBER)
    assert [balance(store, clock.now) for _ in range(2)] == [FREE_CREDITS_A_MONTH] * 2

    clock.now = DECEMBER

    assert [balance(store, clock.now) for _ in range(2)] == [2 * FREE_CREDITS_A_MONTH] * 2


def test_a_request_of_last_month_that_comes_late_changes_nothing() -> None:
    store = FakeStore()
    december = balance(store, DECEMBER)
    with pytest.raises(AlreadyDone):
        store.commit(Post(monthly_grant("u1", NOVEMBER)))

    assert balance(store, NOVEMBER) == december == store.account("u1").balance


def test_the_month_at_a_glance_reads_one_page_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(overview, "MAX_ENTRIES", 2)
    store, clock = FakeStore(), Watch(NOVEMBER)
    desk = UsageStatistics(APP, store, clock)
    overviews = Overviews(APP, store, desk, store, clock)
    shown = []
    for number in range(3):
        used = Entry(
            user_id="u1",
            kind=EntryKind.CHARGE,
            amount=0,
            reference=f"j{number}",
            at=NOVEMBER,
            app=APP,
            product=Tier.BASIC.product,
            photos=1,
            on_plan=True,
        )
        store.commit(Post(used))
        found = overviews.show(person("u1"))
        shown.append((found.figures.photos, found.is_complete))

    assert shown == [(1, True), (2, False), (2, False)]
    assert desk.month(person("u1"), "2026-11").total.photos == 3
