"""Looking at jobs: one, a page of them, waiting for one, fetching its result."""

import heapq
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from lumiku.domain import errors
from lumiku.domain.people.callers import Caller
from lumiku.domain.texts import Text
from lumiku.domain.work.file_names import result_name
from lumiku.domain.work.groups import Archive, Group
from lumiku.domain.work.jobs import KEPT, Job, Output, Status
from lumiku.domain.work.reasons import refusal
from lumiku.services.clock import Clock
from lumiku.services.work.listing import (
    Page,
    at_once,
    is_theirs,
    owned_group,
    page,
    place_of,
)
from lumiku.services.work.ports import GroupStore, JobStore, PhotoStore

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
    """Use cases of GET /jobs and below. Another user's job, or app's, is `NotFound`."""

    jobs: JobStore
    groups: GroupStore
    photos: PhotoStore
    clock: Clock
    sleep: Callable[[float], None] = time.sleep
    app: str | None = None

    def get(self, caller: Caller, job_id: str, *, wait_s: int = 0) -> Job:
        """The job; with `wait_s` as soon as it is over, or as it is after that many seconds."""
        deadline = self.clock() + timedelta(seconds=wait_s)
        while True:
            job = self.jobs.get(job_id)
            if job is None or not is_theirs(caller, job) or self.app not in {None, job.app}:
                raise errors.NotFound(
                    Text(f"There is no job {job_id}.", f"Tidak ada pekerjaan {job_id}.")
                )
            if job.status.is_over or self.clock() >= deadline:
                return job
            self.sleep(POLL_S)

    def page(
        self,
        caller: Caller,
        app: str,
        *,
        status: Status | None = None,
        group_id: str | None = None,
        with_groups: bool = False,
        limit: int,
        cursor: str | None,
    ) -> Page[Job]:
        """Some of the caller's jobs of an app, newest first, those of a group in their order.

        Those that are in no group; with `with_groups` the others too; with `group_id` only its.
        """
        before, read = place_of(cursor), at_once(limit, is_filtered=status is not None)
        if group_id is not None:
            group = owned_group(self.groups, caller, group_id, self.app)
            found = self._of_group(group, before, read)
        elif with_groups:
            ranked = [
                self._ranked(caller.account, before, read),
                self._ranked_of_groups(caller.account, before, read),
            ]
            merged = heapq.merge(*ranked, key=itemgetter(0), reverse=True)
            found = (job for _, job in merged)
        else:
            found = self.jobs.newest_jobs(caller.account, before=before, at_once=read)
        return page(
            ((job.place, job) for job in found),
            lambda job: (
                is_theirs(caller, job) and job.app == app and status in (None, job.status.shown)
            ),
            limit=limit,
        )

    def _ranked(self, user_id: str, before: str | None, read: int) -> Iterator[tuple[str, Job]]:
        for job in self.jobs.newest_jobs(user_id, before=before, at_once=read):
            yield job.place, job

    def _ranked_of_groups(
        self, user_id: str, before: str | None, read: int
    ) -> Iterator[tuple[str, Job]]:
        oldest = self.clock() - KEPT
        for group in self.groups.newest_groups(user_id, before=before, at_once=read):
            if group.created_at < oldest:
                return
            for job in self._of_group(group, before, read):
                yield group.place, job

    def _of_group(self, group: Group, before: str | None, read: int) -> Iterator[Job]:
        """The group's jobs, from behind the one whose place is `before` if it is one of them."""
        place = re.fullmatch(rf"{re.escape(group.place)}_(\d{{4}})", before or "")
        index = int(place[1]) + 1 if place else 0
        return self.groups.jobs_from(group.id, index, at_once=read)

    def result(self, caller: Caller, job_id: str, *, wait_s: int) -> tuple[Job, Links | None]:
        """The job once it is over, with links to photo and result; no links if that takes longer.

        A photo that cannot be processed is `PhotoRefused`.
        """
        job = self.get(caller, job_id, wait_s=wait_s)
        if job.failure is not None and job.status.is_over:
            raise refusal(job.failure, job_id=job.id)
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
