"""Rows of the table as plain values, and changes of them under conditions.

Expressions name attributes as `#name`, whose placeholders are made from them; `names` is for those
whose name is not known beforehand. Values are given as `{":name": value}`; what is None in a row is
left out of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from lumiku.adapters.attributes import from_attribute, to_attribute

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        PaginatorConfigTypeDef,
        TransactWriteItemTypeDef,
    )

_NAME = re.compile(r"#(\w+)")
PAGE = 1000
DELETED_AT_ONCE = 25

type Item = "dict[str, AttributeValueTypeDef]"
type Row = dict[str, Any]
type Key = tuple[str, str]
type Write = "TransactWriteItemTypeDef"


class ConditionFailed(Exception):
    """The row was not as it had to be; `row` is how it is, None if there is none."""

    def __init__(self, row: Row | None) -> None:
        super().__init__()
        self.row = row


def to_item(values: Mapping[str, Any]) -> Item:
    """Attributes of `values`; what is None is left out."""
    return {k: to_attribute(v) for k, v in values.items() if v is not None}


def from_item(item: "Mapping[str, AttributeValueTypeDef]") -> Row:
    """Values of `item`; numbers are Decimal."""
    return {k: from_attribute(v) for k, v in item.items()}


def inserting(table: str, row: Mapping[str, Any]) -> Write:
    """Of a transaction: put a row, unless there is one of its key."""
    condition = "attribute_not_exists(pk)"
    return {
        "Put": {"TableName": table, "Item": to_item(row), "ConditionExpression": condition},
    }


def putting(table: str, row: Mapping[str, Any]) -> Write:
    """Of a transaction: put a row, in place of one that may be there."""
    return {"Put": {"TableName": table, "Item": to_item(row)}}


def updating(
    table: str,
    key: Key,
    update: str,
    values: Mapping[str, Any],
    *,
    when: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Write:
    """Of a transaction: change a row `when` a condition holds; a refusal tells how it is."""
    return {"Update": _update(table, key, update, values, when, names)}


def checking(table: str, key: Key, when: str, values: Mapping[str, Any] | None = None) -> Write:
    """Of a transaction: change nothing, but ask that a row is as `when` says."""
    check: Any = {
        "TableName": table,
        "Key": _key(key),
        "ConditionExpression": when,
        **_placeholders(when, values or {}),
    }
    return {"ConditionCheck": check}


def deleting(
    table: str, key: Key, *, when: str | None = None, values: Mapping[str, Any] | None = None
) -> Write:
    """Of a transaction: remove a row; without `when`, one that is not there is fine."""
    gone: Any = {"TableName": table, "Key": _key(key)}
    if when:
        gone |= {"ConditionExpression": when, **_placeholders(when, values or {})}
    return {"Delete": gone}


def _update(
    table: str,
    key: Key,
    update: str,
    values: Mapping[str, Any],
    when: str | None,
    names: Mapping[str, str] | None,
) -> Any:
    changed: dict[str, Any] = {
        "TableName": table,
        "Key": _key(key),
        "UpdateExpression": update,
        **_placeholders(f"{update} {when}", values, names),
    }
    if when is not None:
        changed["ConditionExpression"] = when
        changed["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return changed


def _placeholders(
    text: str, values: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    named = {f"#{name}": (names or {}).get(name, name) for name in _NAME.findall(text)}
    found: dict[str, Any] = {"ExpressionAttributeNames": named} if named else {}
    return found | ({"ExpressionAttributeValues": to_item(values)} if values else {})


def _key(key: Key) -> Item:
    return to_item({"pk": key[0], "sk": key[1]})


class Rows:
    """One table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self.client = client
        self.table = table

    def get(self, key: Key, *, consistent: bool = True) -> Row | None:
        """The row of that key."""
        answer = self.client.get_item(
            TableName=self.table, Key=_key(key), ConsistentRead=consistent
        )
        return from_item(answer["Item"]) if "Item" in answer else None

    def get_all(self, keys: Sequence[Key]) -> list[Row | None]:
        """Rows in the order of `keys`, None for those that are not there; consistently read."""
        found: dict[Key, Row] = {}
        wanted: Any = {self.table: {"Keys": list(map(_key, keys)), "ConsistentRead": True}}
        request = wanted if keys else {}
        while request:
            answer = self.client.batch_get_item(RequestItems=request)
            for row in map(from_item, answer["Responses"].get(self.table, [])):
                found[row["pk"], row["sk"]] = row
            request = answer.get("UnprocessedKeys", {})
        return [found.get(key) for key in keys]

    def put(self, row: Mapping[str, Any]) -> None:
        """Put a row, in place of one that may be there."""
        self.client.put_item(TableName=self.table, Item=to_item(row))

    def update(
        self,
        key: Key,
        update: str,
        values: Mapping[str, Any],
        *,
        when: str | None = None,
        names: Mapping[str, str] | None = None,
    ) -> Row:
        """Change a row and answer it as it is then; `ConditionFailed` unless `when` holds."""
        request = _update(self.table, key, update, values, when, names)
        try:
            answer = self.client.update_item(**request, ReturnValues="ALL_NEW")
        except self.client.exceptions.ConditionalCheckFailedException as refused:
            item: Any = refused.response.get("Item")
            raise ConditionFailed(from_item(item) if item else None) from None
        return from_item(answer["Attributes"])

    def delete_all(self, keys: Iterable[Key]) -> int:
        """Remove rows, each of which may be gone; answers how many there were to remove."""
        count = 0
        for some in batched(keys, DELETED_AT_ONCE, strict=False):
            request: Any = {self.table: [{"DeleteRequest": {"Key": _key(key)}} for key in some]}
            while request:
                request = self.client.batch_write_item(RequestItems=request)["UnprocessedItems"]
            count += len(some)
        return count

    def delete(self, key: Key) -> None:
        """Remove a row; one that is not there is fine."""
        self.client.delete_item(TableName=self.table, Key=_key(key))

    def query(
        self,
        condition: str,
        values: Mapping[str, Any],
        *,
        index: str | None = None,
        show: str | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        at_once: int | None = None,
    ) -> Iterator[Row]:
        """Rows by key, up to `limit`, read as they are taken; without an index consistently.

        `at_once` is how many one request reads, `show` names the attributes that are wanted.
        """
        request: dict[str, Any] = {
            "KeyConditionExpression": condition,
            "ScanIndexForward": not newest_first,
            **_placeholders(f"{condition} {show}", values),
        }
        request |= {"IndexName": index} if index else {"ConsistentRead": True}
        request |= {"ProjectionExpression": show} if show else {}
        paging: PaginatorConfigTypeDef = {}
        if limit is not None:
            paging = {"MaxItems": limit, "PageSize": min(limit, PAGE)}
        elif at_once is not None:
            paging = {"PageSize": at_once}
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table, **request, PaginationConfig=paging
        )
        for page in pages:
            yield from map(from_item, page["Items"])

    def newest(self, of_user: str, *, before: str | None, at_once: int) -> Iterator[Row]:
        """Rows of gsi1, newest first, from before a place there; read as they are taken."""
        values, condition = {":of_user": of_user}, "gsi1pk = :of_user"
        if before is not None:
            values[":before"] = before
            condition += " AND gsi1sk < :before"
        return self.query(condition, values, index="gsi1", newest_first=True, at_once=at_once)

    def due(self, kind: str, before: str, *, limit: int) -> list[Row]:
        """Up to `limit` rows of gsi2 that are due before a moment, the longest due first."""
        values = {":kind": kind, ":before": before}
        condition = "gsi2pk = :kind AND gsi2sk < :before"
        return list(self.query(condition, values, index="gsi2", limit=limit))


@dataclass(frozen=True)
class Table:
    """What the adapters over rows have in common."""

    rows: Rows
