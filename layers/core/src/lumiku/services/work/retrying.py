"""Trying the failed photos of a batch again, from their stored originals."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from lumiku.apps.remover.batches import AcceptedBatch, Batches
from lumiku.domain.errors import BatchNotCompleted, NotFound, NothingToRetry, ResultExpired
from lumiku.domain.money.quotas import Payment
from lumiku.domain.work.groups import Group, PlannedPhoto, Stage, settle
from lumiku.domain.work.jobs import RESULT_DAYS, Job
from lumiku.services.clock import Clock
from lumiku.services.work.attempts import PhotoMissing
from lumiku.services.work.idempotency import fingerprint, row_id

# As many as the client has connections.
COPIES_AT_ONCE = 10


class GroupReader(Protocol):
    """Groups and their jobs."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""

    def group_jobs(self, group_id: str) -> list[Job]:
        """All jobs of the group by index, consistently read."""


class Originals(Protocol):
    """Stored photos."""

    def keys(self, prefix: str) -> set[str]:
        """Keys of all objects under `prefix`, right now."""

    def copy(self, source: str, target: str) -> None:
        """Copy an object; that is an upload like any other, and starts its job.

        `PhotoMissing` when there is no such object.
        """


@dataclass(frozen=True, slots=True)
class BatchRetries:
    """The use case of POST /batch/{id}/retry."""

    groups: GroupReader
    batches: Batches
    originals: Originals
    clock: Clock

    def retry(
        self,
        user_id: str,
        group_id: str,
        *,
        idempotency_key: str | None,
        request_id: str | None = None,
    ) -> AcceptedBatch:
        """Order the photos that arrived and failed again, at exactly what came back for them.

        Without a key a batch is retried once, and the same call finds that retry again. One photo
        is enough. Refused with `BatchNotCompleted`, `NothingToRetry` or `ResultExpired`.
        """
        group, now = self._closed(user_id, group_id), self.clock()
        jobs = {job.id: job for job in self.groups.group_jobs(group_id)}
        refunds = settle(group, list(jobs.values())).refunds
        failed = [jobs[job_id] for job_id in sorted(refunds)]
        if not failed:
            raise NothingToRetry(batch_id=group_id)
        on_plan = group.quota_day is not None
        draft = Group(
            id=row_id("batch", user_id, f"retry {group_id}", idempotency_key or group_id),
            user_id=user_id,
            app=group.app,
            tier=group.tier,
            options=group.options,
            lane=group.lane,
            photos=tuple(
                PlannedPhoto(name=job.file_name, size_bytes=job.declared_bytes) for job in failed
            ),
            price=sum(refunds.values()),
            pricing_type="credits",
            request_hash=fingerprint({"retry": group_id}),
            request_id=request_id,
            created_at=now,
            closes_at=self.batches.closes_at(now),
        )
        accepted = self.batches.order(draft, Payment.SUBSCRIPTION if on_plan else Payment.CREDITS)
        if accepted.group.stage is not Stage.CLOSED:
            self._copy(failed, accepted.group)
        return accepted

    def _copy(self, failed: list[Job], group: Group) -> None:
        """Copy what an earlier call did not. The job of an original that is gone expires."""
        there = self.originals.keys(group.key_prefix)
        targets = [str(group.photo_key(index)) for index in range(len(failed))]

        def copy(job: Job, target: str) -> None:
            with suppress(PhotoMissing):
                self.originals.copy(job.source.key, target)

        with ThreadPoolExecutor(COPIES_AT_ONCE) as pool:
            pending = [
                pool.submit(copy, job, target)
                for job, target in zip(failed, targets, strict=True)
                if target not in there
            ]
        for copied in pending:
            copied.result()

    def _closed(self, user_id: str, group_id: str) -> Group:
        group = self.groups.group(group_id)
        if group is None or group.user_id != user_id:
            raise NotFound(f"There is no batch {group_id}.")
        if group.stage is not Stage.CLOSED:
            raise BatchNotCompleted(batch_id=group_id, status=group.stage)
        if self.clock() >= group.created_at + RESULT_DAYS:
            raise ResultExpired(expired_at=group.created_at + RESULT_DAYS)
        return group
