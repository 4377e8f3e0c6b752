"""Job rows `JOB#<id> / META`: by user and time in gsi1.

In gsi2 they are by deadline while open, and then by the day on which they were completed (`made`).
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, Write, inserting, updating
from lumiku.adapters.work import made
from lumiku.domain.hosting.tickets import Submission
from lumiku.domain.instant import iso
from lumiku.domain.work.jobs import KEPT, Failure, Job, KeptStep, Output, Status
from lumiku.domain.work.receipts import Receipt
from lumiku.services.transactions import EndJob
from lumiku.services.work.ports import JobStore, LostLease
from photo_steps import Role

DUE = "DUE#JOB"
_GROUPED = re.compile(r"(?P<group>[a-z]+_[0-9a-f]{32})_(?P<index>\d{4})")


def job_key(job_id: str) -> Key:
    """Key of a job's row: its own, or its place in its group."""
    grouped = _GROUPED.fullmatch(job_id)
    if grouped is None:
        return f"JOB#{job_id}", "META"
    return f"GROUP#{grouped['group']}", f"JOB#{grouped['index']}"


def job_row(job: Job) -> dict[str, Any]:
    """A job's row without indexes; the sets of its group list and watch it."""
    pk, sk = job_key(job.id)
    return {
        **job.model_dump(mode="json", exclude_none=True),
        "pk": pk,
        "sk": sk,
        "ttl": int((job.created_at + KEPT).timestamp()),
    }


def _due_at(job_id: str, moment: datetime) -> str:
    return f"{iso(moment)}#{job_id}"


def insert(table: str, job: Job) -> Write:
    """Put a job that is not there yet."""
    row = {
        **job_row(job),
        "gsi1pk": f"USER#{job.user_id}#JOBS",
        "gsi1sk": job.place,
        "gsi2pk": DUE,
        "gsi2sk": _due_at(job.id, job.closes_at),
    }
    return inserting(table, row)


def ended(change: EndJob) -> tuple[Key, str, Row, str]:
    """How a job is ended, unless it moved since it was read: a claim counts a try."""
    values = {
        ":status": change.status,
        ":failure": change.failure.model_dump(),
        ":at": iso(change.at),
        ":was": change.job.status,
        ":tries": change.job.tries,
    }
    update = (
        "SET #status = :status, failure = :failure, completed_at = :at"
        " REMOVE gsi2pk, gsi2sk, lease_until"
    )
    return job_key(change.job.id), update, values, "#status = :was AND tries = :tries"


def ending(table: str, change: EndJob) -> Write:
    """End a job that nobody moved since it was read."""
    key, update, values, when = ended(change)
    return updating(table, key, update, values, when=when)


class JobTable(Table, JobStore):
    """Jobs, as their owners, their workers and the sweeper see them."""

    def get(self, job_id: str) -> Job | None:
        row = self.rows.get(job_key(job_id))
        return Job.model_validate(row) if row else None

    def newest_jobs(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Job]:
        found = self.rows.newest(f"USER#{user_id}#JOBS", before=before, at_once=at_once)
        return map(Job.model_validate, found)

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
        values = {
            ":pending": Status.PENDING,
            ":processing": Status.PROCESSING,
            ":attempt": attempt_id,
            ":until": iso(lease_until),
            ":now": iso(now),
            ":one": 1,
        }
        noted = awaited = ""
        if key is not None:
            values |= {":key": key}
            awaited = " AND #source.#key = :key"
        if etag is not None:
            values |= {":etag": etag, ":size": size_bytes}
            noted = ", #source.etag = :etag, #source.size_bytes = :size"
        try:
            row = self.rows.update(
                job_key(job_id),
                "SET #status = :processing, attempt_id = :attempt, lease_until = :until,"
                f" started_at = if_not_exists(started_at, :now){noted} ADD tries :one",
                values,
                # Its own attempt too: the client repeats a write whose answer was lost.
                when="(#status = :pending OR (#status = :processing"
                f" AND (lease_until <= :now OR attempt_id = :attempt))){awaited}",
            )
        except ConditionFailed as refused:
            return (Job.model_validate(refused.row) if refused.row else None), False
        return Job.model_validate(row), True

    def release(self, job: Job, *, now: datetime) -> None:
        self._move(job, "SET lease_until = :now", {":now": iso(now)})

    def submit(self, job: Job, submission: Submission) -> None:
        self._move(
            job,
            "SET submissions = list_append(if_not_exists(submissions, :none), :sent)",
            {":none": [], ":sent": [submission.model_dump()]},
        )

    def keep(self, job: Job, kept: KeptStep) -> None:
        self._move(job, "SET kept = :kept", {":kept": kept.model_dump(mode="json")})

    def finish(
        self, job: Job, outputs: Mapping[Role, Output], receipt: Receipt, *, now: datetime
    ) -> None:
        """Complete the job with `outputs`, and put it among what was made that day."""
        self._move(
            job,
            "SET #status = :to, outputs = :outputs, receipt = :receipt, completed_at = :now,"
            " #source = :source,"
            " gsi2pk = :day, gsi2sk = :made REMOVE lease_until",
            {
                ":to": Status.COMPLETED,
                ":outputs": {role: output.model_dump() for role, output in outputs.items()},
                ":receipt": receipt.model_dump(mode="json", exclude_none=True),
                ":now": iso(now),
                ":source": job.source.model_dump(exclude_none=True),
                ":day": made.day_key(now.date()),
                ":made": made.place(job, receipt, now),
            },
        )

    def condemn(self, job: Job, failure: Failure, *, settle_by: datetime) -> None:
        """Decide the failure; if nobody settles it in time, the sweeper finds it."""
        self._move(
            job,
            "SET #status = :to, failure = :failure, gsi2sk = :due REMOVE lease_until",
            {
                ":to": Status.FAILING,
                ":failure": failure.model_dump(),
                ":due": _due_at(job.id, settle_by),
            },
        )

    def fail(self, job: Job, failure: Failure, *, now: datetime) -> Job:
        self._move(
            job,
            "SET #status = :to, failure = :failure, completed_at = :now REMOVE lease_until",
            {":to": Status.FAILED, ":failure": failure.model_dump(), ":now": iso(now)},
        )
        return job.model_copy(
            update={"status": Status.FAILED, "failure": failure, "completed_at": now}
        )

    def _move(self, job: Job, update: str, values: Row) -> None:
        """Change a job that this attempt still holds; `LostLease` if it does not.

        One that this attempt has moved to `:to` is moved again: the client repeats a write whose
        answer was lost, and must not take its own success for somebody else's.
        """
        held = ":processing, :to" if ":to" in values else ":processing"
        try:
            self.rows.update(
                job_key(job.id),
                update,
                {":processing": Status.PROCESSING, ":attempt": job.attempt_id, **values},
                when=f"attempt_id = :attempt AND #status IN ({held})",
            )
        except ConditionFailed:
            raise LostLease(job.id) from None

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return [row["pk"].removeprefix("JOB#") for row in self.rows.due(DUE, iso(now), limit=limit)]

    def postpone(self, job: Job, *, closes_at: datetime) -> None:
        values = {
            ":at": iso(closes_at),
            ":due": _due_at(job.id, closes_at),
            ":was": job.status,
            ":tries": job.tries,
        }
        with suppress(ConditionFailed):
            self.rows.update(
                job_key(job.id),
                "SET closes_at = :at, gsi2sk = :due",
                values,
                when="#status = :was AND tries = :tries",
            )
