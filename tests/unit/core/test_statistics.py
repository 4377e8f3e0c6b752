"""Figures added up from ledger entries."""

from datetime import UTC, datetime, timedelta

import pytest

from lumiku.adapters.rows import PAGE
from lumiku.apps.remover.prices import APP, Tier
from lumiku.domain.errors import InvalidRequest
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.statistics import Figures, add_up, months_until
from lumiku.domain.people.callers import person
from lumiku.services.money.overview import Overviews
from lumiku.services.money.statistics import UsageStatistics
from lumiku.services.transactions import Post
from tests.fakes import FakeStore, Watch

NOVEMBER = datetime(2026, 11, 30, 23, 59, 59, 999000, tzinfo=UTC)
DECEMBER = NOVEMBER + timedelta(milliseconds=1)
USER = person("u1")


def moved(
    kind: EntryKind,
    reference: str,
    amount: int,
    at: datetime,
    *,
    tier: Tier | None = Tier.BASIC,
    app: str = APP,
    photos: int = 1,
    on_plan: bool = False,
) -> Entry:
    return Entry(
        user_id="u1",
        kind=kind,
        amount=amount,
        reference=reference,
        at=at,
        app=app if tier else None,
        product=tier.product if tier else None,
        photos=photos,
        on_plan=on_plan,
    )


CHARGE, REFUND = EntryKind.CHARGE, EntryKind.REFUND


def test_charges_count_photos_credits_and_quota() -> None:
    found = add_up(
        [
            moved(CHARGE, "j1", -3, NOVEMBER),
            moved(CHARGE, "j2", 0, NOVEMBER, on_plan=True),
            moved(CHARGE, "b1", -285, NOVEMBER, tier=Tier.PROFESSIONAL, photos=20),
            moved(EntryKind.TOPUP, "p1", 500, NOVEMBER, tier=None, photos=0),
        ],
        ["2026-11"],
        app=APP,
    )

    assert found.months["2026-11"] == {
        Tier.BASIC.product: Figures(photos=2, credits_used=3, quota_used=1),
        Tier.PROFESSIONAL.product: Figures(photos=20, credits_used=285),
    }
    assert found.total == Figures(photos=22, credits_used=288, quota_used=1)
    assert found.of_product(Tier.INDUSTRY.product) == Figures()


def test_what_came_back_was_not_used() -> None:
    found = add_up(
        [
            moved(REFUND, "b1", 85, NOVEMBER, photos=6),
            moved(REFUND, "j2", 0, NOVEMBER, on_plan=True),
            moved(CHARGE, "b1", -285, NOVEMBER, photos=20),
            moved(CHARGE, "j2", 0, NOVEMBER, on_plan=True),
        ],
        ["2026-11"],
        app=APP,
    )

    assert found.total == Figures(photos=21, failed=7, credits_used=200, credits_refunded=85)
    assert found.total.success_permille == 666


def test_what_was_cancelled_or_never_sent_did_not_fail() -> None:
    given_back = moved(REFUND, "b1", 285, NOVEMBER, photos=19)
    found = add_up(
        [
            moved(CHARGE, "b1", -285, NOVEMBER, photos=20),
            given_back.model_copy(update={"cancelled": 10, "never_sent": 6}),
        ],
        ["2026-11"],
        app=APP,
    )

    assert found.total == Figures(
        photos=20, failed=3, cancelled=10, never_sent=6, credits_refunded=285
    )
    assert found.total.success_permille == 250


def test_of_a_cancelled_batch_there_is_no_rate() -> None:
    figures = Figures(photos=5, cancelled=5)

    assert figures.success_permille is None
    assert (figures + figures).cancelled == 10


def test_a_refund_counts_in_the_month_of_its_charge() -> None:
    found = add_up(
        [
            moved(CHARGE, "j1", -3, NOVEMBER),
            moved(REFUND, "j1", 3, DECEMBER),
            moved(CHARGE, "j2", -3, DECEMBER),
            moved(REFUND, "of_october", 3, NOVEMBER),
        ],
        ["2026-11", "2026-12"],
        app=APP,
    )

    assert found.of_month("2026-11") == Figures(photos=1, failed=1, credits_refunded=3)
    assert found.of_month("2026-12") == Figures(photos=1, credits_used=3)


def test_months_without_entries_are_there_and_others_are_not() -> None:
    found = add_up([moved(CHARGE, "j1", -3, DECEMBER)], ["2026-10", "2026-11"], app=APP)

    assert found.months == {"2026-10": {}, "2026-11": {}}
    assert found.total == Figures()
    assert found.total.success_permille is None


def test_months_are_counted_over_the_turn_of_the_year() -> None:
    assert months_until("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_until("2026-12", 1) == ["2026-12"]


def desk(store: FakeStore, now: datetime) -> UsageStatistics:
    return UsageStatistics(APP, store, Watch(now))


def test_a_month_begins_and_ends_at_utc_midnight() -> None:
    store = FakeStore()
    store.commit(Post(moved(EntryKind.GRANT, "g", 100, NOVEMBER - timedelta(days=60), tier=None)))
    for number, at in enumerate((NOVEMBER, DECEMBER, DECEMBER + timedelta(days=31))):
        store.commit(Post(moved(CHARGE, f"j{number}", -3, at)))
    found = desk(store, DECEMBER + timedelta(days=40))

    assert found.month(USER, "2026-11").total.photos == 1
    assert found.month(USER, "2026-12").total.photos == 1
    assert found.months(USER, count=3).total.photos == 3
    assert list(found.months(USER, count=3).months) == ["2026-11", "2026-12", "2027-01"]
    assert found.months(USER, count=1).total.photos == 1
    assert found.months(person("somebody else"), count=3).total.photos == 0


def test_a_refund_a_day_into_the_next_month_is_seen() -> None:
    store = FakeStore()
    store.commit(Post(moved(EntryKind.GRANT, "g", 100, NOVEMBER - timedelta(days=1), tier=None)))
    store.commit(Post(moved(CHARGE, "j1", -3, NOVEMBER)))
    store.commit(Post(moved(REFUND, "j1", 3, NOVEMBER + timedelta(hours=30))))

    found = desk(store, DECEMBER + timedelta(days=9)).month(USER, "2026-11")

    assert found.total == Figures(photos=1, failed=1, credits_refunded=3)


@pytest.mark.parametrize("month", ["2026-12", "9999-12", "2026-13", "0000-01", "november", ""])
def test_a_month_that_is_none_or_has_not_begun_is_refused(month: str) -> None:
    with pytest.raises(InvalidRequest):
        desk(FakeStore(), NOVEMBER).month(USER, month)


def test_the_oldest_entries_are_left_out_when_there_are_too_many() -> None:
    store = FakeStore()
    for number in range(4):
        at = NOVEMBER - timedelta(hours=number)
        store.commit(Post(moved(CHARGE, f"j{number}", 0, at, on_plan=True)))
        found = desk(store, NOVEMBER).month(USER, "2026-11", max_entries=3)
        assert found.is_complete == (number < 3)

    assert found.total.photos == 3


class CountingStore(FakeStore):
    """Notes how many entries are asked for."""

    asked: int | None = None

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        self.asked = limit
        return super().read_entries(user_id, after=after, before=before, limit=limit)


def test_a_glance_at_an_account_reads_one_page_of_its_ledger() -> None:
    store = CountingStore()

    overview = Overviews(APP, store, desk(store, NOVEMBER), store, Watch(NOVEMBER)).show(USER)

    assert overview.is_complete
    assert store.asked is not None
    assert store.asked <= PAGE
