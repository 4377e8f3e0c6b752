"""Accounts and their ledgers: `USER#u / ACCOUNT` and `USER#u / LEDGER#<entry>`.

Entries are in gsi1 by user and time, and in gsi2 by day, where the sort key tells all that a day is
added up from: that index has nothing but keys. Accounts are in gsi2 by the time of their next
audit, if one is due.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from lumiku.adapters.rows import Item, from_item, insert_once, to_item
from lumiku.apps.remover.prices import Tier
from lumiku.domain.instant import iso
from lumiku.domain.money.accounts import Account, Language
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.people.limits import Limit
from lumiku.services.money.auditing import AUDIT_EVERY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

AUDITS = "DUE#AUDIT"


def account_key(user_id: str) -> Item:
    """Key of the row that holds the balance."""
    return to_item({"pk": f"USER#{user_id}", "sk": "ACCOUNT"})


def read_account(row: Mapping[str, Any] | None) -> Account:
    """The account of a row; the defaults of somebody new when there is none."""
    return Account.model_validate(row or {})


def day_key(day: date) -> str:
    """Where gsi2 has the entries of a UTC day."""
    return f"LEDGER#{day}"


def _day_place(entry: Entry) -> str:
    paid_by = "plan" if entry.on_plan else "credits"
    return f"{iso(entry.at)}#{entry.amount}#{entry.photos}#{entry.tier or ''}#{paid_by}"


def read_day_place(keys: Mapping[str, Any]) -> Entry:
    """The entry, without its note, of what gsi2 has of it."""
    at, amount, photos, tier, paid_by = keys["gsi2sk"].split("#")
    _, kind, reference = keys["sk"].split("#", 2)
    return Entry(
        user_id=keys["pk"].removeprefix("USER#"),
        kind=EntryKind(kind),
        amount=int(amount),
        reference=reference,
        at=datetime.fromisoformat(at),
        tier=Tier(tier) if tier else None,
        photos=int(photos),
        on_plan=paid_by == "plan",
    )


def set_limits(table: str, user_id: str, limits: Mapping[str, Limit]) -> "TransactWriteItemTypeDef":
    """Replace the account's own limits."""
    written = {name: limit.model_dump() for name, limit in limits.items()}
    return {
        "Update": {
            "TableName": table,
            "Key": account_key(user_id),
            "UpdateExpression": "SET limits = :limits",
            "ExpressionAttributeValues": to_item({":limits": written}),
        }
    }


def append(table: str, entry: Entry) -> "TransactWriteItemTypeDef":
    """Put the entry, unless the ledger has one of that id."""
    row = {
        "pk": f"USER#{entry.user_id}",
        "sk": f"LEDGER#{entry.id}",
        "gsi1pk": f"USER#{entry.user_id}#LEDGER",
        "gsi1sk": entry.place,
        "gsi2pk": day_key(entry.at.date()),
        "gsi2sk": _day_place(entry),
        **entry.model_dump(mode="json", exclude_none=True),
    }
    return insert_once(table, row)


def move_balance(table: str, entry: Entry) -> "TransactWriteItemTypeDef":
    """Add the entry's amount to the balance, which never falls below zero; an audit is due then."""
    due = f"{iso(entry.at + AUDIT_EVERY)}#{entry.user_id}"
    values = {":amount": entry.amount, ":entry": entry.place, ":audit": AUDITS, ":due": due}
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": account_key(entry.user_id),
        "UpdateExpression": "ADD balance :amount SET last_entry = :entry,"
        " gsi2pk = if_not_exists(gsi2pk, :audit), gsi2sk = if_not_exists(gsi2sk, :due)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if entry.amount < 0:
        update["ConditionExpression"] = "balance >= :price"
        values[":price"] = -entry.amount
    if entry.kind is EntryKind.MONTHLY:
        update["UpdateExpression"] += ", free_month = :month"
        update["ConditionExpression"] = "attribute_not_exists(free_month) OR free_month < :month"
        values[":month"] = entry.reference
    update["ExpressionAttributeValues"] = to_item(values)
    return {"Update": update}


class AccountTable:
    """Balances and settings."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def account(self, user_id: str) -> Account:
        """The user's account, consistently read."""
        answer = self._client.get_item(
            TableName=self._table, Key=account_key(user_id), ConsistentRead=True
        )
        return read_account(from_item(answer.get("Item", {})))

    def describe(
        self, user_id: str, *, email: str | None = None, language: Language | None = None
    ) -> None:
        """Keep what is given, without touching the rest."""
        given = {"email": email, "language": language}
        kept = {name: value for name, value in given.items() if value is not None}
        self._client.update_item(
            TableName=self._table,
            Key=account_key(user_id),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in kept),
            ExpressionAttributeNames={f"#{name}": name for name in kept},
            ExpressionAttributeValues=to_item({f":{name}": value for name, value in kept.items()}),
        )
