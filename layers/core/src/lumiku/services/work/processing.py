"""Putting one photo through its workflow, whatever fails on the way.

Messages arrive at least once, in any order, and a worker may die at any line. Each step below is
one conditional write or can be repeated; the output of an attempt lies under a key of its own and
counts only once `finish` has named it.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumiku.domain.work.jobs import (
    FIRST_RETRY_S,
    GAVE_UP,
    MAX_TRIES,
    Failure,
    Job,
    Output,
    Status,
    retry_delay_s,
)
from lumiku.domain.work.photos import PhotoKey, misplaced
from lumiku.domain.work.receipts import Receipt
from lumiku.services.clock import Clock
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Develop, PhotoRejected
from lumiku.services.work.ports import (
    Executions,
    GroupStore,
    JobStore,
    LostLease,
    PhotoChanged,
    PhotoMissing,
    PhotoStore,
    SettleQueue,
    Stored,
)
from lumiku.services.work.progress import mark_over
from lumiku.trail import follow
from photo_steps import Role

SETTLE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An uploaded object, as S3 tells of it."""

    key: str
    etag: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Start:
    """A job whose photo is stored already, as a message tells of it: it may be any version."""

    job_id: str
    etag: None = None
    size_bytes: None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do for this message; `outcome` says why, for logs and metrics.

    `failed`: this attempt decided that the photo has failed. `lacks` are outputs beside the result
    that could not be stored. Of what completed or failed here, `app` and how long it took.
    """

    outcome: str
    failed: bool = False
    lacks: tuple[Role, ...] = ()
    app: str | None = None
    took_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """The message must come back in `after_s` seconds."""

    after_s: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Made:
    job: Job
    outputs: Mapping[Role, Output]
    receipt: Receipt
    lacks: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Processing:
    """The use case of process_photo."""

    jobs: JobStore
    photos: PhotoStore
    settle_queue: SettleQueue
    groups: GroupStore
    executions: Executions
    develop: Develop
    clock: Clock

    def process(
        self, told: Arrival | Start, *, attempt_id: str, time_left_s: float
    ) -> Done | Retry:
        """Handle one event. Raises only what it does not know, with the lease left to run out."""
        place = told if isinstance(told, Start) else PhotoKey.parse(told.key)
        if place is None:
            return self._stray(told)
        now = self.clock()
        job, taken = self.jobs.claim(
            place.job_id,
            key=told.key if isinstance(told, Arrival) else None,
            etag=told.etag,
            size_bytes=told.size_bytes,
            attempt_id=attempt_id,
            now=now,
            lease_until=now + timedelta(seconds=time_left_s),
        )
        if job is None or (isinstance(told, Arrival) and told.key != job.source.key):
            return self._stray(told)
        follow(job)
        if not taken:
            return self._meet(job, told, now)
        try:
            return self._attempt(job, told)
        except LostLease:
            return Done("lost_lease")

    def _stray(self, told: Arrival | Start) -> Done:
        if isinstance(told, Start):
            return Done("no_such_job")
        if place := misplaced(told.key):
            self.groups.note_misplaced(*place)
        self.photos.delete(told.key)
        return Done("stray_object")

    def _meet(self, job: Job, told: Arrival | Start, now: datetime) -> Done | Retry:
        if job.status.is_over:
            mark_over(self.groups, self.executions, job)
        if job.status is Status.FAILING:
            self.settle_queue.send(job.id)
            return Done("failing")
        if job.has_live_lease(now) and job.lease_until is not None:
            left_s = int((job.lease_until - now).total_seconds()) + 1
            if told.etag not in {None, job.source.etag}:
                # The holder's photo was replaced by this one: it lets go when it sees that.
                return Retry(min(FIRST_RETRY_S, left_s), "leased for an older photo")
            return Retry(left_s, "leased")
        return Done(f"already_{job.status}")

    def _attempt(self, job: Job, told: Arrival | Start) -> Done | Retry:
        if job.tries > MAX_TRIES:
            return self._fail(job, GAVE_UP)
        try:
            made = self._make(job, told)
        except PhotoChanged:
            self.jobs.release(job, now=self.clock())
            return Done("overwritten")
        except PhotoRejected as rejected:
            return self._fail(job, rejected.failure)
        except LostLease:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the photo gets its other tries
            return self._retry(job, error)
        return self._finish(made)

    def _make(self, job: Job, told: Arrival | Start) -> _Made:
        watch = Stopwatch()
        with watch.stage("read"):
            stored = self._read(job, told)
        attempt = Attempt(_started_from(job, stored), stored.data, self.photos, self.jobs)
        developed = self.develop(attempt)
        with watch.stage("write"):
            outputs = attempt.store(developed)
        within = developed.receipt.stage_ms
        stage_ms = {"read": watch.ms["read"], **within, "write": watch.ms["write"]}
        receipt = developed.receipt.model_copy(update={"stage_ms": stage_ms})
        return _Made(attempt.job, outputs, receipt, tuple(developed.files.keys() - outputs.keys()))

    def _read(self, job: Job, told: Arrival | Start) -> Stored:
        """What was uploaded, if it still is what the event told of; else what is stored."""
        if told.size_bytes is not None and told.size_bytes > job.max_bytes:
            most = f"At most {job.max_bytes} bytes are taken."
            raise PhotoRejected("photo_too_large", most, {"maxBytes": job.max_bytes})
        try:
            return self.photos.read(job.source.key, etag=told.etag)
        except PhotoMissing:
            raise PhotoRejected("photo_missing", "The photo is gone.") from None

    def _finish(self, made: _Made) -> Done:
        job = made.job
        try:
            self.jobs.finish(job, made.outputs, made.receipt, now=self.clock())
        except LostLease:
            for output in made.outputs.values():
                self.photos.delete(output.key)
            raise
        now = self.clock()
        over = job.model_copy(update={"status": Status.COMPLETED, "completed_at": now})
        mark_over(self.groups, self.executions, over)
        took_ms = sum(made.receipt.stage_ms.values())
        return Done("completed", lacks=made.lacks, app=job.app, took_ms=took_ms)

    def _fail(self, job: Job, failure: Failure) -> Done:
        if job.group_id is not None:
            over = self.jobs.fail(job, failure, now=self.clock())
            mark_over(self.groups, self.executions, over)
            return Done(failure.code, failed=True, app=job.app)
        self.jobs.condemn(job, failure, settle_by=self.clock() + SETTLE_WITHIN)
        self.settle_queue.send(job.id)
        return Done(failure.code, failed=True, app=job.app)

    def _retry(self, job: Job, error: Exception) -> Done | Retry:
        if job.tries >= MAX_TRIES:
            return self._fail(job, GAVE_UP)
        self.jobs.release(job, now=self.clock())
        jitter = random.uniform(-1, 1)  # noqa: S311 - spreads retries, guards nothing
        return Retry(retry_delay_s(job.tries, jitter), repr(error))


def _started_from(job: Job, stored: Stored) -> Job:
    seen = {"etag": stored.etag, "size_bytes": len(stored.data)}
    return job.model_copy(update={"source": job.source.model_copy(update=seen)})
