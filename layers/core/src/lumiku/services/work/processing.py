"""Putting one uploaded photo through its workflow, whatever fails on the way.

Messages arrive at least once, in any order, and a worker may die at any line. Each step below is
one conditional write or can be repeated; the output of an attempt lies under a key of its own and
counts only once `finish` has named it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

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
from lumiku.domain.work.photos import MAX_PHOTO_BYTES, PhotoKey, result_key
from lumiku.domain.work.receipts import Receipt
from lumiku.services.clock import Clock
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.ports import (
    Executions,
    GroupStore,
    PhotoChanged,
    PhotoMissing,
    PhotoStore,
    SettleQueue,
)
from lumiku.services.work.progress import mark_over
from lumiku.trail import follow

SETTLE_WITHIN = timedelta(minutes=5)


class PhotoRejected(Exception):
    """The photo itself is the reason; no other try will do better."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(code=code, message=message)


class LostLease(Exception):
    """The job went on without this attempt."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An uploaded object, as S3 tells of it."""

    key: str
    etag: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Developed:
    """A finished picture, encoded; `note` tells its owner what is not as asked for.

    `receipt` tells how it was made, as far as the pixels go.
    """

    data: bytes
    width_px: int
    height_px: int
    format: str
    note: str | None = None
    receipt: Receipt = field(default_factory=Receipt)


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do for this message; `outcome` says why, for logs and metrics.

    `failed`: this attempt decided that the photo has failed.
    """

    outcome: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """The message must come back in `after_s` seconds."""

    after_s: int
    reason: str


class JobLeases(Protocol):
    """Moves of a job that only its worker makes. Each is one conditional write."""

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
        """Take the job if it is pending or its lease is over, and count the try.

        Answers the job as it is now (None: there is none) and whether it was taken.
        """

    def release(self, job: Job, *, now: datetime) -> None:
        """End the lease, so that a retry can claim the job. `LostLease` if it is not ours."""

    def finish(self, job: Job, output: Output, receipt: Receipt, *, now: datetime) -> None:
        """Complete the job with `output`. `LostLease` if it is not ours."""

    def fail(self, job: Job, failure: Failure, *, now: datetime) -> Job:
        """End a job of a group without a result. `LostLease` if it is not ours."""

    def condemn(self, job: Job, failure: Failure, *, settle_by: datetime) -> None:
        """Decide the failure; settling follows. `LostLease` if the job is not ours."""


type Develop = Callable[[bytes, Job], Developed]


@dataclass(frozen=True, slots=True)
class Processing:
    """The use case of process_photo.

    `develop` runs the workflow of a job that is leased until the run must end; it may raise
    `PhotoRejected` and `LostLease`.
    """

    leases: JobLeases
    photos: PhotoStore
    settle_queue: SettleQueue
    groups: GroupStore
    executions: Executions
    develop: Develop
    clock: Clock

    def process(self, arrival: Arrival, *, attempt_id: str, time_left_s: float) -> Done | Retry:
        """Handle one event. Raises only what it does not know, with the lease left to run out."""
        key = PhotoKey.parse(arrival.key)
        if key is None:
            self.photos.delete(arrival.key)
            return Done("stray_object")
        now = self.clock()
        job, taken = self.leases.claim(
            key.job_id,
            etag=arrival.etag,
            size_bytes=arrival.size_bytes,
            attempt_id=attempt_id,
            now=now,
            lease_until=now + timedelta(seconds=time_left_s),
        )
        if job is None or job.user_id != key.user_id:
            self.photos.delete(arrival.key)
            return Done("stray_object")
        follow(job)
        if not taken:
            return self._meet(job, arrival, now)
        try:
            return self._attempt(job, arrival)
        except LostLease:
            return Done("lost_lease")

    def _meet(self, job: Job, arrival: Arrival, now: datetime) -> Done | Retry:
        if job.status.is_over:
            mark_over(self.groups, self.executions, job)
        if job.status is Status.FAILING:
            self.settle_queue.send(job.id)
            return Done("failing")
        if job.has_live_lease(now) and job.lease_until is not None:
            left_s = int((job.lease_until - now).total_seconds()) + 1
            if job.source.etag != arrival.etag:
                # The holder's photo was replaced by this one: it lets go when it sees that.
                return Retry(min(FIRST_RETRY_S, left_s), "leased for an older photo")
            return Retry(left_s, "leased")
        return Done(f"already_{job.status}")

    def _attempt(self, job: Job, arrival: Arrival) -> Done | Retry:
        if job.tries > MAX_TRIES:
            return self._fail(job, GAVE_UP)
        try:
            output, receipt = self._make(job, arrival)
        except PhotoChanged:
            self.leases.release(job, now=self.clock())
            return Done("overwritten")
        except PhotoRejected as rejected:
            return self._fail(job, rejected.failure)
        except LostLease:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the photo gets its other tries
            return self._retry(job, error)
        return self._finish(job, output, receipt)

    def _make(self, job: Job, arrival: Arrival) -> tuple[Output, Receipt]:
        """Put what became of the photo under a key of this attempt's own."""
        watch = Stopwatch()
        with watch.stage("read"):
            photo = self._read(arrival)
        developed = self.develop(photo, job)
        output = Output(
            key=result_key(job.user_id, job.id, job.attempt_id or "", developed.format),
            size_bytes=len(developed.data),
            width_px=developed.width_px,
            height_px=developed.height_px,
            format=developed.format,
            note=developed.note,
        )
        with watch.stage("write"):
            self.photos.write(output.key, developed.data, content_type=f"image/{developed.format}")
        within = developed.receipt.stage_ms
        stage_ms = {"read": watch.ms["read"], **within, "write": watch.ms["write"]}
        return output, developed.receipt.model_copy(update={"stage_ms": stage_ms})

    def _read(self, arrival: Arrival) -> bytes:
        if arrival.size_bytes > MAX_PHOTO_BYTES:
            raise PhotoRejected("photo_too_large", f"At most {MAX_PHOTO_BYTES} bytes are taken.")
        try:
            return self.photos.read(arrival.key, etag=arrival.etag)
        except PhotoMissing:
            raise PhotoRejected("photo_missing", "The uploaded photo is gone.") from None

    def _finish(self, job: Job, output: Output, receipt: Receipt) -> Done:
        try:
            self.leases.finish(job, output, receipt, now=self.clock())
        except LostLease:
            self.photos.delete(output.key)
            raise
        now = self.clock()
        over = job.model_copy(update={"status": Status.COMPLETED, "completed_at": now})
        mark_over(self.groups, self.executions, over)
        return Done("completed")

    def _fail(self, job: Job, failure: Failure) -> Done:
        if job.group_id is not None:
            over = self.leases.fail(job, failure, now=self.clock())
            mark_over(self.groups, self.executions, over)
            return Done(failure.code, failed=True)
        self.leases.condemn(job, failure, settle_by=self.clock() + SETTLE_WITHIN)
        self.settle_queue.send(job.id)
        return Done(failure.code, failed=True)

    def _retry(self, job: Job, error: Exception) -> Done | Retry:
        if job.tries >= MAX_TRIES:
            return self._fail(job, GAVE_UP)
        self.leases.release(job, now=self.clock())
        jitter = random.uniform(-1, 1)  # noqa: S311 - spreads retries, guards nothing
        return Retry(retry_delay_s(job.tries, jitter), repr(error))
