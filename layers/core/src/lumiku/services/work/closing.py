"""Closing a group: every job is over, and what was not earned comes back, once."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from lumiku.domain.errors import NotFound
from lumiku.domain.texts import Text
from lumiku.domain.work.groups import Group, Outcome, Stage
from lumiku.domain.work.jobs import CANCELLED, Failure, Job, Status
from lumiku.domain.work.settling import Worth, settle
from lumiku.services.clock import Clock
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    CloseGroup,
    Post,
    ReleaseQuota,
    Transactions,
    Unspend,
)
from lumiku.services.work.ports import Executions, GroupStore, PhotoStore
from lumiku.services.work.progress import mark_over

OUT_OF_TIME = Failure(
    code="out_of_time",
    message="The batch was closed before this photo was processed. It was not charged.",
)


@dataclass(frozen=True, slots=True)
class Closing:
    """Use cases of the state machine's first steps, of finishing early and of cancelling."""

    groups: GroupStore
    photos: PhotoStore
    executions: Executions
    transactions: Transactions
    worth: Worth
    clock: Clock

    def await_all(self, group_id: str, token: str) -> None:
        """Let `token` wait until every job is over; wake it at once if that is so already."""
        if self.groups.await_all(group_id, token):
            self.executions.wake(token)

    def finish(self, group: Group) -> int:
        """No more photos will come: end the jobs whose photo is not there; answers how many."""
        return self._end_missing(group, self.groups.group_jobs(group.id))

    def cancel(self, group: Group, *, only: Collection[str] | None = None) -> int:
        """End every job that nobody has begun, or those of the ids `only`; answers how many."""
        count = 0
        while True:
            jobs = self.groups.group_jobs(group.id)
            waiting = [
                job for job in jobs if job.status.is_unbegun and (only is None or job.id in only)
            ]
            ended = self._end(jobs, waiting, Status.CANCELLED, CANCELLED)
            count += ended
            if ended == len(waiting):
                return count  # the others were begun meanwhile, or paused

    def close_in_time(self, group_id: str) -> Outcome | None:
        """Close the group, unless it was paused and its jobs have time left for that."""
        group = self._group(group_id)
        if group.stage is Stage.OPEN and group.is_awaited(self.clock()):
            jobs = self.groups.group_jobs(group_id)
            if not all(job.status.is_over for job in jobs):
                return None
        return self.close(group_id)

    def close(self, group_id: str) -> Outcome:
        """End what is not over, and settle, once. Repeating it gives the same outcome.

        A group that was never made is settled with the jobs that it has.
        """
        group = self._group(group_id)
        if group.stage is Stage.CLOSED and group.outcome is not None:
            return group.outcome
        jobs = self._all_over(group)
        outcome, now = settle(group, jobs, self.worth).outcome, self.clock()
        changes: list[Change] = [CloseGroup(group, outcome, now)]
        unused = group.total - outcome.completed
        if (unspent := group.spending(outcome.refund)) is not None and outcome.refund:
            changes.append(Unspend(unspent))
        if (unused or outcome.refund) and not group.is_free:
            changes.append(Post(group.refund(outcome, now)))
        if group.reservation is not None and unused:
            changes.append(ReleaseQuota(replace(group.reservation, photos=unused)))
        try:
            self.transactions.commit(*changes)
        except AlreadyDone:
            return self.close(group_id)
        return outcome

    def _all_over(self, group: Group) -> list[Job]:
        """The group's jobs once all of them are over and can change no more."""
        while True:
            jobs = self.groups.group_jobs(group.id)
            left = [job for job in jobs if not job.status.is_over]
            if not left:
                return jobs
            if not self._end_missing(group, jobs):
                self._end(jobs, left, Status.EXPIRED, OUT_OF_TIME)

    def _end_missing(self, group: Group, jobs: list[Job]) -> int:
        """End those of the group's `jobs` whose photo is not there; answers how many."""
        there = self.photos.keys(group.key_prefix)
        missing = [
            job
            for job in jobs
            if job.status is Status.PENDING
            and job.source.kind == "upload"
            and job.source.key not in there
        ]
        return self._end(jobs, missing, Status.EXPIRED, group.never_uploaded)

    def _end(self, jobs: list[Job], some: list[Job], status: Status, failure: Failure) -> int:
        """End `some` of the group's `jobs`; answers how many were not over meanwhile.

        All that are over are counted, so that a repetition makes up for one that was cut short.
        """
        over = self.groups.end(some, status, failure, at=self.clock())
        before = [job for job in jobs if job.status.is_over]
        mark_over(self.groups, self.executions, *before, *over)
        return len(over)

    def _group(self, group_id: str) -> Group:
        group = self.groups.group(group_id)
        if group is None:
            raise NotFound(Text(f"There is no batch {group_id}.", f"Tidak ada batch {group_id}."))
        return group
