"""Audits: every drift is found, and nothing that is none is called one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lumiku.domain.money.accounts import AUDIT_EVERY, Account
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.services.money.auditing import SETTLED, Audit, Auditing, Drift
from lumiku.services.transactions import Post
from tests.fakes import START, FakeStore, Watch

DAY = timedelta(days=1).total_seconds()


@dataclass
class House(FakeStore):
    """A store with its clock; `meanwhile` happens between any two reads of the auditor."""

    store: FakeStore = field(default_factory=FakeStore)
    clock: Watch = field(default_factory=Watch)
    meanwhile: Callable[[], None] = lambda: None
    hidden: set[str] = field(default_factory=set)
    full_reads: int = 0
    posted: int = 0

    def move(self, amount: int, *, user: str = "u1", late: timedelta = timedelta()) -> Entry:
        self.posted += 1
        entry = Entry(
            user_id=user,
            kind=EntryKind.GRANT if amount > 0 else EntryKind.CHARGE,
            amount=amount,
            reference=f"r{self.posted:05d}",
            at=self.clock() - late,
        )
        self.store.commit(Post(entry))
        return entry

    def audit(self) -> Audit:
        return Auditing(self, self, self.clock).audit()

    def corrupt(self, amount: int, user: str = "u1") -> None:
        account = self.store.account(user)
        changed = account.model_copy(update={"bought": account.bought + amount})
        self.store.accounts[user] = changed

    # What the auditor sees

    def account(self, user_id: str) -> Account:
        found = self.store.account(user_id)
        self.meanwhile()
        return found

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        self.meanwhile()
        found = self.store.read_entries(user_id, after=after)
        return [entry for entry in found if entry.id not in self.hidden]

    def totals(self, user_id: str, until: datetime) -> tuple[int, int]:
        self.full_reads += 1
        found = self.store.totals(user_id, until)
        self.meanwhile()
        return found

    def audits_due(self, now: datetime, *, limit: int) -> list[str]:
        return self.store.audits_due(now, limit=limit)

    def file_audit(
        self, user_id: str, *, until: datetime | None, balance: int, due: datetime
    ) -> None:
        self.store.file_audit(user_id, until=until, balance=balance, due=due)

    def rest_audits(self, user_id: str, *, last_entry: str | None) -> None:
        self.store.rest_audits(user_id, last_entry=last_entry)


def test_an_account_is_audited_once_its_balance_moved_and_then_rests() -> None:
    house = House()
    house.move(50)
    assert house.audit().outcomes == Counter()

    house.clock.advance(AUDIT_EVERY.total_seconds() + 1)
    assert house.audit().outcomes == {"balanced": 1}
    assert house.full_reads == 0

    house.clock.advance(30 * DAY)
    assert house.audit().outcomes == Counter()
    assert house.store.account("u1").audited_balance == 50

    house.move(-3)
    house.clock.advance(DAY)
    assert house.audit().outcomes == {"balanced": 1}
    assert house.store.account("u1").audited_balance == 47


def test_an_account_that_keeps_moving_stays_due_and_is_added_up_from_the_checkpoint() -> None:
    house = House()
    house.move(1000)
    for _ in range(20):
        house.clock.advance(AUDIT_EVERY.total_seconds() + 1)
        house.move(-3)
        assert house.audit().outcomes == {"balanced": 1}

    account = house.store.account("u1")
    assert account.audited_until == house.clock() - SETTLED
    assert account.audited_balance == account.balance + 3
    assert house.full_reads == 0


def test_a_drift_is_found_and_reported_until_it_is_put_right() -> None:
    house = House()
    house.move(50)
    house.move(7, user="u2")
    house.corrupt(-3)
    for _ in range(3):
        house.clock.advance(DAY)
        assert house.audit().drifts == [Drift("u1", -3)]

    house.corrupt(3)
    house.clock.advance(DAY)
    assert house.audit().drifts == []


def test_an_entry_without_its_balance_is_a_drift() -> None:
    house = House()
    entry = house.move(50)
    house.store.entries["u1", "grant#twin"] = entry.model_copy(update={"reference": "twin"})
    house.clock.advance(DAY)

    assert house.audit().drifts == [Drift("u1", -50)]


def test_an_index_that_lags_is_no_drift() -> None:
    house = House()
    house.move(50)
    house.clock.advance(DAY)
    house.hidden = {house.move(-3).id}

    assert house.audit() == Audit(Counter({"balanced": 1}), [])
    assert house.full_reads == 1

    house.hidden = set()
    house.clock.advance(DAY)
    assert house.audit().outcomes == {"balanced": 1}
    assert house.full_reads == 1


def test_an_entry_whose_clock_was_slow_is_no_drift_and_the_checkpoint_heals() -> None:
    house = House()
    house.move(50)
    house.clock.advance(DAY)
    house.audit()
    house.move(-3, late=timedelta(hours=3))
    house.clock.advance(DAY)

    assert house.audit().outcomes == {"balanced": 1}
    assert house.store.account("u1").audited_balance == 47

    house.move(-3)
    house.clock.advance(DAY)
    house.audit()
    assert house.full_reads == 1


def test_entries_posted_during_the_audit_are_no_drift() -> None:
    house = House()
    house.move(50)
    house.clock.advance(DAY)
    house.meanwhile = lambda: None if house.posted > 3 else (house.move(-1), None)[1]

    assert house.audit().outcomes == {"balanced": 1}
    assert house.store.account("u1").balance == 47


def test_an_account_that_moves_all_the_time_is_looked_at_again_next_time() -> None:
    house = House()
    house.move(50)
    house.clock.advance(DAY)
    house.meanwhile = lambda: (house.move(1), None)[1]
    assert house.audit() == Audit(Counter({"moving": 1}), [])

    house.meanwhile = lambda: None
    assert house.audit().outcomes == {"balanced": 1}


def test_a_move_right_before_the_account_rests_keeps_it_due() -> None:
    house = House()
    house.move(50)
    house.clock.advance(DAY)
    seen = house.store.account("u1").last_entry
    house.move(-3)

    house.store.rest_audits("u1", last_entry=seen)

    assert "u1" in house.store.audits


moves = st.lists(st.tuples(st.integers(-9, 30), st.sampled_from([0, 1, 700, 9000, 90_000])))


@given(moves, st.integers(-2, 2))
def test_only_a_drift_is_called_one(history: list[tuple[int, int]], drift: int) -> None:
    house = House()
    house.move(20)
    for amount, wait_s in history:
        if house.store.account("u1").balance + amount >= 0:
            house.move(amount)
        house.clock.advance(wait_s)
        assert house.audit().drifts == []
    house.move(1)
    house.corrupt(drift)
    house.clock.advance(DAY)

    assert house.audit().drifts == ([Drift("u1", drift)] if drift else [])
    assert house.clock() > START
