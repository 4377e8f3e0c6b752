"""The fakes and the adapters are the same: reads, leases, limits and audits."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import APP
from lumiku.domain.errors import TooManyRequests
from lumiku.domain.hosting.tickets import Fault, Submission, Ticket
from lumiku.domain.money.accounts import AUDIT_EVERY
from lumiku.domain.money.quotas import Usage
from lumiku.domain.people.limits import BATCH, Limit
from lumiku.domain.work.jobs import GAVE_UP, Job, KeptStep, Output, Status
from lumiku.domain.work.receipts import FaultMet, Receipt
from lumiku.services.transactions import Insert, Post, ReserveQuota, SaveSubscription
from lumiku.services.work.ports import LostLease
from photo_steps import Role
from tests.component.stores import Store, open_store
from tests.component.test_stores import DAY, entry, job, subscription, taken
from tests.fakes import START

HOUR = timedelta(hours=1)
RESULT = Output(key="out/u1/j1/a.png", size_bytes=5, width_px=2, height_px=1, format="png")
SMALL = Output(
    key="out/u1/j1/a.thumbnail.webp", size_bytes=3, width_px=2, height_px=1, format="webp"
)
OUTPUTS: dict[Role, Output] = {"result": RESULT, "thumbnail": SMALL}

TICKET = Ticket(entry="fal:x", request_id="r1", status_url="s", result_url="u")
SENT = Submission(entry="fal:x", ticket=TICKET)
RECEIPT = Receipt(
    entry="fal:x",
    request_id="r1",
    tries=2,
    faults=(FaultMet(entry="segmind:y", kind=Fault.RATE),),
    provider_microusd=3_000,
    memory_mb=2048,
    stage_ms={"read": 30, "hosted": 700, "write": 20},
)

LATER = Submission(entry="segmind:y", step=3)
KEPT = KeptStep(step=0, key="work/u1/j1/a.0.png", etag="e", receipt=RECEIPT)


@pytest.fixture(params=["fakes", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store."""
    with open_store(request.param) as opened:
        yield opened


class TestLedger:
    def test_entries_are_read_between_places(self, store: Store) -> None:
        entries = [entry(f"g{n}", 1, at_s=n) for n in range(6)]
        for posted in entries:
            store.commit(Post(posted))
        store.commit(Post(entry("g0", 9, user="u2")))
        newest = entries[::-1]

        assert store.read_entries("u1") == newest
        assert store.read_entries("u1", limit=2) == newest[:2]
        assert store.read_entries("u1", before=newest[2].place, limit=2) == newest[3:5]
        assert store.read_entries("u1", after=entries[3].place + "~") == newest[:2]
        between = store.read_entries(
            "u1", after=entries[0].place + "~", before=entries[4].place[:24] + "!", limit=2
        )
        assert between == newest[2:4]
        assert store.read_entries("nobody") == []

    def test_what_comes_in_is_read_after_what_goes_out_of_the_same_moment(
        self, store: Store
    ) -> None:
        store.commit(Post(entry("z", 50)))
        store.commit(Post(entry("a", -3)))

        assert [found.amount for found in store.read_entries("u1")] == [-3, 50]

    def test_totals_are_split_at_a_moment(self, store: Store) -> None:
        for n in range(4):
            store.commit(Post(entry(f"g{n}", 10**n, at_s=n)))

        assert store.totals("u1", START) == (1, 1110)
        assert store.totals("u1", START + timedelta(seconds=2)) == (111, 1000)
        assert store.totals("nobody", START) == (0, 0)

    def test_an_audit_is_due_some_hours_after_the_first_move(self, store: Store) -> None:
        store.commit(Post(entry("g0", 1, user="u2", at_s=5)))
        store.commit(Post(entry("g0", 1)))
        store.commit(Post(entry("g1", 1, at_s=3600)))
        store.commit(Post(entry("j0", 0, user="u3")))

        assert store.audits_due(START + AUDIT_EVERY, limit=9) == []
        late = START + AUDIT_EVERY + HOUR
        assert store.audits_due(late, limit=9) == ["u1", "u2"]
        assert store.audits_due(late, limit=1) == ["u1"]

    def test_an_audit_is_filed_and_comes_again(self, store: Store) -> None:
        store.commit(Post(entry("g0", 1)))
        due = START + timedelta(days=2)

        store.file_audit("u1", until=START, balance=1, due=due)
        account = store.account("u1")
        assert (account.audited_until, account.audited_balance) == (START, 1)
        store.file_audit("u1", until=None, balance=99, due=due)
        assert store.account("u1") == account
        assert store.audits_due(due, limit=9) == []
        assert store.audits_due(due + HOUR, limit=9) == ["u1"]

    def test_an_account_rests_until_its_balance_moves(self, store: Store) -> None:
        first = entry("g0", 1)
        store.commit(Post(first))
        store.commit(Post(entry("g1", 1, at_s=1)))
        later = START + timedelta(days=9)

        store.rest_audits("u1", last_entry=first.place)
        assert store.audits_due(later, limit=9) == ["u1"]
        store.rest_audits("u1", last_entry=store.account("u1").last_entry)
        assert store.audits_due(later, limit=9) == []
        store.commit(Post(entry("g2", 1, at_s=2)))
        assert store.audits_due(later, limit=9) == ["u1"]
        assert store.account("u1").balance == 3


class TestStanding:
    def test_a_stranger_stands_at_the_beginning(self, store: Store) -> None:
        found, wallet = store.standing("u1", app=APP, day=DAY, kind=Job, order_id="j1")

        assert (found, wallet.subscription, wallet.usage) == (None, None, Usage())
        assert store.wallet("u1", app=APP, day=DAY) == wallet

    def test_a_standing_is_all_that_decides(self, store: Store) -> None:
        plan = PLANS[PlanName.PRO]
        store.commit(Post(entry("g1", 50)), Insert(job()))
        store.commit(SaveSubscription(subscription()), ReserveQuota(taken(2), plan))

        found, wallet = store.standing("u1", app=APP, day=DAY, kind=Job, order_id="j1")

        assert found == job()
        assert wallet.subscription == subscription()
        assert wallet.usage == Usage(2, {"basic": 2})
        assert wallet.account == store.account("u1")
        assert wallet.account.balance == 50
        assert store.wallet("u1", app=APP, day=DAY) == wallet
        other_day = store.wallet("u1", app=APP, day="2026-11-22")
        assert other_day.usage == Usage()


class TestArrivals:
    limit = Limit(name="single", count=3, window_s=60)
    interval = timedelta(seconds=20)

    def test_each_request_moves_the_arrival_until_it_is_too_far_on(self, store: Store) -> None:
        for n in range(1, 4):
            assert store.take("u1", self.limit, START) == START + n * self.interval
        with pytest.raises(TooManyRequests) as refused:
            store.take("u1", self.limit, START)
        assert refused.value.facts["retryAfter"] == 20

        assert store.take("u2", self.limit, START) == START + self.interval
        assert store.take("u1", BATCH, START) == START + BATCH.interval
        soon = START + self.interval
        assert store.take("u1", self.limit, soon) == START + 4 * self.interval

    def test_after_a_while_it_starts_from_now(self, store: Store) -> None:
        store.take("u1", self.limit, START)

        assert store.take("u1", self.limit, START + HOUR) == START + HOUR + self.interval

    def test_what_a_tighter_limit_left_does_not_count(self, store: Store) -> None:
        store.take("u1", Limit(name="single", count=1, window_s=3600), START)

        assert store.take("u1", self.limit, START) == START + self.interval

    def test_a_request_that_does_not_count_is_given_back(self, store: Store) -> None:
        for _ in range(3):
            store.take("u1", self.limit, START)
        store.give_back("u1", self.limit)

        assert store.take("u1", self.limit, START) == START + 3 * self.interval
        store.give_back("nobody", self.limit)
        assert store.take("nobody", self.limit, START) == START + self.interval


class TestLeases:
    def claim(self, store: Store, attempt: str, *, at_s: float = 0) -> bool:
        now = START + timedelta(seconds=at_s)
        _, was_taken = store.claim(
            "j1",
            etag="e",
            size_bytes=9,
            attempt_id=attempt,
            now=now,
            lease_until=now + timedelta(seconds=100),
        )
        return was_taken

    def test_a_job_is_worked_on_by_one_at_a_time(self, store: Store) -> None:
        assert self.claim(store, "a") is False
        store.commit(Insert(job()))

        assert self.claim(store, "a") is True
        assert self.claim(store, "b", at_s=99) is False
        assert self.claim(store, "c", at_s=100) is True
        found = store.get("j1")
        assert found is not None
        assert (found.tries, found.attempt_id, found.started_at) == (2, "c", START)
        assert (found.source.etag, found.source.size_bytes) == ("e", 9)

    def test_only_the_holder_moves_a_job(self, store: Store) -> None:
        store.commit(Insert(job()))
        self.claim(store, "a")
        lost = store.get("j1")
        self.claim(store, "b", at_s=100)
        held = store.get("j1")
        assert lost is not None
        assert held is not None

        with pytest.raises(LostLease):
            store.finish(lost, OUTPUTS, RECEIPT, now=START)
        with pytest.raises(LostLease):
            store.submit(lost, SENT)
        with pytest.raises(LostLease):
            store.keep(lost, KEPT)
        with pytest.raises(LostLease):
            store.condemn(lost, GAVE_UP, settle_by=START)
        with pytest.raises(LostLease):
            store.release(lost, now=START)
        store.submit(held, SENT)
        store.submit(held, LATER)
        store.keep(held, KEPT)
        store.finish(held, OUTPUTS, RECEIPT, now=START + HOUR)

        done = store.get("j1")
        assert done is not None
        assert (done.submissions, done.kept, done.receipt) == ((SENT, LATER), KEPT, RECEIPT)
        assert (done.status, done.outputs, done.completed_at) == (
            Status.COMPLETED,
            OUTPUTS,
            START + HOUR,
        )
        assert self.claim(store, "c", at_s=999) is False

    def test_a_released_job_is_free_at_once(self, store: Store) -> None:
        store.commit(Insert(job()))
        self.claim(store, "a")
        held = store.get("j1")
        assert held is not None
        store.release(held, now=START)

        assert self.claim(store, "b") is True


class TestLists:
    def test_jobs_are_due_once_their_time_is_up(self, store: Store) -> None:
        for name in ("j1", "j2"):
            store.commit(Insert(job(name)))
        store.claim("j1", etag="e", size_bytes=1, attempt_id="a", now=START, lease_until=START)
        held = store.get("j1")
        assert held is not None
        late = job().closes_at + HOUR

        assert store.due(job().closes_at, limit=9) == []
        assert sorted(store.due(late, limit=9)) == ["j1", "j2"]
        assert len(store.due(late, limit=1)) == 1
        store.postpone(held, closes_at=late + HOUR)
        store.postpone(job("j2").model_copy(update={"tries": 7}), closes_at=late + HOUR)
        assert store.due(late, limit=9) == ["j2"]
        store.condemn(held, GAVE_UP, settle_by=START)
        assert store.due(late, limit=9) == ["j1", "j2"]

    def test_jobs_are_listed_newest_first(self, store: Store) -> None:
        jobs = [
            job(f"j{n}").model_copy(update={"created_at": START + timedelta(seconds=n)})
            for n in range(5)
        ]
        for one in [*jobs, job("other", user="u2")]:
            store.commit(Insert(one))

        listed = list(store.newest_jobs("u1", before=None, at_once=2))
        assert listed == jobs[::-1]
        earlier = store.newest_jobs("u1", before=jobs[2].place, at_once=2)
        assert list(earlier) == [jobs[1], jobs[0]]

    def test_renewals_are_due_before_the_period_ends(self, store: Store) -> None:
        paid = subscription().paid(PLANS[PlanName.PRO], START)
        store.commit(SaveSubscription(subscription()))
        store.commit(SaveSubscription(paid))
        assert paid.renewal_due is not None

        assert store.renewals_due(paid.renewal_due, limit=9) == []
        assert store.renewals_due(paid.renewal_due + HOUR, limit=9) == [("u1", APP)]
        store.commit(SaveSubscription(paid.invoiced("i1", renewal=True)))
        assert store.renewals_due(paid.renewal_due + HOUR, limit=9) == []
