"""Finding what was left behind: uploads that never came, failures that nobody settled."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lumiku.domain.jobs import NEVER_UPLOADED, STRAGGLER_TIME, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.following import Follow, tell_nobody
from lumiku.services.processing import SettleQueue
from lumiku.services.settlement import JobReader, close
from lumiku.services.transactions import AlreadyDone, Transactions

BACKLOG_PATIENCE = timedelta(hours=6)


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


@dataclass(frozen=True, slots=True)
class Sweeping:
    """The use case of sweep; running it twice at once is harmless."""

    jobs: DueJobs
    photos: Arrivals
    settle_queue: SettleQueue
    transactions: Transactions
    clock: Clock
    follow: Follow = tell_nobody

    def sweep(self, *, limit: int = 200) -> Counter[str]:
        """Look at up to `limit` due jobs; answers how many had which outcome.

        One that cannot be looked after holds up no other; what they raised is raised in the end.
        """
        outcomes: Counter[str] = Counter()
        errors = []
        for job_id in self.jobs.due(self.clock(), limit=limit):
            try:
                job = self.jobs.get(job_id)
                if job is not None and not job.status.is_over:
                    self.follow(job)
                    outcomes[self._look(job)] += 1
            except Exception as error:  # noqa: BLE001 - raised below, with the others
                error.add_note(f"job {job_id}")
                errors.append(error)
        if errors:
            raise ExceptionGroup("photos that were not looked after", errors)
        return outcomes

    def _look(self, job: Job) -> str:
        now = self.clock()
        if job.status is not Status.PENDING:
            if not job.has_live_lease(now):
                self.settle_queue.send(job.id)
            self.jobs.postpone(job, closes_at=now + STRAGGLER_TIME)
            return "sent_to_settle"
        if self.photos.exists(job.source.key):
            return self._wait_in_the_backlog(job, now)
        try:
            close(self.transactions, job, Status.EXPIRED, NEVER_UPLOADED, now)
        except AlreadyDone:
            return "moved_on"
        return "expired"

    def _wait_in_the_backlog(self, job: Job, now: datetime) -> str:
        """The photo came and waits in a queue; if that takes for ever, its message was lost."""
        self.jobs.postpone(job, closes_at=now + STRAGGLER_TIME)
        if now - job.created_at < BACKLOG_PATIENCE:
            return "still_queued"
        self.settle_queue.send(job.id)
        return "sent_to_settle"
