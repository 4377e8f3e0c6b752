"""The business overview, by hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lumiku.adapters.money.accounts import read_day_place
from lumiku.apps.remover.prices import APP, Tier
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.business import (
    USERS_A_DAY,
    Business,
    Income,
    Made,
    Produced,
    business,
)
from lumiku.domain.money.invoices import Purpose
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.statistics import Figures, Use
from lumiku.domain.people.callers import ADMIN, person
from lumiku.services.money.business import DAYS_A_RUN, FIRST_LOOK_BACK, BusinessFigures
from tests.fakes import START, Watch

DAY = timedelta(days=1)
BOSS = person("boss", ADMIN)
TODAY = START.date()
MADE = Made(Tier.INDUSTRY.product, "local", credits=25, microusd=400)


def entry(kind: EntryKind, amount: int, *, at: datetime = START, **more: Any) -> Entry:
    return Entry.model_validate(
        {"user_id": "u1", "kind": kind, "amount": amount, "reference": "r", "at": at, **more}
    )


def charge(amount: int, tier: Tier, *, photos: int = 1, **more: Any) -> Entry:
    return entry(EntryKind.CHARGE, -amount, app=APP, product=tier.product, photos=photos, **more)


def refund(amount: int, tier: Tier, *, photos: int = 1, **more: Any) -> Entry:
    return entry(EntryKind.REFUND, amount, app=APP, product=tier.product, photos=photos, **more)


@dataclass
class Days:
    """Entries and payments by day; `reads` counts how often a day was added up."""

    booked: list[Entry] = field(default_factory=list)
    paid: dict[date, list[Income]] = field(default_factory=dict)
    photos: dict[date, list[Made]] = field(default_factory=dict)
    kept: dict[date, Business] = field(default_factory=dict)
    last: date | None = None
    reads: list[date] = field(default_factory=list)

    def entries(self, day: date) -> Iterator[Entry]:
        self.reads.append(day)
        return (found for found in self.booked if found.at.date() == day)

    def incomes(self, day: date) -> Iterator[Income]:
        return iter(self.paid.get(day, []))

    def made(self, day: date) -> Iterator[Made]:
        return iter(self.photos.get(day, []))

    def finished_until(self) -> date | None:
        return self.last

    def finish(self, day: date, figures: Business) -> None:
        self.kept[day] = figures
        self.last = day

    def finished(self, month: str) -> list[tuple[date, Business]]:
        return [(day, of) for day, of in self.kept.items() if f"{day:%Y-%m}" == month]


def test_a_day_by_hand() -> None:
    entries = [
        charge(9, Tier.BASIC, photos=3),
        refund(3, Tier.BASIC),
        charge(0, Tier.STANDARD, photos=2, on_plan=True, user_id="u2"),
        refund(0, Tier.STANDARD, on_plan=True, user_id="u2"),
        entry(EntryKind.TOPUP, 500),
        entry(EntryKind.MONTHLY, 50),
        entry(EntryKind.GRANT, 7),
        entry(EntryKind.GRANT, 8),
    ]
    incomes = [Income(Purpose.TOPUP, 50_000), Income(Purpose.UPGRADE, 10)]

    made = [
        Made(Tier.BASIC.product, "local", credits=3, microusd=99),
        Made(Tier.BASIC.product, "fal:birefnet-light", credits=3, microusd=3_040),
        Made(Tier.STANDARD.product, "local", credits=0, microusd=196),
    ]

    found = business(entries, incomes, made)

    assert found.products == {
        Tier.BASIC.product: Figures(photos=3, failed=1, credits_used=6, credits_refunded=3),
        Tier.STANDARD.product: Figures(photos=2, failed=1, quota_used=1),
    }
    assert found.revenue_idr == 50_010
    assert found.credits_in == {EntryKind.TOPUP: 500, EntryKind.MONTHLY: 50, EntryKind.GRANT: 15}
    assert found.users == {"u1": Use(photos=2, credits=6), "u2": Use(photos=1, credits=0)}
    assert found.microusd == {Tier.BASIC.product: 3_139, Tier.STANDARD.product: 196}
    assert found.routes == {
        "local": Produced(photos=2, credits=3, microusd=295),
        "fal:birefnet-light": Produced(photos=1, credits=3, microusd=3_040),
    }
    assert found.top_users(1) == [("u1", Use(photos=2, credits=6))]


@pytest.mark.parametrize(
    ("place", "untried"),
    [
        ("2026-11-21T23:59:59.999Z#57#20#basic#credits", (0, 0)),
        ("2026-11-21T23:59:59.999Z#57#20#remover/basic#credits#background-remover", (0, 0)),
        ("2026-11-21T23:59:59.999Z#57#20#remover/basic#credits#background-remover#7#9", (7, 9)),
    ],
    ids=["before products", "before what was not tried was counted", "now"],
)
def test_places_of_entries_are_read_as_each_version_wrote_them(
    place: str, untried: tuple[int, int]
) -> None:
    keys = {"pk": "USER#u1", "sk": "LEDGER#refund#r", "gsi2sk": place}

    found = read_day_place(keys)

    cancelled, never_sent = untried
    assert found == refund(57, Tier.BASIC, photos=20, cancelled=cancelled, never_sent=never_sent)
    failed = business([found], [], []).total.failed
    assert failed == 20 - cancelled - never_sent


def test_days_that_were_kept_before_have_no_such_columns() -> None:
    kept = {"products": {"remover/basic": {"photos": 3, "failed": 1, "credits_used": 6}}}

    assert Business.model_validate(kept).total == Figures(photos=3, failed=1, credits_used=6)


def test_days_add_up_to_what_all_of_them_are() -> None:
    days = [
        business([charge(3, Tier.BASIC), refund(3, Tier.BASIC)], [], [MADE]),
        business([charge(25, Tier.INDUSTRY, user_id="u2")], [Income(Purpose.TOPUP, 5)], [MADE]),
        Business(),
    ]

    total = sum(days, Business())

    assert total.total == Figures(photos=2, failed=1, credits_used=25, credits_refunded=3)
    assert total.users == {"u1": Use(), "u2": Use(photos=1, credits=25)}
    assert total.microusd == {Tier.INDUSTRY.product: 800}
    assert total.routes == {"local": Produced(photos=2, credits=50, microusd=800)}
    assert Business.model_validate(total.model_dump(mode="json")) == total


def test_a_day_keeps_those_who_used_most() -> None:
    entries = [charge(n, Tier.BASIC, user_id=f"u{n}") for n in range(1, USERS_A_DAY + 3)]

    kept = business(entries, [], []).abridged()

    assert len(kept.users) == USERS_A_DAY
    assert not {"u1", "u2"} & kept.users.keys()
    assert kept.total.photos == USERS_A_DAY + 2


def test_today_is_added_up_live_and_finished_days_are_not_read_again() -> None:
    days, watch = Days(), Watch(START - 3 * DAY)
    desk = BusinessFigures(days, watch)
    for n in range(4):
        days.booked.append(charge(3, Tier.BASIC, at=START - n * DAY))
    watch.now = START
    while desk.finish_days():
        pass
    days.reads.clear()

    month, figures = desk.month(BOSS, None)

    assert (month, figures.total.photos) == ("2026-11", 4)
    assert days.last == TODAY - DAY
    assert days.reads == [TODAY]


def test_a_day_is_finished_an_hour_after_midnight() -> None:
    days, watch = Days(last=TODAY - DAY), Watch(START)
    desk = BusinessFigures(days, watch)

    watch.now = START.replace(hour=0, minute=59) + DAY
    assert desk.finish_days() == 0
    watch.now += timedelta(minutes=1)
    assert desk.finish_days() == 1
    assert days.last == TODAY
    assert desk.finish_days() == 0


def test_the_first_run_looks_back_a_month_a_few_days_at_a_time() -> None:
    days, counts = Days(), []
    desk = BusinessFigures(days, Watch())

    while count := desk.finish_days():
        counts.append(count)

    assert max(counts) == DAYS_A_RUN
    assert sum(counts) == FIRST_LOOK_BACK.days


def test_adding_up_again_after_a_crash_gives_the_same() -> None:
    days = Days(booked=[charge(3, Tier.BASIC, at=START - 2 * DAY)], last=TODAY - 3 * DAY)
    desk = BusinessFigures(days, Watch())
    desk.finish_days()
    before = dict(days.kept)

    days.last = TODAY - 3 * DAY
    desk.finish_days()

    assert days.kept == before
    assert desk.month(BOSS, None)[1].total.photos == 1


def test_before_anything_was_finished_everything_is_live() -> None:
    days = Days(booked=[charge(3, Tier.BASIC, at=START.replace(day=1))])

    assert BusinessFigures(days, Watch()).month(BOSS, "2026-11")[1].total.photos == 1


@pytest.mark.parametrize("month", ["", "2026", "2026-00", "2026-12", "9999-01"])
def test_months_that_are_none(month: str) -> None:
    desk = BusinessFigures(Days(), Watch())

    if month == "":
        assert desk.month(BOSS, month)[0] == "2026-11"
    else:
        with pytest.raises(InvalidRequest):
            desk.month(BOSS, month)
