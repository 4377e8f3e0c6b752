"""Days of the business: `STATS#<yyyy-mm> / DAY#<day>`, and `STATS#FINISHED / DAY`, the last one."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from lumiku.adapters.money import accounts, invoices
from lumiku.adapters.rows import from_item, to_item
from lumiku.adapters.work import made
from lumiku.domain.money.business import Business, Made, Receipt
from lumiku.domain.money.ledger import Entry

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FINISHED = to_item({"pk": "STATS#FINISHED", "sk": "DAY"})


class BusinessTable:
    """What happened on a day, and what finished days added up to."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def entries(self, day: date) -> Iterator[Entry]:
        """Ledger entries of the day, of all users; may be a moment old."""
        return map(accounts.read_day_place, self._in_gsi2(accounts.day_key(day)))

    def receipts(self, day: date) -> Iterator[Receipt]:
        """Payments of the day; may be a moment old."""
        return map(invoices.read_day_place, self._in_gsi2(invoices.day_key(day)))

    def made(self, day: date) -> Iterator[Made]:
        """Photos that were completed on the day; may be a moment old."""
        return map(made.read_place, self._in_gsi2(made.day_key(day)))

    def finished_until(self) -> date | None:
        """The last day that was added up."""
        answer = self._client.get_item(TableName=self._table, Key=_FINISHED, ConsistentRead=True)
        return date.fromisoformat(from_item(answer["Item"])["day"]) if "Item" in answer else None

    def finish(self, day: date, figures: Business) -> None:
        """Keep the figures of the day, then that it was added up."""
        row = {
            "pk": f"STATS#{day:%Y-%m}",
            "sk": f"DAY#{day}",
            "figures": figures.model_dump(mode="json"),
        }
        self._client.put_item(TableName=self._table, Item=to_item(row))
        self._client.put_item(
            TableName=self._table, Item=_FINISHED | to_item({"day": day.isoformat()})
        )

    def finished(self, month: str) -> list[tuple[date, Business]]:
        """The days of a month that were added up, with their figures."""
        rows = self._query(
            ConsistentRead=True,
            KeyConditionExpression="pk = :month AND begins_with(sk, :day)",
            ExpressionAttributeValues=to_item({":month": f"STATS#{month}", ":day": "DAY#"}),
        )
        return [
            (
                date.fromisoformat(row["sk"].removeprefix("DAY#")),
                Business.model_validate(row["figures"]),
            )
            for row in rows
        ]

    def _in_gsi2(self, key: str) -> Iterator[dict[str, Any]]:
        return self._query(
            IndexName="gsi2",
            KeyConditionExpression="gsi2pk = :key",
            ExpressionAttributeValues=to_item({":key": key}),
        )

    def _query(self, **query: Any) -> Iterator[dict[str, Any]]:
        for page in self._client.get_paginator("query").paginate(TableName=self._table, **query):
            yield from map(from_item, page["Items"])
