"""Ending a job without a result, and giving its credits back, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.domain.work.jobs import GAVE_UP, Failure, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    EndJob,
    Post,
    ReleaseQuota,
    TakeBack,
    Transactions,
)
from lumiku.services.work.ports import Executions, GroupStore, JobStore
from lumiku.services.work.progress import mark_over
from lumiku.trail import follow


@dataclass(frozen=True, slots=True)
class Settled:
    """The job is over; `status` is how it ended (None: there is no such job).

    `gave_up`: it failed here and now, and no worker had decided that; `app` is whose job it was.
    """

    status: Status | None
    gave_up: bool = False
    app: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A worker may still be at it; ask again in `after_s` seconds."""

    after_s: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """The use case of settle_job: from the settle queue and from the lanes' dead letters."""

    jobs: JobStore
    groups: GroupStore
    executions: Executions
    transactions: Transactions
    clock: Clock

    def settle(self, job_id: str) -> Settled | Wait:
        """End the job unless it is over or alive. Repeating it changes nothing."""
        job = self.jobs.get(job_id)
        if job is None:
            return Settled(None)
        follow(job)
        if job.status.is_over:
            mark_over(self.groups, self.executions, job)
            return Settled(job.status)
        now = self.clock()
        if job.has_live_lease(now) and job.lease_until is not None:
            return Wait(int((job.lease_until - now).total_seconds()) + 1)
        try:
            end(self.transactions, job, Status.FAILED, job.failure or GAVE_UP, now)
        except AlreadyDone:
            return Wait(1)
        over = job.model_copy(update={"status": Status.FAILED, "completed_at": now})
        mark_over(self.groups, self.executions, over)
        return Settled(Status.FAILED, gave_up=job.failure is None, app=job.app)


def end(
    transactions: Transactions, job: Job, status: Status, failure: Failure, now: datetime
) -> None:
    """End `job` as `status` and give back what it cost, unless its group does that.

    `AlreadyDone` if it moved since it was read.
    """
    changes: list[Change] = [EndJob(job, status, failure, now)]
    if job.group_id is None and not job.is_free:
        changes.append(Post(job.refund(failure, now)))
    if job.group_id is None and job.reservation is not None:
        changes.append(ReleaseQuota(job.reservation))
    if job.for_item is not None and job.for_item.holds is not None:
        changes.append(TakeBack(job, job.for_item))
    transactions.commit(*changes)
