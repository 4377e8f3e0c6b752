"""What the use cases of jobs and groups need from the outside: one port for each kind of thing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.hosting.tickets import Submission
from lumiku.domain.work.groups import Archive, Group
from lumiku.domain.work.jobs import Failure, Job, KeptStep, Output, Status
from lumiku.domain.work.pauses import Pause
from lumiku.domain.work.photos import Lane
from lumiku.domain.work.receipts import Receipt
from lumiku.domain.work.tallies import Tally
from photo_steps import Role


class PhotoChanged(Exception):
    """The object is not the one that the event told of; the newer one has an event of its own."""


class PhotoMissing(Exception):
    """There is no such object."""


class LostLease(Exception):
    """The job went on without this attempt."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read."""

    data: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    """A form that S3 takes once filled with the photo, until `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class JobStore(Protocol):
    """Jobs, as their owners, their workers and the sweeper see them.

    Moves that only its worker makes (`release` to `condemn`) are one conditional write each, and
    raise `LostLease` once the job is not the attempt's any more.
    """

    def get(self, job_id: str) -> Job | None:
        """The job of that id, consistently read."""

    def newest_jobs(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Job]:
        """The user's jobs that are in no group, newest first, from before a place on.

        Read as they are taken, so many at once; may be a moment old.
        """

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` jobs whose time is up, the longest due first; may be a moment old.

        None of them is over.
        """

    def postpone(self, job: Job, *, closes_at: datetime) -> None:
        """Give the job until `closes_at`, unless it moved since it was read."""

    def claim(
        self,
        job_id: str,
        *,
        key: str | None = None,
        etag: str | None,
        size_bytes: int | None,
        attempt_id: str,
        now: datetime,
        lease_until: datetime,
    ) -> tuple[Job | None, bool]:
        """Take the job if it is pending or its lease is over, and count the try.

        One whose photo lies elsewhere than under `key` is not taken. What is known of its photo is
        noted: nothing, where it is stored already. Answers the job as it is now (None: there is
        none) and whether it was taken.
        """

    def release(self, job: Job, *, now: datetime) -> None:
        """End the lease, so that a retry can claim the job."""

    def submit(self, job: Job, submission: Submission) -> None:
        """Keep that the photo is about to be sent, or the ticket that it was taken with."""

    def keep(self, job: Job, kept: KeptStep) -> None:
        """Tell later attempts where the picture after a step lies."""

    def finish(
        self, job: Job, outputs: Mapping[Role, Output], receipt: Receipt, *, now: datetime
    ) -> None:
        """Complete the job with `outputs`, and note its source."""

    def fail(self, job: Job, failure: Failure, *, now: datetime) -> Job:
        """End a job of a group without a result."""

    def condemn(self, job: Job, failure: Failure, *, settle_by: datetime) -> None:
        """Decide the failure; settling follows."""


class GroupStore(Protocol):
    """Groups, their jobs and what they count."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""

    def newest_groups(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Group]:
        """The user's groups, as `newest_jobs` gives jobs."""

    def group_jobs(self, group_id: str) -> list[Job]:
        """All jobs of the group by index, consistently read."""

    def jobs_from(self, group_id: str, index: int, *, at_once: int) -> Iterator[Job]:
        """The same from an index on, read as they are taken, so many at once."""

    def make_jobs(self, jobs: list[Job]) -> None:
        """Put all jobs of a group, and how many they are; repeating it changes nothing."""

    def open(self, group: Group) -> None:
        """The group is made. Nothing happens if it was opened before."""

    def end(
        self, jobs: Sequence[Job], status: Status, failure: Failure, *, at: datetime
    ) -> list[Job]:
        """End jobs of a group without a result that are still as they were read; answers these."""

    def mark(self, *jobs: Job) -> str | None:
        """Count jobs of one group that are over, as often as you like.

        Answers who waits for the group, once all of its jobs are over.
        """

    def tally(self, group_id: str) -> Tally:
        """Count, as of now."""

    def await_all(self, group_id: str, token: str) -> bool:
        """Keep who waits for the group; answers whether all of its jobs are over already."""

    def note_misplaced(self, group_id: str, name: str) -> None:
        """Keep the name of the first file that came for the group under no photo's key."""

    def keep_part(self, group: Group, number: int, archive: Archive) -> None:
        """Keep where one ZIP of the group is, by its number from 1."""

    def archives(self, group_id: str) -> list[Archive]:
        """ZIPs so far, by number, of a group that has several; of another one none."""

    def keep_archive(self, group_id: str, archive: Archive) -> None:
        """Keep what ZIPs the group has, once all are there."""

    def groups_due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` groups that somebody must look after, the longest due first."""

    def turn(self, group: Group, pause: Pause, *, look_at: datetime) -> None:
        """Pause or resume an open group, unless it is not at the turn before.

        It is looked after at that time, in case that its jobs do not follow.
        """

    def follow(self, job: Job, status: Status, pause: Pause) -> None:
        """Give a job of a group that status, if neither moved since they were read."""

    def followed(self, group: Group) -> None:
        """Note that all jobs of the group follow its turn, if that is still its turn."""

    def look_again(self, group: Group, at: datetime) -> None:
        """Look after the group again at that time, unless it is closed."""


class PhotoStore(Protocol):
    """Photos, results and lists of photos in the bucket."""

    def policy(
        self,
        key: str,
        *,
        content_type: str,
        max_bytes: int,
        now: datetime,
        expires_at: datetime,
    ) -> UploadPolicy:
        """Sign a form that takes objects of at most `max_bytes` at exactly `key`.

        A key that ends in `${filename}` permits every key with what is before it.
        """

    def link(self, key: str, *, file_name: str, valid_s: int) -> str:
        """Sign a GET of `key` that a browser saves as `file_name`."""

    def shown(self, key: str, *, now: datetime) -> str:
        """Sign a GET of a picture to be shown; the same URL all through an hour."""

    def read(self, key: str, *, etag: str | None = None) -> Stored:
        """The object: `PhotoChanged` if it is not the one of `etag`, `PhotoMissing` if none is."""

    def write(self, key: str, data: bytes, *, content_type: str) -> None:
        """Put an object."""

    def write_new(self, key: str, data: bytes, *, content_type: str) -> None:
        """Put an object, unless there is one of that key: that one stays as it is."""

    def copy(self, key: str, to: str) -> None:
        """Put the object of `key` under `to` as well; `PhotoMissing` if there is none."""

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is fine."""

    def exists(self, key: str) -> bool:
        """There is an object of that key right now."""

    def keys(self, prefix: str) -> set[str]:
        """Keys of all objects under `prefix`, right now."""


class SettleQueue(Protocol):
    """Where failed jobs wait for their refund."""

    def send(self, job_id: str) -> None:
        """Ask for the job to be settled; asking again is harmless."""


class Executions(Protocol):
    """Executions of the state machine that closes groups."""

    def start(self, group: Group) -> None:
        """Start the group's execution; one that was started before is fine."""

    def wake(self, token: str) -> None:
        """Tell the execution of `token` to go on; one that does not wait any more is fine."""


class Lanes(Protocol):
    """The queues that jobs wait in."""

    def start(self, lane: Lane, *job_ids: str) -> None:
        """Let workers begin jobs whose photos lie in the bucket; repeating it is harmless."""
