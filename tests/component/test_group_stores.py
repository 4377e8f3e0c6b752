"""The fakes and the adapters are the same: groups of jobs, and what administrators do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lumiku.adapters.work.groups import MAKE_WITHIN, MISPLACED_SHOWN
from lumiku.apps.remover.prices import APP as APP
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.people.actions import Action
from lumiku.domain.people.limits import SINGLE
from lumiku.domain.work.groups import Archive, Group, Outcome, PlannedPhoto, Stage, planned_jobs
from lumiku.domain.work.jobs import GAVE_UP, Job, Status
from lumiku.domain.work.photos import Lane
from lumiku.services.transactions import (
    AlreadyDone,
    CloseGroup,
    Insert,
    Post,
    Record,
    SetLimits,
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
    app=APP,
    product=Tier.BASIC.product,
    workflow=background_removal(Tier.BASIC),
    lane=Lane.STANDARD,
    total=2,
    price=6,
    pricing_type="credits",
    request_hash="-",
    created_at=START,
    closes_at=START + HOUR,
)

PHOTOS = (PlannedPhoto(name="a.jpg", size_bytes=1), PlannedPhoto(name="b.jpg", size_bytes=2))


@pytest.fixture(params=["fakes", "dynamodb"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store."""
    with open_store(request.param) as opened:
        yield opened


@pytest.fixture
def opened(store: Store) -> Store:
    """A store with an open group."""
    store.commit(Insert(GROUP))
    store.make_jobs(planned_jobs(GROUP, PHOTOS))
    store.open(GROUP)
    return store


class TestGroups:
    def test_a_group_is_put_once(self, store: Store) -> None:
        store.commit(Insert(GROUP))

        assert store.group(GROUP.id) == GROUP
        assert store.group("g2") is None
        with pytest.raises(AlreadyDone):
            store.commit(Insert(GROUP), Post(entry("grant", 5)))
        assert store.account("u1").balance == 0

    def test_they_are_listed_newest_first(self, store: Store) -> None:
        groups = [
            GROUP.model_copy(update={"id": f"batch_{n:032x}", "created_at": START + n * HOUR})
            for n in range(3)
        ]
        for group in [*groups, GROUP.model_copy(update={"id": "theirs", "user_id": "u2"})]:
            store.commit(Insert(group))

        assert list(store.newest_groups("u1", before=None, at_once=2)) == groups[::-1]
        assert list(store.newest_groups("u1", before=groups[1].place, at_once=2)) == groups[:1]

    def test_its_jobs_are_read_from_an_index_on(self, opened: Store) -> None:
        planned = planned_jobs(GROUP, PHOTOS)

        assert list(opened.jobs_from(GROUP.id, 0, at_once=1)) == planned
        assert list(opened.jobs_from(GROUP.id, 1, at_once=1)) == planned[1:]
        assert list(opened.jobs_from(GROUP.id, 2, at_once=1)) == []

    def test_the_first_file_under_no_photos_key_is_kept(self, opened: Store) -> None:
        for name in ("shoe.jpg" * 20, "other.jpg"):
            opened.note_misplaced(GROUP.id, name)
        opened.note_misplaced("batch_of_nobody", "shoe.jpg")

        group = opened.group(GROUP.id)
        assert group is not None
        assert group.misplaced == ("shoe.jpg" * 20)[:MISPLACED_SHOWN]
        assert opened.group("batch_of_nobody") is None

    def test_its_jobs_are_made_as_often_as_need_be(self, opened: Store) -> None:
        opened.make_jobs(planned_jobs(GROUP, PHOTOS))

        assert opened.group_jobs(GROUP.id) == planned_jobs(GROUP, PHOTOS)
        assert opened.group_jobs("g2") == []
        assert opened.get(f"{GROUP.id}_0001") == planned_jobs(GROUP, PHOTOS)[1]

    def test_a_group_is_opened_and_settled_once(self, opened: Store) -> None:
        found = opened.group(GROUP.id)
        assert found is not None
        assert found.stage is Stage.OPEN
        opened.commit(CloseGroup(GROUP, OUTCOME, START + HOUR), Post(entry("refund", 3)))

        with pytest.raises(AlreadyDone):
            opened.commit(CloseGroup(GROUP, OUTCOME, START), Post(entry("twice", 3)))
        opened.open(GROUP)
        closed = opened.group(GROUP.id)
        assert closed is not None
        assert (closed.stage, closed.outcome) == (Stage.CLOSED, OUTCOME)
        assert closed.closed_at == START + HOUR
        assert opened.account("u1").balance == 3

    def test_a_group_is_looked_after_until_it_is_closed(self, store: Store) -> None:
        store.commit(Insert(GROUP))
        made_by = START + MAKE_WITHIN
        assert store.groups_due(made_by, limit=9) == []
        assert store.groups_due(made_by + TICK, limit=9) == [GROUP.id]

        store.make_jobs(planned_jobs(GROUP, PHOTOS))
        store.open(GROUP)
        assert store.groups_due(GROUP.closes_at, limit=9) == []
        assert store.groups_due(GROUP.closes_at + TICK, limit=9) == [GROUP.id]

        store.look_again(GROUP, START + 2 * HOUR)
        assert store.groups_due(START + 2 * HOUR, limit=9) == []
        assert store.groups_due(START + 3 * HOUR, limit=9) == [GROUP.id]

        store.commit(CloseGroup(GROUP, OUTCOME, START))
        store.look_again(GROUP, START)
        assert store.groups_due(START + 9 * HOUR, limit=9) == []

    def test_a_group_keeps_where_its_zip_is(self, opened: Store) -> None:
        opened.keep_archive(GROUP.id, Archive(key="out/u1/all.zip", size_bytes=9))

        found = opened.group(GROUP.id)
        assert found is not None
        assert found.archive == Archive(key="out/u1/all.zip", size_bytes=9)


def over(job: Job, status: Status = Status.COMPLETED) -> Job:
    return job.model_copy(update={"status": status, "completed_at": START})


class TestProgress:
    def test_a_job_counts_once_however_often_it_is_marked(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)

        assert not opened.await_all(GROUP.id, "token")
        for _ in range(2):
            assert opened.mark(over(first)) is None
            tally = opened.tally(GROUP.id)
            assert (tally.done, tally.failed, tally.total) == (1, 0, 2)
        assert opened.mark(over(second, Status.FAILED)) == "token"
        tally = opened.tally(GROUP.id)
        assert (tally.done, tally.failed) == (1, 1)
        assert opened.await_all(GROUP.id, "another token")

    def test_nobody_is_told_while_nobody_waits(self, opened: Store) -> None:
        assert opened.mark(*map(over, opened.group_jobs(GROUP.id))) is None

    def test_several_jobs_are_marked_at_once(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)
        opened.await_all(GROUP.id, "token")

        assert opened.mark(over(second, Status.EXPIRED), over(first)) == "token"

        tally = opened.tally(GROUP.id)
        assert (tally.done, tally.failed) == (1, 1)

    def test_the_last_of_many_rows_is_noticed_whichever_it_is(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lumiku.adapters.work.groups.PER_ROW", 12)
        photos = tuple(PlannedPhoto(name=f"{n}.jpg", size_bytes=1) for n in range(37))
        group = GROUP.model_copy(update={"total": len(photos)})
        store.commit(Insert(group))
        jobs = planned_jobs(group, photos)
        store.make_jobs(jobs)
        store.await_all(group.id, "token")
        last = jobs[20]

        assert store.mark(*(over(job) for job in jobs if job != last)) is None
        assert store.tally(group.id).done == 36
        for _ in range(2):  # a repetition makes up for an answer that was lost
            assert store.mark(over(last, Status.FAILED)) == "token"
        assert store.mark(over(jobs[0])) == "token"
        tally = store.tally(group.id)
        assert (tally.done, tally.failed, tally.total) == (36, 1, 37)

    def test_a_job_is_ended_as_it_was_read(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)
        opened.claim(
            second.id, etag="e", size_bytes=1, attempt_id="a", now=START, lease_until=START
        )

        [ended] = opened.end([first], Status.EXPIRED, GAVE_UP, at=START)
        assert (ended.status, ended.failure, ended.completed_at) == (
            Status.EXPIRED,
            GAVE_UP,
            START,
        )
        assert opened.get(first.id) == ended
        assert opened.end([first, second], Status.FAILED, GAVE_UP, at=START) == []

    def test_of_many_jobs_only_those_end_that_nobody_began(self, opened: Store) -> None:
        first, second = opened.group_jobs(GROUP.id)
        assert opened.end([first, second], Status.CANCELLED, GAVE_UP, at=START) == (
            opened.group_jobs(GROUP.id)
        )
        other = GROUP.model_copy(update={"id": f"batch_{2:032x}"})
        opened.commit(Insert(other))
        opened.make_jobs(planned_jobs(other, PHOTOS))
        first, second = opened.group_jobs(other.id)
        opened.claim(first.id, etag="e", size_bytes=1, attempt_id="a", now=START, lease_until=START)

        [ended] = opened.end([first, second], Status.CANCELLED, GAVE_UP, at=START)

        assert ended == opened.get(second.id)
        assert [job.status for job in opened.group_jobs(other.id)] == ["processing", "cancelled"]


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
        store.commit(Post(entry("g1", 5)), Insert(job()))
        store.commit(SetLimits("u1", {"single": generous}))
        store.describe("u1", email="seller@example.com")
        store.describe("u1", language="id")

        account = store.account("u1")
        assert (account.balance, account.limits) == (5, {"single": generous})
        assert (account.email, account.language) == ("seller@example.com", "id")
        store.commit(SetLimits("u1", {}))
        assert store.account("u1").limits == {}
