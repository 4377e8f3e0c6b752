"""Groups: `GROUP#<id> / META`, `/ PROGRESS` and `/ JOB#0007`.

A group is in gsi1 by user and time and, until it is closed, in gsi2 by the time to look after it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from lumiku.adapters.contention import transact
from lumiku.adapters.rows import Item, from_item, insert_once, to_item
from lumiku.adapters.work.jobs import ending, job_row
from lumiku.domain.instant import iso
from lumiku.domain.work.groups import Archive, Group, Stage
from lumiku.domain.work.jobs import Failure, Job, Status
from lumiku.services.transactions import CloseJob, InsertGroup, SettleGroup
from lumiku.services.work.progress import Tally

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

DUE = "DUE#GROUP"
MAKE_WITHIN = timedelta(minutes=2)
KEPT = timedelta(days=90)
JOBS_AT_ONCE = 100


def _key(group_id: str, sort_key: str = "META") -> Item:
    return to_item({"pk": f"GROUP#{group_id}", "sk": sort_key})


def _due(group_id: str, moment: datetime) -> str:
    return f"{iso(moment)}#{group_id}"


def insert(table: str, change: InsertGroup) -> "TransactWriteItemTypeDef":
    """Put a group that is not there yet; if nobody makes it, the sweeper does."""
    group = change.group
    row = {
        **group.model_dump(mode="json", exclude_none=True),
        "pk": f"GROUP#{group.id}",
        "sk": "META",
        "gsi1pk": f"USER#{group.user_id}#GROUPS",
        "gsi1sk": f"{iso(group.created_at)}#{group.id}",
        "gsi2pk": DUE,
        "gsi2sk": _due(group.id, group.created_at + MAKE_WITHIN),
        "ttl": int((group.created_at + KEPT).timestamp()),
    }
    return insert_once(table, row)


def settle(table: str, change: SettleGroup) -> "TransactWriteItemTypeDef":
    """Close a group that was not closed before."""
    return {
        "Update": {
            "TableName": table,
            "Key": _key(change.group.id),
            "UpdateExpression": "SET stage = :closed, outcome = :outcome, closed_at = :at"
            " REMOVE gsi2pk, gsi2sk",
            "ConditionExpression": "stage <> :closed",
            "ExpressionAttributeValues": to_item(
                {
                    ":closed": Stage.CLOSED,
                    ":outcome": change.outcome.model_dump(),
                    ":at": iso(change.at),
                }
            ),
        }
    }


class GroupTable:
    """Groups, their jobs and what they count."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(group_id), ConsistentRead=True
        )
        return Group.model_validate(from_item(answer["Item"])) if "Item" in answer else None

    def make_jobs(self, jobs: Sequence[Job]) -> None:
        """Put how many jobs there will be, and those that are not there yet.

        A slow repetition must not reset jobs that are under way, so every hundred goes in one
        conditional transaction: either none of them was there, or all are left as they are.
        """
        group_id, kept_until = jobs[0].group_id or "", jobs[0].created_at + KEPT
        self._client.update_item(
            TableName=self._table,
            Key=_key(group_id, "PROGRESS"),
            UpdateExpression="SET #total = :total, #ttl = :ttl",
            ExpressionAttributeNames={"#total": "total", "#ttl": "ttl"},
            ExpressionAttributeValues=to_item(
                {":total": len(jobs), ":ttl": int(kept_until.timestamp())}
            ),
        )
        for some in batched(jobs, JOBS_AT_ONCE, strict=False):
            transact(self._client, [insert_once(self._table, job_row(job)) for job in some])

    def open(self, group: Group) -> None:
        """The group is made. Nothing happens if it was opened before."""
        self._update(
            group.id,
            "SET stage = :open, gsi2sk = :due",
            {":open": Stage.OPEN, ":due": _due(group.id, group.closes_at)},
            "stage = :creating",
            {":creating": Stage.CREATING},
        )

    def group_jobs(self, group_id: str) -> list[Job]:
        """All jobs of the group by index, consistently read."""
        return [Job.model_validate(row) for row in self._job_rows(group_id)]

    def _job_rows(self, group_id: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :group AND begins_with(sk, :job)",
            ExpressionAttributeValues=to_item({":group": f"GROUP#{group_id}", ":job": "JOB#"}),
            ConsistentRead=True,
        )
        for page in pages:
            yield from map(from_item, page["Items"])

    def end(self, job: Job, status: Status, failure: Failure, *, at: datetime) -> Job | None:
        """End a job without a result, if it is still as it was read; None if it is not."""
        try:
            update: Any = ending(self._table, CloseJob(job, status, failure, at))
            answer = self._client.update_item(**update, ReturnValues="ALL_NEW")
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return Job.model_validate(from_item(answer["Attributes"]))

    def mark(self, *jobs: Job) -> Tally:
        """Add jobs of one group that are over, as often as you like, and count."""
        sets = {"done": set[int | None](), "failed": set[int | None]()}
        for job in jobs:
            sets["done" if job.status is Status.COMPLETED else "failed"].add(job.index)
        named = {name: indexes for name, indexes in sets.items() if indexes}
        last_at = max(job.completed_at or job.created_at for job in jobs)
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key(jobs[0].group_id or "", "PROGRESS"),
            UpdateExpression="ADD "
            + ", ".join(f"#{name} :{name}" for name in named)
            + " SET first_at = if_not_exists(first_at, :at), last_at = :at",
            ExpressionAttributeNames={f"#{name}": name for name in named},
            ExpressionAttributeValues=to_item(
                {":at": iso(last_at), **{f":{name}": indexes for name, indexes in named.items()}}
            ),
            ReturnValues="ALL_NEW",
        )
        return _tally(from_item(answer["Attributes"]))

    def await_all(self, group_id: str, token: str) -> Tally:
        """Keep who waits for the group, and count."""
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key(group_id, "PROGRESS"),
            UpdateExpression="SET #token = :token",
            ExpressionAttributeNames={"#token": "token"},
            ExpressionAttributeValues=to_item({":token": token}),
            ReturnValues="ALL_NEW",
        )
        return _tally(from_item(answer["Attributes"]))

    def tally(self, group_id: str) -> Tally:
        """Count, as of now."""
        answer = self._client.get_item(
            TableName=self._table, Key=_key(group_id, "PROGRESS"), ConsistentRead=True
        )
        return _tally(from_item(answer.get("Item", {})))

    def mark_cancelled(self, group: Group, at: datetime) -> None:
        """Keep that the customer wants no more of it."""
        self._update(
            group.id,
            "SET cancelled_at = :at",
            {":at": iso(at)},
            "attribute_not_exists(cancelled_at)",
        )

    def keep_archive(self, group_id: str, archive: Archive) -> None:
        """Keep where the group's ZIP is."""
        self._update(
            group_id,
            "SET #archive = :zip",
            {":zip": archive.model_dump()},
            "attribute_exists(pk)",
            names={"#archive": "archive"},
        )

    def groups_due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` groups that somebody must look after, the longest due first."""
        answer = self._client.query(
            TableName=self._table,
            IndexName="gsi2",
            KeyConditionExpression="gsi2pk = :due AND gsi2sk < :now",
            ExpressionAttributeValues=to_item({":due": DUE, ":now": iso(now)}),
            Limit=limit,
        )
        return [from_item(item)["pk"].removeprefix("GROUP#") for item in answer["Items"]]

    def look_again(self, group: Group, at: datetime) -> None:
        """Look after the group again at that time, unless it is closed."""
        self._update(
            group.id,
            "SET gsi2sk = :due",
            {":due": _due(group.id, at)},
            "stage <> :closed",
            {":closed": Stage.CLOSED},
        )

    def _update(
        self,
        group_id: str,
        update: str,
        values: dict[str, Any],
        condition: str,
        condition_values: dict[str, Any] | None = None,
        names: dict[str, str] | None = None,
    ) -> None:
        """Change the group's row, or leave it if the condition does not hold."""
        expression: Any = {
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": to_item({**values, **(condition_values or {})}),
        }
        if names is not None:
            expression["ExpressionAttributeNames"] = names
        try:
            self._client.update_item(TableName=self._table, Key=_key(group_id), **expression)
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _tally(row: dict[str, Any]) -> Tally:
    return Tally(
        done=len(row.get("done", ())),
        failed=len(row.get("failed", ())),
        total=int(row["total"]) if "total" in row else 0,
        token=row.get("token"),
        first_at=_moment(row.get("first_at")),
        last_at=_moment(row.get("last_at")),
    )
