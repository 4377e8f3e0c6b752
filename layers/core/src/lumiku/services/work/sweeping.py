"""Finding what was left behind: uploads that never came, messages and failures that got lost."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lumiku.domain.work.jobs import NEVER_UPLOADED, STRAGGLER_TIME, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.following import Follow, tell_nobody
from lumiku.services.transactions import AlreadyDone, Transactions
from lumiku.services.work.processing import SettleQueue
from lumiku.services.work.settlement import JobReader, close
from lumiku.services.work.starting import Lanes

BACKLOG_PATIENCE = timedelta(hours=6)
# A message comes back within three minutes of its worker's end, and is then tried again.
RETRY_PATIENCE = timedelta(minutes=5)


class DueJobs(JobReader, Protocol):
    """Jobs whose time is up and that are not over."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` such jobs, the longest due first; may be a moment old."""

    def postpone(self, job: Job, *, closes_at: datetime) -> None:
        """Give the job until `closes_at`, unless it moved since it was read."""


class Arrivals(Protocol):
    """Whether photos came."""

    def exists(self, key: str) -> bool:
        """There is an object of that key right now."""


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

    jobs: DueJobs
    photos: Arrivals
    settle_queue: SettleQueue
    lanes: Lanes
    transactions: Transactions
    clock: Clock
    follow: Follow = tell_nobody

    def sweep(self, *, limit: int = 200) -> Counter[str]:
        """Look at up to `limit` due jobs; answers how many had which outcome."""
        return look_at_each(self.jobs.due(self.clock(), limit=limit), self._look)

    def _look(self, job_id: str) -> str | None:
        job, now = self.jobs.get(job_id), self.clock()
        if job is None or job.status.is_over:
            return None
        self.follow(job)
        if job.status is not Status.PENDING:
            return self._look_at_work(job, now)
        if job.source.kind != "upload" or self.photos.exists(job.source.key):
            return self._wait_in_the_backlog(job, now)
        try:
            close(self.transactions, job, Status.EXPIRED, NEVER_UPLOADED, now)
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
            if job.source.kind == "upload":
                return "still_queued"
            self.lanes.start(job.lane, job.id)
            return "started_again"
        self.settle_queue.send(job.id)
        return "sent_to_settle"
