"""Photos that lie somewhere else: fetched by a worker, then as if they were uploaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, Self

from pydantic import BaseModel, model_validator

from lumiku.domain.work.jobs import Failure, Job, Status
from lumiku.domain.work.photos import beside_key
from lumiku.services.clock import Clock
from lumiku.services.work.ports import Executions, GroupStore, JobStore, PhotoStore, SettleQueue
from lumiku.services.work.processing import SETTLE_WITHIN
from lumiku.services.work.progress import mark_over
from lumiku.trail import follow

CLAIMED_FOR = timedelta(seconds=30)
UNKNOWN_TYPE = "application/octet-stream"


class NotFetched(Exception):
    """There is no photo to be had; says why, to whom gave the address."""


class Fetcher(Protocol):
    """The internet, as far as others may name an address in it."""

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        """What lies there, at most so much, else `NotFetched`."""


class Elsewhere(BaseModel, frozen=True, defer_build=True):
    """Where the files of a job lie: the `photo` at a URL, or as `waits` in the bucket.

    What lies at `behind` is stored before it as `beside_key` says, since the photo starts the job.
    """

    photo: str | None = None
    waits: str | None = None
    behind: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.photo is None) is (self.waits is None):
            raise ValueError("A photo lies at a URL, or waits.")
        return self


class Fetches(Protocol):
    """Photos that wait to be fetched."""

    def put(self, there: Mapping[str, Elsewhere]) -> None:
        """The files of these jobs, by id, lie there; repeating it is harmless."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """The use case of fetch_photo. Repeating it is fine: what is stored is not written over."""

    jobs: JobStore
    photos: PhotoStore
    settle_queue: SettleQueue
    groups: GroupStore
    executions: Executions
    fetcher: Fetcher
    clock: Clock

    def fetch(self, job_id: str, there: Elsewhere, *, attempt_id: str) -> str:
        """Store the job's files, or decide that it has failed; answers what became of it."""
        job = self.jobs.get(job_id)
        if job is None:
            return "no_such_job"
        follow(job)
        if job.status is Status.FAILING:
            self.settle_queue.send(job_id)
            return "failing"
        if job.status.is_over:
            mark_over(self.groups, self.executions, job)
        is_free = job.status is Status.PENDING or (
            job.status is Status.PROCESSING and not job.has_live_lease(self.clock())
        )
        if not is_free or self.photos.exists(job.source.key):
            return "there_already"
        try:
            if there.behind is not None:
                data = self._from(there.behind, job, "The background")
                key = beside_key(job.user_id, there.behind.encode())
                self.photos.write(key, data, content_type=UNKNOWN_TYPE)
            if there.photo is not None:
                data = self._from(there.photo, job, "The photo")
                self.photos.write_new(job.source.key, data, content_type=UNKNOWN_TYPE)
        except NotFetched as reason:
            return self._fail(job, str(reason), attempt_id)
        if there.waits is not None:
            self.photos.copy(there.waits, job.source.key)
        return "fetched"

    def _from(self, url: str, job: Job, what: str) -> bytes:
        try:
            return self.fetcher.fetch(url, max_bytes=job.max_bytes)
        except NotFetched as reason:
            raise NotFetched(f"{what} was not fetched: {reason}") from None

    def _fail(self, job: Job, why: str, attempt_id: str) -> str:
        now = self.clock()
        claimed, taken = self.jobs.claim(
            job.id,
            key=None,
            etag=None,
            size_bytes=None,
            attempt_id=attempt_id,
            now=now,
            lease_until=now + CLAIMED_FOR,
        )
        if claimed is None or not taken:
            return "there_already"
        failure = Failure(code="photo_unreachable", message=why)
        if claimed.group_id is not None:
            mark_over(self.groups, self.executions, self.jobs.fail(claimed, failure, now=now))
            return failure.code
        self.jobs.condemn(claimed, failure, settle_by=now + SETTLE_WITHIN)
        self.settle_queue.send(job.id)
        return failure.code
