"""Job rows `JOB#<id> / META`: by user and time in gsi1.

In gsi2 they are by deadline while open, and then by the day on which they were completed (`made`).
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lumiku.adapters.cursors import read_cursor, write_cursor
from lumiku.adapters.rows import Item, from_item, insert_once, to_item
from lumiku.adapters.work import made
from lumiku.domain.hosting.tickets import Submission
from lumiku.domain.instant import iso
from lumiku.domain.work.jobs import Failure, Job, KeptStep, Output, Status
from lumiku.domain.work.receipts import Receipt
from lumiku.services.transactions import CloseJob
from lumiku.services.work.attempts import LostLease
from lumiku.services.work.job_views import Page
from photo_steps import Role

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

DUE = "DUE#JOB"
_GROUPED = re.compile(r"(?P<group>batch_[0-9a-f]{32})_(?P<index>\d{4})")
KEPT = timedelta(days=8)
_SHOWN_AS = {Status.PROCESSING: (Status.PROCESSING, Status.FAILING)}


def job_key(job_id: str) -> Item:
    """Key of a job's row: its own, or its place in its group."""
    return to_item(_key_of(job_id))


def _key_of(job_id: str) -> dict[str, str]:
    grouped = _GROUPED.fullmatch(job_id)
    if grouped is None:
        return {"pk": f"JOB#{job_id}", "sk": "META"}
    return {"pk": f"GROUP#{grouped['group']}", "sk": f"JOB#{grouped['index']}"}


def job_row(job: Job) -> dict[str, Any]:
    """A job's row without indexes; the sets of its group list and watch it."""
    return {
        **job.model_dump(mode="json", exclude_none=True),
        **_key_of(job.id),
        "ttl": int((job.created_at + KEPT).timestamp()),
    }


def _due_at(job_id: str, moment: datetime) -> str:
    return f"{iso(moment)}#{job_id}"


def _job(item: Mapping[str, Any]) -> Job:
    return Job.model_validate(from_item(item))


def insert(table: str, job: Job) -> "TransactWriteItemTypeDef":
    """Put a job that is not there yet."""
    row = {
        **job_row(job),
        "gsi1pk": f"USER#{job.user_id}#JOBS",
        "gsi1sk": f"{iso(job.created_at)}#{job.id}",
        "gsi2pk": DUE,
        "gsi2sk": _due_at(job.id, job.closes_at),
    }
    return insert_once(table, row)


def close(table: str, change: CloseJob) -> "TransactWriteItemTypeDef":
    """End a job that nobody moved since it was read."""
    return {"Update": ending(table, change)}


def ending(table: str, change: CloseJob) -> "UpdateTypeDef":
    """The update that ends a job, unless it was moved since it was read: a claim counts a try."""
    return {
        "TableName": table,
        "Key": job_key(change.job.id),
        "UpdateExpression": "SET #status = :status, failure = :failure, completed_at = :at"
        " REMOVE gsi2pk, gsi2sk, lease_until",
        "ConditionExpression": "#status = :was AND tries = :tries",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": to_item(
            {
                ":status": change.status,
                ":failure": change.failure.model_dump(),
                ":at": iso(change.at),
                ":was": change.job.status,
                ":tries": change.job.tries,
            }
        ),
    }


class JobTable:
    """Jobs, as their owners, their workers and the sweeper see them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, job_id: str) -> Job | None:
        """The job of that id, consistently read."""
        answer = self._client.get_item(
            TableName=self._table, Key=job_key(job_id), ConsistentRead=True
        )
        return _job(answer["Item"]) if "Item" in answer else None

    def page(self, user_id: str, *, status: Status | None, limit: int, cursor: str | None) -> Page:
        """Up to `limit` jobs of the user, newest first."""
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "gsi1",
            "KeyConditionExpression": "gsi1pk = :user",
            "ScanIndexForward": False,
        }
        values: dict[str, Any] = {":user": f"USER#{user_id}#JOBS"}
        if cursor is not None:
            values[":before"] = read_cursor(cursor)
            query["KeyConditionExpression"] += " AND gsi1sk < :before"
        if status is not None:
            shown = _SHOWN_AS.get(status, (status,))
            values |= {f":status{i}": value for i, value in enumerate(shown)}
            names = ", ".join(f":status{i}" for i in range(len(shown)))
            query["FilterExpression"] = f"#status IN ({names})"
            query["ExpressionAttributeNames"] = {"#status": "status"}
        query["ExpressionAttributeValues"] = to_item(values)
        found: list[Item] = []
        for answer in self._client.get_paginator("query").paginate(
            **query, PaginationConfig={"PageSize": max(limit, 50)}
        ):
            found += answer["Items"]
            if len(found) > limit:
                break
        shown_items = found[:limit]
        last = from_item(shown_items[-1])["gsi1sk"] if len(found) > limit else None
        return Page([_job(item) for item in shown_items], last and write_cursor(last))

    def claim(
        self,
        job_id: str,
        *,
        etag: str | None,
        size_bytes: int | None,
        attempt_id: str,
        now: datetime,
        lease_until: datetime,
    ) -> tuple[Job | None, bool]:
        """Take the job if it is pending or its lease is over, and count the try."""
        seen = {":etag": etag, ":size": size_bytes} if etag is not None else {}
        noted = ", #source.etag = :etag, #source.size_bytes = :size" if seen else ""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=job_key(job_id),
                UpdateExpression="SET #status = :processing, attempt_id = :attempt,"
                " lease_until = :until, started_at = if_not_exists(started_at, :now)"
                f"{noted} ADD tries :one",
                # Its own attempt too: the client repeats a write whose answer was lost.
                ConditionExpression="#status = :pending OR (#status = :processing"
                " AND (lease_until <= :now OR attempt_id = :attempt))",
                ExpressionAttributeNames={
                    "#status": "status",
                    **({"#source": "source"} if seen else {}),
                },
                ExpressionAttributeValues=to_item(
                    {
                        ":pending": Status.PENDING,
                        ":processing": Status.PROCESSING,
                        ":attempt": attempt_id,
                        ":until": iso(lease_until),
                        ":now": iso(now),
                        ":one": 1,
                        **seen,
                    }
                ),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            item: Any = refused.response.get("Item")
            return (_job(item) if item else None), False
        return _job(answer["Attributes"]), True

    def release(self, job: Job, *, now: datetime) -> None:
        """End the lease, so that a retry can claim the job."""
        self._move(job, "SET lease_until = :now", {":now": iso(now)})

    def submit(self, job: Job, submission: Submission) -> None:
        """Keep what is about to be sent to a provider, or the ticket that it was taken with."""
        self._move(
            job,
            "SET submissions = list_append(if_not_exists(submissions, :none), :sent)",
            {":none": [], ":sent": [submission.model_dump()]},
        )

    def keep(self, job: Job, kept: KeptStep) -> None:
        """Tell later attempts where the picture after a step lies."""
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
            {"#source": "source"},
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
        """End a job of a group without a result; the group gives its credits back."""
        self._move(
            job,
            "SET #status = :to, failure = :failure, completed_at = :now REMOVE lease_until",
            {":to": Status.FAILED, ":failure": failure.model_dump(), ":now": iso(now)},
        )
        return job.model_copy(
            update={"status": Status.FAILED, "failure": failure, "completed_at": now}
        )

    def _move(
        self,
        job: Job,
        update: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Change a job that this attempt still holds; `LostLease` if it does not.

        One that this attempt has moved to `:to` is moved again: the client repeats a write whose
        answer was lost, and must not take its own success for somebody else's.
        """
        held = ":processing, :to" if ":to" in values else ":processing"
        try:
            self._client.update_item(
                TableName=self._table,
                Key=job_key(job.id),
                UpdateExpression=update,
                ConditionExpression=f"attempt_id = :attempt AND #status IN ({held})",
                ExpressionAttributeNames={"#status": "status", **(names or {})},
                ExpressionAttributeValues=to_item(
                    {":processing": Status.PROCESSING, ":attempt": job.attempt_id, **values}
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise LostLease(job.id) from None

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` jobs whose deadline passed, the longest due first."""
        answer = self._client.query(
            TableName=self._table,
            IndexName="gsi2",
            KeyConditionExpression="gsi2pk = :due AND gsi2sk < :now",
            ExpressionAttributeValues=to_item({":due": DUE, ":now": iso(now)}),
            Limit=limit,
        )
        return [from_item(item)["pk"].removeprefix("JOB#") for item in answer["Items"]]

    def postpone(self, job: Job, *, closes_at: datetime) -> None:
        """Give the job until `closes_at`, unless it moved since it was read."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=job_key(job.id),
                UpdateExpression="SET closes_at = :at, gsi2sk = :due",
                ConditionExpression="#status = :was AND tries = :tries",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=to_item(
                    {
                        ":at": iso(closes_at),
                        ":due": _due_at(job.id, closes_at),
                        ":was": job.status,
                        ":tries": job.tries,
                    }
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return
