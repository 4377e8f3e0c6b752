"""Trying the failed photos of a group again, from their stored originals."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lumiku.domain.errors import BatchNotCompleted, NothingToRetry, ResultExpired
from lumiku.domain.money.products import added_up
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import BATCH, Limit
from lumiku.domain.work.groups import Group, Photos, PlannedPhoto, Stage
from lumiku.domain.work.jobs import RESULT_DAYS, Job
from lumiku.domain.work.settling import Worth, settle
from lumiku.services.clock import Clock
from lumiku.services.work.grouping import Grouping, closes_at, lane_of
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import Order, Placed
from lumiku.services.work.ports import GroupStore


@dataclass(frozen=True, slots=True)
class Retrying:
    """The use case of POST /batch/{id}/retry and of those like it."""

    groups: GroupStore
    grouping: Grouping
    worth: Worth
    clock: Clock
    limit: Limit = BATCH

    def retry(
        self,
        caller: Caller,
        group_id: str,
        *,
        idempotency_key: str | None,
        request_id: str | None = None,
        prepare: Callable[[Group], None] = lambda _: None,
    ) -> tuple[Placed[Group], Photos]:
        """Order the photos that arrived and failed again, at exactly what came back for them.

        Their jobs begin at once: the originals are where they were. Without a key a group is
        retried once, and the same call finds that retry again; so it is with any key where photos
        of a group that is whole cost nothing. One photo is enough. Refused with
        `BatchNotCompleted`, `NothingToRetry` or `ResultExpired`.
        """
        group = self._closed(caller, group_id)
        jobs = {job.id: job for job in self.groups.group_jobs(group_id)}
        refunds = settle(group, list(jobs.values()), self.worth).refunds
        if not refunds:
            raise NothingToRetry(batch_id=group_id)
        failed = self._still_there([jobs[job_id] for job_id in sorted(refunds)])
        if not failed:
            raise ResultExpired(expired_at=self.clock())
        photos = tuple(
            PlannedPhoto(
                name=job.file_name,
                size_bytes=job.declared_bytes,
                key=job.source.key,
                workflow=job.workflow if job.for_item else None,
                parts=job.parts,
                if_ours=job.if_ours,
                for_item=job.for_item,
                kept=job.kept if job.for_item else None,
            )
            for job in failed
        )
        kind, _, _ = group_id.partition("_")
        price = sum(refunds[job.id] for job in failed)
        key = None if group.is_whole and not price else idempotency_key
        retry_id = row_id(kind, caller.account, f"retry {group_id}", key or group_id)
        request_hash = fingerprint({"retry": group_id})

        def draft(wallet: Wallet, now: datetime) -> Group:
            return Group(
                id=retry_id,
                user_id=group.user_id,
                app=group.app,
                product=group.product,
                workflow=group.workflow,
                lane=lane_of(wallet, now),
                total=len(photos),
                takes_uploads=False,
                is_delivered=group.is_delivered,
                is_zipped=group.is_zipped,
                is_whole=group.is_whole,
                integration=group.integration
                and group.integration.model_copy(update={"is_granted": False}),
                asked=group.asked,
                project_id=group.project_id,
                price=price,
                parts=added_up(price, [photo.parts or {} for photo in photos]),
                pricing_type="free" if group.is_free else "credits",
                is_test=group.is_test,
                request_hash=request_hash,
                request_id=request_id,
                created_at=now,
                closes_at=closes_at(now),
                max_bytes=group.max_bytes,
            )

        on_plan = group.quota_day is not None
        order = Order(
            kind=Group,
            id=retry_id,
            app=group.app,
            request_hash=request_hash,
            limit=self.limit,
            photos=len(photos),
            payment=Payment.SUBSCRIPTION if on_plan else Payment.CREDITS,
            draft=draft,
            prepare=prepare,
        )
        return self.grouping.order(caller, order, photos), photos

    def _still_there(self, jobs: list[Job]) -> list[Job]:
        """Those whose originals, which may be of an older group, have not expired."""
        prefixes = {job.source.key.rpartition("/")[0] for job in jobs}
        kept = {key for prefix in prefixes for key in self.grouping.photos.keys(f"{prefix}/")}
        return [job for job in jobs if job.source.key in kept]

    def _closed(self, caller: Caller, group_id: str) -> Group:
        group = self.grouping.owned(caller, group_id)
        if group.stage is not Stage.CLOSED:
            raise BatchNotCompleted(batch_id=group_id, status=group.stage)
        if self.clock() >= group.created_at + RESULT_DAYS:
            raise ResultExpired(expired_at=group.created_at + RESULT_DAYS)
        return group
