"""The fault tests must catch these bugs, or they are worth nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from lumiku.apps.remover import ordering
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import GAVE_UP, NEVER_UPLOADED, Cause, Job, Status
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    CloseGroup,
    EndJob,
    Post,
)
from lumiku.services.work.closing import Closing
from lumiku.services.work.idempotency import fingerprint
from lumiku.services.work.settlement import Settled, Settlement, Wait, end
from tests.fake_photos import FakeBucket
from tests.fakes import FakeStore
from tests.faults import test_one_photo
from tests.faults.machine import assert_caught, run_briefly
from tests.faults.orders import Orders
from tests.faults.stores import fake_world
from tests.faults.test_any_interleaving import Interleavings
from tests.faults.world import World


class RefundOutsideTheTransaction(Settlement):
    """Planted bug: closes first, refunds afterwards."""

    def settle(self, job_id: str) -> Settled | Wait:
        job = self.jobs.get(job_id)
        if job is None or job.status.is_over or job.has_live_lease(self.clock()):
            return Settled(None)
        try:
            failure = job.failure or GAVE_UP
            self.transactions.commit(EndJob(job, Status.FAILED, failure, self.clock()))
            self.transactions.commit(Post(job.refund(failure, self.clock())))
        except AlreadyDone:
            pass
        return Settled(Status.FAILED)


class SettlesLiveLeases(Settlement):
    """Planted bug: does not wait for a worker that is at it."""

    def settle(self, job_id: str) -> Settled | Wait:
        job = self.jobs.get(job_id)
        if job is not None and not job.status.is_over:
            end(self.transactions, job, Status.FAILED, GAVE_UP, self.clock())
        return Settled(Status.FAILED)


class NoLease(FakeStore):
    """Planted bug: a job that somebody works on is taken again."""

    def claim(
        self,
        job_id: str,
        *,
        key: str | None = None,
        etag: str | None,
        size_bytes: int | None,
        attempt_id: str,
        now: datetime,
        lease_until: datetime,
    ) -> tuple[Job | None, bool]:
        if job_id in self.jobs and not self.jobs[job_id].status.is_over:
            self._set(job_id, status=Status.PENDING)
        return super().claim(
            job_id,
            key=key,
            etag=etag,
            size_bytes=size_bytes,
            attempt_id=attempt_id,
            now=now,
            lease_until=lease_until,
        )


def test_a_refund_outside_the_transaction_is_caught() -> None:
    world = partial(fake_world, settlement_class=RefundOutsideTheTransaction)
    assert_caught(partial(run_briefly, Interleavings, world), 26)


def test_settling_on_a_live_lease_is_caught() -> None:
    with (
        fake_world(settlement_class=SettlesLiveLeases) as world,
        pytest.raises(AssertionError, match="lost_lease"),
    ):
        test_one_photo.test_a_dead_letter_waits_for_a_live_lease(world)


def test_a_missing_lease_is_caught() -> None:
    with (
        fake_world(rows=NoLease()) as world,
        pytest.raises(AssertionError, match="2 == 1"),
    ):
        test_one_photo.test_a_second_worker_in_the_middle_of_the_first(world, b"good", 2)


class JunkEarnsTheDiscount(Closing):
    """Planted bug: a file that is refused counts as a photo."""

    def _all_over(self, group: Group) -> list[Job]:
        return [
            job.model_copy(update={"failure": GAVE_UP}) if job.cause is Cause.FILE else job
            for job in super()._all_over(group)
        ]


class OnlyResultsEarnTheDiscount(Closing):
    """Planted bug: a photo that the service failed on does not count."""

    def _all_over(self, group: Group) -> list[Job]:
        return [
            job.model_copy(update={"failure": NEVER_UPLOADED}) if job.failure else job
            for job in super()._all_over(group)
        ]


class WritesOver(FakeBucket):
    """Planted bug: an order that is repeated stores its photos again."""

    def write_new(self, key: str, data: bytes, *, content_type: str) -> None:
        self.write(key, data, content_type=content_type)


class EmptyRefunds(FakeStore):
    """Planted bug: a batch without anything to give back gets a refund, of nothing."""

    def _apply(self, change: Change) -> None:
        super()._apply(change)
        if isinstance(change, CloseGroup) and change.outcome.completed == change.group.total:
            self.post(change.group.refund(change.outcome, change.at))


@contextmanager
def bytes_do_not_matter() -> Iterator[World]:
    """Planted bug: a form with other photos of the same sizes is the same order."""

    def forgetful(request: dict[str, Any]) -> str:
        return fingerprint({name: value for name, value in request.items() if name != "sha256"})

    with patch.object(ordering, "fingerprint", forgetful), fake_world() as world:
        yield world


@pytest.mark.parametrize(
    ("bug", "known"),
    [
        (lambda: fake_world(closing_class=JunkEarnsTheDiscount), 11),
        (lambda: fake_world(closing_class=OnlyResultsEarnTheDiscount), 2),
        (lambda: fake_world(bucket=WritesOver()), 7),
        (bytes_do_not_matter, 27),
        (lambda: fake_world(rows=EmptyRefunds()), 2),
    ],
    ids=[
        "junk earns the discount",
        "a failure of ours earns none",
        "a replay writes over",
        "bytes do not matter",
        "refund of nothing",
    ],
)
def test_bugs_of_batches_are_caught(bug: Callable[..., Any], known: int) -> None:
    assert_caught(partial(run_briefly, Orders, bug), known)
