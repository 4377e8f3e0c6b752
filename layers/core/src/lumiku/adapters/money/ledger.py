"""Reading the ledgers, and keeping how far they were audited."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from lumiku.adapters.money.accounts import AUDITS, account_key
from lumiku.adapters.rows import Item, from_item, to_item
from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import Entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PaginatorConfigTypeDef

PAGE = 1000
_AFTER_ALL = "~"


class LedgerTable:
    """Entries by user."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        """Up to `limit` entries between two places, newest first; may be a moment old."""
        values = {":user": f"USER#{user_id}#LEDGER", ":before": before or _AFTER_ALL}
        condition = "gsi1pk = :user AND gsi1sk < :before"
        if after is not None:
            condition = "gsi1pk = :user AND gsi1sk BETWEEN :after AND :before"
            values[":after"] = after
        found = self._query(
            limit,
            IndexName="gsi1",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=False,
        )
        return [Entry.model_validate(from_item(item)) for item in found]

    def entry(self, user_id: str, entry_id: str) -> Entry | None:
        """One entry, consistently read."""
        key = to_item({"pk": f"USER#{user_id}", "sk": f"LEDGER#{entry_id}"})
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return Entry.model_validate(from_item(answer["Item"])) if "Item" in answer else None

    def totals(self, user_id: str, until: datetime) -> tuple[int, int]:
        """Sums of all entries up to `until` and of those after it; every page consistently read."""
        found = self._query(
            None,
            ConsistentRead=True,
            KeyConditionExpression="pk = :user AND begins_with(sk, :entry)",
            ExpressionAttributeValues=to_item({":user": f"USER#{user_id}", ":entry": "LEDGER#"}),
            ProjectionExpression="amount, #at",
            ExpressionAttributeNames={"#at": "at"},
        )
        settled = recent = 0
        for row in map(from_item, found):
            if row["at"] <= iso(until):
                settled += int(row["amount"])
            else:
                recent += int(row["amount"])
        return settled, recent

    def audits_due(self, now: datetime, *, limit: int) -> list[str]:
        """Users of up to `limit` accounts whose audit is due, the longest due first."""
        found = self._query(
            limit,
            IndexName="gsi2",
            KeyConditionExpression="gsi2pk = :audits AND gsi2sk < :now",
            ExpressionAttributeValues=to_item({":audits": AUDITS, ":now": iso(now)}),
        )
        return [from_item(item)["pk"].removeprefix("USER#") for item in found]

    def file_audit(
        self, user_id: str, *, until: datetime | None, balance: int, due: datetime
    ) -> None:
        """Keep how far the ledger was added up, and when to do it again."""
        update = "SET gsi2pk = :audits, gsi2sk = :due"
        values: dict[str, Any] = {":audits": AUDITS, ":due": f"{iso(due)}#{user_id}"}
        if until is not None:
            update += ", audited_until = :until, audited_balance = :balance"
            values |= {":until": iso(until), ":balance": balance}
        self._client.update_item(
            TableName=self._table,
            Key=account_key(user_id),
            UpdateExpression=update,
            ExpressionAttributeValues=to_item(values),
        )

    def rest_audits(self, user_id: str, *, last_entry: str | None) -> None:
        """No audit is due until the balance moves; nothing happens if it moved since."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=account_key(user_id),
                UpdateExpression="REMOVE gsi2pk, gsi2sk",
                ConditionExpression="last_entry = :last",
                ExpressionAttributeValues=to_item({":last": last_entry or ""}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def _query(self, limit: int | None, **query: Any) -> list[Item]:
        paging: PaginatorConfigTypeDef = {}
        if limit is not None:
            paging = {"MaxItems": limit, "PageSize": min(limit, PAGE)}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table, **query, PaginationConfig=paging
        )
        return [item for page in pages for item in page["Items"]]
