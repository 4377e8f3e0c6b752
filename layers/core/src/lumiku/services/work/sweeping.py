"""Finding what was left behind.

Uploads that never came, messages and failures that got lost, groups that are half made or that
nobody closed.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumiku.domain.work.groups import Stage
from lumiku.domain.work.jobs import NEVER_FETCHED, NEVER_UPLOADED, STRAGGLER_TIME, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.transactions import AlreadyDone, Transactions
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.pausing import Pausing
from lumiku.services.work.ports import GroupStore, JobStore, Lanes, PhotoStore, SettleQueue
from lumiku.services.work.settlement import end
from lumiku.trail import follow

BACKLOG_PATIENCE = timedelta(hours=6)
# A message comes back within three minutes of its worker's end, and is then tried again.
RETRY_PATIENCE = timedelta(minutes=5)
# What is open so long after its jobs were awaited, the state machine may never close. What could
# not be made by then is nobody's any more, and the list of its photos does not stay for ever.
ABANDONED = timedelta(hours=1)


def look_at_each(ids: Iterable[str], look: Callable[[str], str | None]) -> Counter[str]:
    """Look at every one, also when others fail; answers how many had which outcome.

    What failed is raised at the end, all of it together, each with the id that it was about.
    """
    outcomes: Counter[str] = Counter()
    failures = []
    for one in ids:
        try:
            outcome = look(one)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others have their turn
            error.add_note(f"while looking at {one}")
            failures.append(error)
        else:
            if outcome is not None:
                outcomes[outcome] += 1
    if failures:
        raise ExceptionGroup(f"{len(failures)} failed; the others: {dict(outcomes)}", failures)
    return outcomes


@dataclass(frozen=True, slots=True)
class Sweeping:
    """The use case of sweep; running it twice at once is harmless."""

    jobs: JobStore
    photos: PhotoStore
    settle_queue: SettleQueue
    lanes: Lanes
    transactions: Transactions
    clock: Clock

    def sweep(self, *, limit: int = 200) -> Counter[str]:
        """Look at up to `limit` due jobs; answers how many had which outcome."""
        return look_at_each(self.jobs.due(self.clock(), limit=limit), self._look)

    def _look(self, job_id: str) -> str | None:
        job, now = self.jobs.get(job_id), self.clock()
        if job is None or job.status.is_over:
            return None
        follow(job, say="looking after")
        if job.status is not Status.PENDING:
            return self._look_at_work(job, now)
        if job.source.is_stored or self.photos.exists(job.source.key):
            return self._wait_in_the_backlog(job, now)
        try:
            missing = NEVER_UPLOADED if job.source.kind == "upload" else NEVER_FETCHED
            end(self.transactions, job, Status.EXPIRED, missing, now)
        except AlreadyDone:
            return "moved_on"
        return "expired"

    def _look_at_work(self, job: Job, now: datetime) -> str:
        self.jobs.postpone(job, closes_at=now + STRAGGLER_TIME)
        if job.lease_until is not None and now < job.lease_until + RETRY_PATIENCE:
            return "being_tried"
        self.settle_queue.send(job.id)
        return "sent_to_settle"

    def _wait_in_the_backlog(self, job: Job, now: datetime) -> str:
        """The photo is there and waits in a queue; if that takes for ever, its message was lost.

        S3 tells of an upload once; what a message of ours starts is told of again.
        """
        self.jobs.postpone(job, closes_at=now + STRAGGLER_TIME)
        if now - job.created_at < BACKLOG_PATIENCE:
            if not job.source.is_stored:
                return "still_queued"
            self.lanes.start(job.lane, job.id)
            return "started_again"
        self.settle_queue.send(job.id)
        return "sent_to_settle"


@dataclass(frozen=True, slots=True)
class GroupSweeping:
    """The use case of sweep for groups; running it twice at once is harmless."""

    groups: GroupStore
    grouping: Grouping
    closing: Closing
    pausing: Pausing
    clock: Clock

    def sweep(self, *, limit: int = 20) -> Counter[str]:
        """Look at up to `limit` due groups; answers how many had which outcome."""
        return look_at_each(self.groups.groups_due(self.clock(), limit=limit), self._look)

    def _look(self, group_id: str) -> str | None:
        group, now = self.groups.group(group_id), self.clock()
        if group is None or group.stage is Stage.CLOSED:
            return None
        follow(group, say="looking after")
        # First of all: what fails for ever must not stay ahead of the others.
        again = now + STRAGGLER_TIME
        ends_at = group.pause.ends_at
        self.groups.look_again(group, min(again, ends_at) if ends_at and ends_at > now else again)
        if now - group.created_at > group.awaited_for + ABANDONED + group.pause.lasted(now):
            self.closing.close(group.id)
            return "batch_closed"
        if self.pausing.is_over(group):
            self.closing.cancel(group)
            return "batch_cancelled"
        self.pausing.follow(group)
        if group.stage is Stage.CREATING:
            self.grouping.make(group)
            return "batch_made"
        if now < group.closes_at:
            return "batch_open"
        self.closing.finish(group)
        return "batch_finished"
