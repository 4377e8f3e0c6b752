"""What accounts do in a month, by hand."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lumiku.domain.money.business import Income
from lumiku.domain.money.engagement import (
    Engagement,
    engagement,
    month_of_accounts,
    newcomers_among,
)
from lumiku.domain.money.invoices import Purpose
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.http.money.engagement import accounts_body
from tests.fakes import START

FIRST = date(2026, 11, 1)


def on(day: str, **kinds: str) -> tuple[date, Engagement]:
    ids: Any = {kind: frozenset(told.split(",")) for kind, told in kinds.items()}
    return date.fromisoformat(f"2026-{day}"), Engagement(**ids)


def entry(user: str, kind: EntryKind, at: datetime = START) -> Entry:
    return Entry(user_id=user, kind=kind, amount=1, reference="r", at=at)


def test_a_day_by_hand() -> None:
    entries = [
        entry("new", EntryKind.MONTHLY),
        entry("new", EntryKind.CHARGE),
        entry("old", EntryKind.CHARGE),
        entry("old", EntryKind.REFUND),
        entry("given", EntryKind.GRANT),
        entry("late", EntryKind.EXPIRY),
    ]
    incomes = [
        Income(Purpose.TOPUP, 10_000, "new"),
        Income(Purpose.SUBSCRIPTION, 40_000, "old", "studio"),
        Income(Purpose.UPGRADE, 80_000, "more", "studio"),
        Income(Purpose.TOPUP, 10_000),  # of before payments told whose they are
    ]

    assert newcomers_among(entries) == {"new", "given"}
    assert engagement(entries, incomes, {"new"}) == Engagement(
        joined=frozenset({"new"}),
        active=frozenset({"new", "old"}),
        paid=frozenset({"new", "old", "more"}),
        subscribed=frozenset({"studio old"}),
    )


def test_a_month_by_hand() -> None:
    days = dict(
        [
            on("09-30", joined="too-early", active="too-early"),
            on("10-05", joined="a,b,c"),
            on("10-31", joined="d", active="b"),
            on("11-01", joined="e", active="a,e"),
            on("11-15", joined="f,g,h", active="a,e", paid="f,a"),
            on("11-30", active="d,too-early", paid="e"),
        ]
    )

    found = month_of_accounts(days, FIRST, date(2026, 11, 30))
    body = accounts_body(found, revenue_idr=100_000)

    assert (body.active, body.joined, body.converted) == (4, 4, 2)
    assert body.conversion_percent == 50.0
    # Joined from 2 to 31 October: a, b, c and d; a and d ordered after 31 October.
    assert (found.cohort, found.retained, body.retained_percent) == (4, 2, 50.0)
    assert body.revenue_per_active_idr == 25_000
    assert [(one.day.day, one.active, one.joined) for one in body.days] == [
        (1, 2, 1),
        (15, 2, 3),
        (30, 2, 0),
    ]


def test_a_plan_has_lapsed_when_it_is_not_paid_for_again() -> None:
    days = dict(
        [
            on("10-02", subscribed="studio stays,studio goes,remover stays"),
            on("10-20", subscribed="studio later"),
            on("11-04", subscribed="studio stays,remover new"),
        ]
    )

    early = month_of_accounts(days, FIRST, date(2026, 11, 7))
    late = month_of_accounts(days, FIRST, date(2026, 11, 30))

    assert (early.due, early.lapsed) == (1, 0), "nothing is sure before 37 days have passed"
    # 2 October and 37 days are 8 November; 20 October and 37 days 26 November.
    assert (late.due, late.lapsed) == (4, 3)
    assert accounts_body(late, 0).churn_percent == 75.0


@pytest.mark.parametrize("until", [FIRST, FIRST + timedelta(days=29)])
def test_a_month_of_nobody_has_no_percents(until: date) -> None:
    body = accounts_body(month_of_accounts({}, FIRST, until), 0)

    percents = (body.conversion_percent, body.retained_percent, body.churn_percent)
    assert percents == (None, None, None)
    assert (body.revenue_per_active_idr, body.days) == (None, [])
