"""The fakes and the adapters are the same: groups of jobs, and what administrators do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lumiku.adapters.work.groups import MAKE_WITHIN
from lumiku.apps.remover.prices import Tier
from lumiku.domain.money.plans import REMOVER
from lumiku.domain.people.actions import Action
from lumiku.domain.people.limits import SINGLE
from lumiku.domain.work.groups import Archive, Group, Outcome, PlannedPhoto, Stage, planned_jobs
from lumiku.domain.work.jobs import GAVE_UP, Status
from lumiku.domain.work.photos import Lane
from lumiku.services.transactions import (
    AlreadyDone,
    InsertGroup,
    InsertJob,
    Post,
    Record,
    SetLimits,
    SettleGroup,
)
from tests.component.stores import Store, open_store
from tests.component.test_stores import entry, job
from tests.fakes import START

HOUR = timedelta(hours=1)
TICK = timedelta(milliseconds=1)
OUTCOME = Outcome(completed=1, failed=1, expired=0, cancelled=0, refund=3)
GROUP = Group(
    id=f"batch_{1:032x}",
    user_id="u1",
    app=REMOVER,
    tier=Tier.BASIC,
    lane=Lane.STANDARD,
    photos=(
        PlannedPhoto(name="a.jpg", size_bytes=1),
        PlannedPhoto(name="b.jpg", size_bytes=2),
    ),
    price=6,
    pricing_type="credits",
    request_hash="-",
    created_at=START,
    closes_at=START + HOUR,
)


@pytest.fixture(params=["fakes", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store."""
    with open_store(request.param) as opened:
        yield opened


@pytest.fixture
def opened(store: Store) -> Store:
    """A store with an open group."""
    store.commit(InsertGroup(GROUP))
    store.make_jobs(planned_jobs(GROUP))
    store.open(GROUP)
    return store


class TestGroups:
    def test_a_group_is_put_once(self, store: Store) -> None:
        store.commit(InsertGroup(GROUP))

        assert store.group(GROUP.id) == GROUP
        assert store.group("g2") is None
        with pytest.raises(AlreadyDone):
            store.commit(InsertGroup(GROUP), Post(entry("grant", 5)))
        assert store.account("u1").balance == 0

    def test_its_jobs_are_made_as_often_as_need_be(self, opened: Store) -> None:
        opened.make_jobs(planned_jobs(GROUP))

        assert opened.group_jobs(GROUP.id) == planned_jobs(GROUP)
        assert opened.group_jobs("g2") == []
        assert opened.get(f"{GROUP.id}_0001") == planned_jobs(GROUP)[1]

    def test_a_group_is_opened_and_settled_once(self, opened: Store) -> None:
        found = opened.group(GROUP.id)
        assert found is not None
        assert found.stage is Stage.OPEN
        opened.commit(SettleGroup(GROUP, OUTCOME, START + HOUR), Post(entry("refund", 3)))

        with pytest.raises(AlreadyDone):
            opened.commit(SettleGroup(GROUP, OUTCOME, START), Post(entry("twice", 3)))
        opened.open(GROUP)
        closed = opened.group(GROUP.id)
        assert closed is not None
        assert (closed.stage, closed.outcome) == (Stage.CLOSED, OUTCOME)
        assert closed.closed_at == START + HOUR
        assert opened.account("u1").balance == 3

    def test_a_group_is_looked_after_until_it_is_closed(self, store: Store) -> None:
        store.commit(InsertGroup(GROUP))
        made_by = START + MAKE_WITHIN
        assert store.groups_due(made_by, limit=9) == []
        assert store.groups_due(made_by + TICK, limit=9) == [GROUP.id]

        store.make_jobs(planned_jobs(GROUP))
        store.open(GROUP)
        assert store.groups_due(GROUP.closes_at, limit=9) == []
        assert store.groups_due(GROUP.closes_at + TICK, limit=9) == [GROUP.id]

        store.look_again(GROUP, START + 2 * HOUR)
        assert store.groups_due(START + 2 * HOUR, limit=9) == []
        assert store.groups_due(START + 3 * HOUR, limit=9) == [GROUP.id]

        store.commit(SettleGroup(GROUP, OUTCOME, START))
        store.look_again(GROUP, START)
        assert store.groups_due(START + 9 * HOUR, limit=9) == []

    def test_a_group_is_cancelled_at_the_first_time_of_asking(self, opened: Store) -> None:
        opened.mark_cancelled(GROUP, START)
        opened.mark_cancelled(GROUP, START + HOUR)
        opened.keep_archive(GROUP.id, Archive(key="out/u1/all.zip", size_bytes=9))

        found = opened.group(GROUP.id)
        assert found is not None
        assert found.cancelled_at == START
        assert found.archive == Archive(key="out/u1/all.zip", size_bytes=9)


class TestProgress:
    def test_a_job_counts_once_however_often_it_is_marked(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)
        done = first.model_copy(update={"status": Status.COMPLETED, "completed_at": START})
        lost = second.model_copy(update={"status": Status.FAILED, "completed_at": START})

        assert opened.tally(GROUP.id).total == 2
        for _ in range(2):
            tally = opened.mark(done)
            assert (tally.done, tally.failed, tally.is_complete) == (1, 0, False)
        tally = opened.mark(lost)
        assert (tally.done, tally.failed, tally.is_complete) == (1, 1, True)
        assert opened.tally(GROUP.id).token is None
        assert opened.await_all(GROUP.id, "token").token == "token"
        assert opened.tally(GROUP.id).token == "token"

    def test_several_jobs_are_marked_at_once(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)
        done = first.model_copy(update={"status": Status.COMPLETED, "completed_at": START})
        lost = second.model_copy(update={"status": Status.EXPIRED, "completed_at": START})

        tally = opened.mark(lost, done)

        assert (tally.done, tally.failed, tally.is_complete) == (1, 1, True)

    def test_a_job_is_ended_as_it_was_read(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)
        opened.claim(
            second.id, etag="e", size_bytes=1, attempt_id="a", now=START, lease_until=START
        )

        ended = opened.end(first, Status.EXPIRED, GAVE_UP, at=START)
        assert ended is not None
        assert (ended.status, ended.failure, ended.completed_at) == (
            Status.EXPIRED,
            GAVE_UP,
            START,
        )
        assert opened.get(first.id) == ended
        assert opened.end(first, Status.FAILED, GAVE_UP, at=START) is None
        assert opened.end(second, Status.EXPIRED, GAVE_UP, at=START) is None


class TestAdministration:
    ACTION = Action(
        id="a1",
        admin_id="admin",
        user_id="u1",
        kind="grant",
        what="5 credits",
        reason="sorry",
        at=START,
    )

    def test_an_action_is_recorded_once(self, store: Store) -> None:
        store.commit(Record(self.ACTION), Post(entry("g1", 5)))

        with pytest.raises(AlreadyDone):
            store.commit(Record(self.ACTION), Post(entry("g2", 5)))
        assert store.account("u1").balance == 5
        assert store.entry("u1", "grant#g1") == entry("g1", 5)
        assert store.entry("u1", "grant#g2") is None

    def test_an_account_has_limits_and_details_beside_its_balance(self, store: Store) -> None:
        generous = SINGLE.model_copy(update={"count": 600})
        store.commit(Post(entry("g1", 5)), InsertJob(job()))
        store.commit(SetLimits("u1", {"single": generous}))
        store.describe("u1", email="seller@example.com")
        store.describe("u1", language="id")

        account = store.account("u1")
        assert (account.balance, account.limits) == (5, {"single": generous})
        assert (account.email, account.language) == ("seller@example.com", "id")
        store.commit(SetLimits("u1", {}))
        assert store.account("u1").limits == {}
