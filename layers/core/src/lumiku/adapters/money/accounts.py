"""Accounts and their ledgers: `USER#u / ACCOUNT` and `USER#u / LEDGER#<entry>`.

`balance` is what the account's row has of bought credits: all credits, before there were granted
ones. These are in attributes of their own, one for each moment at which some expire.

Entries are in gsi1 by user and time, and in gsi2 by day, where the sort key tells all that a day is
added up from: that index has nothing but keys. Accounts are in gsi2 by the time of their next
audit, if one is due.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lumiku.adapters.rows import Key, Row, Table, Write, inserting, updating
from lumiku.domain.instant import iso
from lumiku.domain.money.accounts import AUDIT_EVERY, Account
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Language
from lumiku.services.money.ports import Accounts

AUDITS = "DUE#AUDIT"
_LOT = "granted#"


def account_key(user_id: str) -> Key:
    """Key of the row that holds the balance."""
    return f"USER#{user_id}", "ACCOUNT"


def read_account(row: Row | None) -> Account:
    """The account of a row; the defaults of somebody new when there is none."""
    row = row or {}
    lots = {name.removeprefix(_LOT): n for name, n in row.items() if name.startswith(_LOT) and n}
    return Account.model_validate({**row, "bought": row.get("balance", 0), "granted": lots})


def day_key(day: date) -> str:
    """Where gsi2 has the entries of a UTC day."""
    return f"LEDGER#{day}"


def _day_place(entry: Entry) -> str:
    paid_by = "plan" if entry.on_plan else "credits"
    sold = f"{entry.product or ''}#{paid_by}#{entry.app or ''}"
    untried = f"{entry.cancelled}#{entry.never_sent}"
    return f"{iso(entry.at)}#{entry.amount}#{entry.photos}#{sold}#{untried}"


def read_day_place(keys: Mapping[str, Any]) -> Entry:
    """The entry, without its note, of what gsi2 has of it.

    It ended in the app before it told what was not tried, and in who paid before products.
    """
    at, amount, photos, product, paid_by, *more = keys["gsi2sk"].split("#")
    _, kind, reference = keys["sk"].split("#", 2)
    sold = {"product": product, "app": more[0]} if more else {"tier": product}
    return Entry.model_validate(
        {
            "user_id": keys["pk"].removeprefix("USER#"),
            "kind": kind,
            "amount": int(amount),
            "reference": reference,
            "at": at,
            "photos": int(photos),
            "on_plan": paid_by == "plan",
            **dict(zip(("cancelled", "never_sent"), map(int, more[1:]), strict=False)),
            **(sold if product else {}),
        }
    )


def set_limits(table: str, user_id: str, limits: Mapping[str, Limit]) -> Write:
    """Replace the account's own limits."""
    written = {name: limit.model_dump() for name, limit in limits.items()}
    return updating(table, account_key(user_id), "SET limits = :limits", {":limits": written})


def append(table: str, entry: Entry) -> Write:
    """Put the entry, unless the ledger has one of that id."""
    return inserting(table, entry_row(entry))


def entry_row(entry: Entry) -> Row:
    """An entry as the table has it."""
    return {
        "pk": f"USER#{entry.user_id}",
        "sk": f"LEDGER#{entry.id}",
        "gsi1pk": f"USER#{entry.user_id}#LEDGER",
        "gsi1sk": entry.place,
        "gsi2pk": day_key(entry.at.date()),
        "gsi2sk": _day_place(entry),
        **entry.model_dump(mode="json", exclude_none=True),
    }


def move_balance(table: str, entry: Entry) -> Write:
    """Move the pockets by the entry, none of which falls below zero; an audit is due then.

    An expiry takes a lot away, if it holds just what the entry says.
    """
    due = f"{iso(entry.at + AUDIT_EVERY)}#{entry.user_id}"
    moved, removed = ["balance :amount"], []
    values: Row = {":amount": entry.bought, ":entry": entry.place, ":audit": AUDITS, ":due": due}
    names: dict[str, str] = {}
    conditions = []
    if entry.bought < 0:
        conditions.append("balance >= :price")
        values[":price"] = -entry.bought
    for index, (until, credits) in enumerate((entry.granted or {}).items()):
        names[f"lot{index}"] = f"{_LOT}{until}"
        if credits < 0:
            is_all = entry.kind is EntryKind.EXPIRY
            conditions.append(f"#lot{index} {'=' if is_all else '>='} :held{index}")
            values[f":held{index}"] = -credits
        if entry.kind is EntryKind.EXPIRY:
            removed.append(f"#lot{index}")
        else:
            moved.append(f"#lot{index} :lot{index}")
            values[f":lot{index}"] = credits
    update = (
        f"ADD {', '.join(moved)} SET last_entry = :entry,"
        " gsi2pk = if_not_exists(gsi2pk, :audit), gsi2sk = if_not_exists(gsi2sk, :due)"
    )
    if entry.kind is EntryKind.MONTHLY:
        update += ", free_month = :month"
        conditions.append("(attribute_not_exists(free_month) OR free_month < :month)")
        values[":month"] = entry.reference
    if entry.kind is EntryKind.TOPUP:
        update += ", topped_up = :yes"
        values[":yes"] = True
    if removed:
        update += f" REMOVE {', '.join(removed)}"
    when = " AND ".join(conditions) or None
    return updating(table, account_key(entry.user_id), update, values, when=when, names=names)


class AccountTable(Table, Accounts):
    """Balances and settings."""

    def account(self, user_id: str) -> Account:
        return read_account(self.rows.get(account_key(user_id)))

    def describe(
        self,
        user_id: str,
        *,
        email: str | None = None,
        language: Language | None = None,
        monthly_report: bool | None = None,
        free_month: str | None = None,
    ) -> None:
        given = {
            "email": email,
            "language": language,
            "monthly_report": monthly_report,
            "free_month": free_month,
        }
        kept = {name: value for name, value in given.items() if value is not None}
        self.rows.update(
            account_key(user_id),
            "SET " + ", ".join(f"#{name} = :{name}" for name in kept),
            {f":{name}": value for name, value in kept.items()},
        )
