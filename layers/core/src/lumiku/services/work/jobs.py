"""Looking at jobs: one, a page of them, waiting for one, fetching its result."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumiku.domain import errors
from lumiku.domain.people.callers import Caller
from lumiku.domain.work.file_names import result_name
from lumiku.domain.work.groups import Archive
from lumiku.domain.work.jobs import Failure, Job, Output, Status
from lumiku.services.clock import Clock
from lumiku.services.work.ports import JobStore, Page, PhotoStore

LINK_TIME = timedelta(minutes=15)
POLL_S = 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that fetches a file until `expires_at`, without any other permission."""

    url: str
    expires_at: datetime
    size_bytes: int
    file_name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Links:
    """URLs of a photo and of what became of it."""

    original: str
    processed: str


@dataclass(frozen=True, slots=True)
class Jobs:
    """Use cases of GET /jobs and below. Another user's job is `NotFound`, like none at all."""

    jobs: JobStore
    photos: PhotoStore
    clock: Clock
    sleep: Callable[[float], None] = time.sleep

    def get(self, caller: Caller, job_id: str, *, wait_s: int = 0) -> Job:
        """The job; with `wait_s` as soon as it is over, or as it is after that many seconds."""
        deadline = self.clock() + timedelta(seconds=wait_s)
        while True:
            job = self.jobs.get(job_id)
            if job is None or job.user_id != caller.account:
                raise errors.NotFound(f"There is no job {job_id}.")
            if job.status.is_over or self.clock() >= deadline:
                return job
            self.sleep(POLL_S)

    def page(
        self, caller: Caller, *, status: Status | None, limit: int, cursor: str | None
    ) -> Page:
        """Some of the caller's jobs, newest first."""
        return self.jobs.page(caller.account, status=status, limit=limit, cursor=cursor)

    def result(self, caller: Caller, job_id: str, *, wait_s: int) -> tuple[Job, Links | None]:
        """The job once it is over, with links to photo and result; no links if that takes longer.

        A photo that cannot be processed is `PhotoRefused`.
        """
        job = self.get(caller, job_id, wait_s=wait_s)
        if job.failure is not None and job.status.is_over:
            raise _refusal(job, job.failure)
        if job.result is None:
            return job, None
        valid_s = int(LINK_TIME.total_seconds())
        return job, Links(
            original=self.photos.link(job.source.key, file_name=job.file_name, valid_s=valid_s),
            processed=self.photos.link(
                job.result.key,
                file_name=result_name(job.file_name, job.result.format),
                valid_s=valid_s,
            ),
        )

    def download(self, caller: Caller, job_id: str) -> Link:
        """A link to the result. `JobNotCompleted` before there is one, `ResultExpired` after."""
        job = self.get(caller, job_id)
        if job.result is None or job.status is not Status.COMPLETED:
            raise errors.JobNotCompleted(job_id=job_id, status=job.status)
        now = self.clock()
        if now >= job.expires_at:
            raise errors.ResultExpired(expired_at=job.expires_at)
        name = result_name(job.file_name, job.result.format)
        kind = f"image/{job.result.format}"
        return link_to(self.photos, job.result, name, kind, now=now, kept_until=job.expires_at)


def link_to(
    photos: PhotoStore,
    file: Output | Archive,
    name: str,
    content_type: str,
    *,
    now: datetime,
    kept_until: datetime,
) -> Link:
    """A link that is good for a quarter of an hour, or as long as the file is kept."""
    valid = min(LINK_TIME, kept_until - now)
    url = photos.link(file.key, file_name=name, valid_s=max(1, int(valid.total_seconds())))
    return Link(url, now + valid, file.size_bytes, name, content_type)


def _refusal(job: Job, failure: Failure) -> errors.PhotoRefused:
    kinds = {
        "unsupported_format": errors.UnsupportedPhoto,
        "unsupported_layout": errors.UnsupportedPhoto,
        "too_many_pixels": errors.OversizedPhoto,
        "photo_too_large": errors.OversizedPhoto,
    }
    kind = kinds.get(failure.code, errors.PhotoRefused)
    return kind(failure.code, failure.message, job_id=job.id)
