"""Looking at batches: how far one is, its photos, its ZIP; and what its owner may do with it."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lumiku.domain.errors import BatchClosed, BatchNotCompleted, ResultExpired
from lumiku.domain.people.callers import Caller
from lumiku.domain.work.archives import PART_PHOTOS, numbered
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import RESULT_DAYS, Job, Status
from lumiku.domain.work.tallies import Tally
from lumiku.services.clock import Clock
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.jobs import Link, link_to
from lumiku.services.work.listing import Page, at_once, is_theirs, page, place_of
from lumiku.services.work.ports import GroupStore, PhotoStore, UploadPolicy

POLL_S = 1.0
# Longer than a write may take that is repeated after time-outs: its moment was noted before.
OVERLAP = timedelta(minutes=1)
_PLACE = re.compile(r"\d{4}", re.ASCII)
# What all tries of the state machine's ZipBatch may take, for 500 photos.
ZIP_TIME = timedelta(minutes=75)


class BatchStatus(StrEnum):
    """Where a batch is, as its owner sees it."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BatchView:
    """A group and how many of its jobs are over."""

    group: Group
    tally: Tally
    now: datetime

    @property
    def status(self) -> BatchStatus:
        """Over once the ZIPs of what there is are there, or were waited for long enough."""
        group, outcome = self.group, self.group.outcome
        if outcome is None or group.closed_at is None:
            begun = self.tally.done + self.tally.failed > 0
            return BatchStatus.PROCESSING if begun else BatchStatus.PENDING
        is_handed_over = group.is_delivered and group.is_zipped
        zip_is_due = is_handed_over and outcome.completed > 0 and group.archive is None
        if zip_is_due and self.now < group.closed_at + ZIP_TIME * -(-group.total // PART_PHOTOS):
            return BatchStatus.PROCESSING
        if outcome.cancelled:
            return BatchStatus.CANCELLED
        return BatchStatus.COMPLETED if outcome.completed else BatchStatus.FAILED

    @property
    def shown(self) -> str:
        """The same where batches can be paused."""
        return "paused" if self.group.is_paused and not self.is_over else self.status.value

    @property
    def is_over(self) -> bool:
        """Nothing will change any more."""
        return self.status not in {BatchStatus.PENDING, BatchStatus.PROCESSING}

    @property
    def tag(self) -> str:
        """Changes when anything about the batch does."""
        zipped = "zip" if self.group.archive else "open"
        hint = "-hint" if self.group.hint else ""
        turn = f"{self.group.pause.turn}-" if self.group.pause.turn else ""
        return f"{turn}{self.status}-{self.tally.done}-{self.tally.failed}-{zipped}{hint}"


@dataclass(frozen=True, slots=True)
class Item:
    """One photo of a batch, whether it was uploaded, and where its result is shown small."""

    job: Job
    uploaded: bool
    thumbnail_url: str | None


@dataclass(frozen=True, slots=True)
class Groups:
    """Use cases of GET /batches, /batch/{id} and below. Another user's batch is `NotFound`."""

    groups: GroupStore
    grouping: Grouping
    closing: Closing
    photos: PhotoStore
    clock: Clock
    sleep: Callable[[float], None] = time.sleep

    def show(
        self, caller: Caller, group_id: str, *, known_tag: str | None = None, wait_s: int = 0
    ) -> BatchView:
        """The batch; with `wait_s` as soon as it differs from `known_tag`, or after that long."""
        deadline = self.clock() + timedelta(seconds=wait_s)
        while True:
            group = self.grouping.owned(caller, group_id)
            view = BatchView(group, self.groups.tally(group_id), self.clock())
            changed = known_tag is not None and view.tag != known_tag
            if view.is_over or changed or self.clock() >= deadline:
                return view
            self.sleep(POLL_S)

    def page(
        self,
        caller: Caller,
        app: str,
        *,
        status: BatchStatus | None,
        limit: int,
        cursor: str | None,
    ) -> Page[BatchView]:
        """Some of the caller's batches of an app, newest first."""
        read = at_once(limit, is_filtered=status is not None)
        return page(
            self.views(caller, app, before=place_of(cursor), at_once=read),
            lambda view: status in (None, view.status),
            limit=limit,
        )

    def views(
        self, caller: Caller, app: str, *, before: str | None, at_once: int
    ) -> Iterator[tuple[str, BatchView]]:
        """The caller's batches of an app by place, newest first, read as they are taken."""
        now = self.clock()
        for group in self.groups.newest_groups(caller.account, before=before, at_once=at_once):
            if group.app == app and is_theirs(caller, group):
                yield group.place, self._view(group, now)

    def _view(self, group: Group, now: datetime) -> BatchView:
        """The batch, without counting what is closed."""
        outcome = group.outcome
        if outcome is None:
            return BatchView(group, self.groups.tally(group.id), now)
        unsuccessful = group.total - outcome.completed
        return BatchView(group, Tally(outcome.completed, unsuccessful, group.total), now)

    def items(
        self,
        caller: Caller,
        group_id: str,
        *,
        since: datetime | None = None,
        limit: int = PART_PHOTOS,
        cursor: str | None = None,
    ) -> tuple[Page[Item], datetime]:
        """Photos of the batch as of now, which is told; with `since` those over since then.

        Clocks differ: what was over just before `since` is there once more.
        """
        place = place_of(cursor, _PLACE)
        group, now = self.grouping.owned(caller, group_id), self.clock()
        read = at_once(limit, is_filtered=since is not None)
        jobs = self.groups.jobs_from(group_id, int(place or -1) + 1, at_once=read)
        found = page(
            ((f"{job.index:04d}", job) for job in jobs),
            lambda job: since is None or _is_over_since(job, since),
            limit=limit,
        )
        unseen = any(not job.source.is_stored and job.tries == 0 for job in found.shown)
        there = self.photos.keys(group.key_prefix) if unseen else set()
        return Page([self._item(job, there, now) for job in found.shown], found.cursor), now

    def _item(self, job: Job, there: set[str], now: datetime) -> Item:
        uploaded = job.source.is_stored or job.tries > 0 or job.source.key in there
        thumbnail = job.outputs.get("thumbnail")
        is_kept = thumbnail is not None and now < job.expires_at
        url = self.photos.shown(thumbnail.key, now=now) if thumbnail and is_kept else None
        return Item(job, uploaded, url)

    def download(self, caller: Caller, group_id: str) -> Link:
        """A link to the ZIP of a group that has one alone; refused as `downloads` is."""
        return self.downloads(caller, group_id)[0]

    def downloads(self, caller: Caller, group_id: str) -> list[Link]:
        """Links to the ZIPs. `BatchNotCompleted` before all are there, `ResultExpired` after."""
        group = self.grouping.owned(caller, group_id)
        now, expires_at = self.clock(), group.created_at + RESULT_DAYS
        if now >= expires_at:
            raise ResultExpired(expired_at=expires_at)
        if group.archive is None:
            status = BatchView(group, self.groups.tally(group_id), now).status
            raise BatchNotCompleted(batch_id=group_id, status=status)
        several = self.groups.archives(group_id) if group.archive.parts > 1 else [group.archive]
        names = [numbered(group.id, n, len(several)) for n in range(1, len(several) + 1)]
        return [
            link_to(self.photos, one, name, "application/zip", now=now, kept_until=expires_at)
            for one, name in zip(several, names, strict=True)
        ]

    def renew_policy(self, caller: Caller, group_id: str) -> UploadPolicy:
        """A new form for the batch's photos. `BatchClosed` once, or if, none are awaited."""
        group = self._open(caller, group_id)
        if self.clock() >= group.closes_at or not group.takes_uploads:
            raise BatchClosed(batch_id=group_id)
        return self.grouping.permit(group)

    def finish(self, caller: Caller, group_id: str) -> BatchView:
        """No more photos will come; those that did not are given back. Repeating it is fine."""
        group = self.grouping.owned(caller, group_id)
        if group.stage is not Stage.CLOSED:
            self.closing.finish(group)
        return self.show(caller, group_id)

    def cancel(self, caller: Caller, group_id: str) -> BatchView:
        """What has not begun is given back; what has begun goes on. Repeating it is fine.

        One that is half made is made first, for its other photos would begin later. `BatchClosed`
        once all photos are over and none was cancelled: there is nothing to stop.
        """
        group = self.grouping.owned(caller, group_id)
        if group.outcome is not None and group.outcome.cancelled:
            return self.show(caller, group_id)
        group = self._open(caller, group_id)
        self.grouping.make(group)
        if not self.closing.cancel(group):
            statuses = {job.status for job in self.groups.group_jobs(group_id)}
            if all(status.is_over for status in statuses) and Status.CANCELLED not in statuses:
                raise BatchClosed(batch_id=group_id)
        return self.show(caller, group_id)

    def _open(self, caller: Caller, group_id: str) -> Group:
        group = self.grouping.owned(caller, group_id)
        if group.stage is Stage.CLOSED:
            raise BatchClosed(batch_id=group_id)
        return group


def _is_over_since(job: Job, since: datetime) -> bool:
    return job.completed_at is not None and job.completed_at + OVERLAP >= since
