"""`dynamodb:LeadingKeys` is known when a policy is evaluated, per item of a transaction.

Roles are limited to the kinds of rows that they may touch by that key. Upstream never fills it,
and a `ForAllValues` condition on an absent key holds, so every row would be allowed.
"""

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

from local.patches.expect import expect, expect_upstream

_CONDITION_KEY = "dynamodb:LeadingKeys"
_MEMBERS = ("ConditionCheck", "Put", "Update", "Delete", "Get")
_HASH_CONDITION = r"(?:^|\band\b|\()\s*{name}\s*=\s*(:\w+)"


class _ItemArn(str):
    """The table of one item of a transaction, with the partition key of that item."""

    leading_keys: list[str]


def apply() -> None:
    """Add the key to the context of single requests, and to each check of a transaction."""
    context_of, checks_of = (
        iam_actions.dynamodb_service_context,
        iam_actions.dynamodb_transaction_checks,
    )
    expect_upstream(context_of, "dynamodb_service_context")
    expect_upstream(checks_of, "dynamodb_transaction_checks")
    expect(_CONDITION_KEY not in str(context_of.__code__.co_consts), "it knows LeadingKeys now")
    enforce = iam_evaluator.enforce
    expect_upstream(enforce, "the IAM evaluator's enforce")
    expect("service_context" in enforce.__code__.co_varnames, "the IAM evaluator's enforce")

    @functools.wraps(context_of)
    def context(body: bytes) -> dict[str, Any]:
        keys = list(_of_request(_parsed(body)))
        known: dict[str, Any] = context_of(body)
        return known | ({_CONDITION_KEY: keys} if keys else {})

    @functools.wraps(checks_of)
    def checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
        found = checks_of(action, body, region, account)
        items = [
            details
            for item in _parsed(body).get("TransactItems") or []
            for member in _MEMBERS
            if (details := item.get(member))
        ]
        if len(items) != len(found):
            return list(found)
        return [
            (item_action, _with_keys(arn, _of_item(item)))
            for (item_action, arn), item in zip(found, items, strict=True)
        ]

    @functools.wraps(enforce)
    def enforced(*arguments: Any, **named: Any) -> Any:
        arn = named.get("resource_arn")
        if isinstance(arn, _ItemArn):
            named["service_context"] = {
                **(named.get("service_context") or {}),
                _CONDITION_KEY: arn.leading_keys,
            }
        return enforce(*arguments, **named)

    iam_actions.dynamodb_service_context = context
    iam_actions.dynamodb_transaction_checks = checks
    iam_evaluator.enforce = enforced


def _with_keys(arn: str, keys: Iterator[str]) -> _ItemArn:
    item_arn = _ItemArn(arn)
    item_arn.leading_keys = list(keys)
    return item_arn


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


def _of_request(request: dict[str, Any]) -> Iterator[str]:
    """The partition keys that a request names, other than a transaction."""
    for table, asked in (request.get("RequestItems") or {}).items():
        for key in asked.get("Keys", []) if isinstance(asked, dict) else []:
            yield from _value(key, _hash_name(table))
        for write in asked if isinstance(asked, list) else []:
            put = write.get("PutRequest", {}).get("Item")
            yield from _value(
                put or write.get("DeleteRequest", {}).get("Key", {}), _hash_name(table)
            )
    yield from _of_item(request)


def _of_item(request: dict[str, Any]) -> Iterator[str]:
    table = request.get("TableName")
    if not isinstance(table, str):
        return
    name = _hash_name(table, request.get("IndexName"))
    yield from _value(request.get("Key") or request.get("Item") or {}, name)
    expression = request.get("KeyConditionExpression")
    if isinstance(expression, str):
        aliases = request.get("ExpressionAttributeNames") or {}
        spellings = [name, *(alias for alias, real in aliases.items() if real == name)]
        for spelling in spellings:
            pattern = _HASH_CONDITION.format(name=re.escape(spelling))
            for placeholder in re.findall(pattern, expression, re.IGNORECASE):
                yield from _value(request.get("ExpressionAttributeValues") or {}, placeholder)


def _hash_name(table: str, index: str | None = None) -> str:
    """The partition key's name of a table (given by name or ARN) or of one of its indexes."""
    definition = dynamodb._tables.get(table.rsplit("/", 1)[-1]) or {}
    schema = definition.get("KeySchema", [])
    for candidate in definition.get("GlobalSecondaryIndexes") or []:
        if candidate.get("IndexName") == index:
            schema = candidate["KeySchema"]
    return next((part["AttributeName"] for part in schema if part["KeyType"] == "HASH"), "")


def _value(attributes: dict[str, Any], name: str) -> Iterator[str]:
    for value in (attributes.get(name) or {}).values():
        yield str(value)
