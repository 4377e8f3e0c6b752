"""The fault tests must catch these bugs, or they are worth nothing."""

from datetime import datetime

import pytest

from lumiku.domain.jobs import GAVE_UP, Job, Status
from lumiku.services.settlement import Settled, Settlement, Wait, close
from lumiku.services.transactions import AlreadyDone, CloseJob, Post
from tests.fakes import FakeStore
from tests.faults import test_one_photo
from tests.faults.machine import run
from tests.faults.stores import fake_world
from tests.faults.test_any_interleaving import Interleavings


class RefundOutsideTheTransaction(Settlement):
    """Planted bug: closes first, refunds afterwards."""

    def settle(self, job_id: str) -> Settled | Wait:
        job = self.jobs.get(job_id)
        if job is None or job.status.is_over or job.has_live_lease(self.clock()):
            return Settled(None)
        try:
            failure = job.failure or GAVE_UP
            self.transactions.commit(CloseJob(job, Status.FAILED, failure, self.clock()))
            self.transactions.commit(Post(job.refund(self.clock())))
        except AlreadyDone:
            pass
        return Settled(Status.FAILED)


class SettlesLiveLeases(Settlement):
    """Planted bug: does not wait for a worker that is at it."""

    def settle(self, job_id: str) -> Settled | Wait:
        job = self.jobs.get(job_id)
        if job is not None and not job.status.is_over:
            close(self.transactions, job, Status.FAILED, GAVE_UP, self.clock())
        return Settled(Status.FAILED)


class NoLease(FakeStore):
    """Planted bug: a job that somebody works on is taken again."""

    def claim(
        self,
        job_id: str,
        *,
        etag: str,
        size_bytes: int,
        attempt_id: str,
        now: datetime,
        lease_until: datetime,
    ) -> tuple[Job | None, bool]:
        if job_id in self.jobs and not self.jobs[job_id].status.is_over:
            self._set(job_id, status=Status.PENDING)
        return super().claim(
            job_id,
            etag=etag,
            size_bytes=size_bytes,
            attempt_id=attempt_id,
            now=now,
            lease_until=lease_until,
        )


def test_a_refund_outside_the_transaction_is_caught() -> None:
    with pytest.raises(AssertionError):
        run(
            Interleavings,
            lambda: fake_world(settlement_class=RefundOutsideTheTransaction),
            examples=300,
            steps=25,
        )


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
