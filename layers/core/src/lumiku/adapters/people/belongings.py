"""All rows of an account: which there are, a copy of them, and what becomes of them at the end.

An account's rows are in partitions that are named by its id, and in those that gsi1 knows as its
own. Days of the business name accounts too. A new kind of partition belongs into this module.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from lumiku.adapters.contention import transact
from lumiku.adapters.money import accounts, invoices
from lumiku.adapters.rows import (
    ConditionFailed,
    Key,
    Row,
    Table,
    deleting,
    putting,
    updating,
)
from lumiku.domain.money.invoices import Invoice
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.people.leaving import Leaver
from lumiku.domain.people.limits import OF_ACCOUNTS
from lumiku.services.people.ports import Belongings

LISTED = ("JOBS", "GROUPS", "PROJECTS", "DELETED", "INVOICES", "KEYS", "BRANDS")
"""What gsi1 knows of an account beside its ledger; each is a partition of its own."""
_PAID = {EntryKind.TOPUP, EntryKind.PLAN}
_OF_INDEXES = {"gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "ttl"}
# A checkout's address has its invoice's secret in it.
_SECRET = {"secret", "secrets", "token", "checkout_url"}
_LOT = "granted#"


class BelongingTable(Table, Belongings):
    """Rows of accounts."""

    def lines(self, user_id: str, since: datetime, now: datetime) -> Iterator[tuple[str, str]]:
        for pk in self._partitions(user_id, since, now):
            for row in self._rows(pk):
                yield _kind(row), _line(row)
        for row in self._memberships(user_id):
            yield _kind(row), _line(row)

    def own_templates(self, user_id: str) -> list[str]:
        found = self.rows.query(
            "pk = :shelf AND begins_with(sk, :meta)",
            {":shelf": f"TEMPLATES#USER#{user_id}", ":meta": "META#"},
        )
        return [row["sk"].removeprefix("META#") for row in found]

    def erase(self, leaver: Leaver, now: datetime) -> int:
        user_id = leaver.user_id
        keeps = self._has_paid(user_id) or self._has_paid(leaver.alias)
        memberships = [(row["pk"], row["sk"]) for row in self._memberships(user_id)]
        left = self.rows.delete_all(iter(memberships))
        for pk in self._partitions(user_id, leaver.since, now):
            match pk.partition("#")[0]:
                case "INVOICE":
                    left += sum(self._keep_invoice(row, leaver) for row in self._rows(pk))
                case "AUDIT":
                    left += sum(self._keep_action(row, leaver) for row in self._rows(pk))
                case "USER" if keeps:
                    left += sum(self._keep_money(row, leaver) for row in self._rows(pk))
                case _:
                    left += self._remove(pk)
        for month in _months(leaver.since, now):
            left += self._rename(f"STATS#{month}", leaver)
        return left

    def _partitions(self, user_id: str, since: datetime, now: datetime) -> Iterator[str]:
        """The account's own partition comes last: it says what was paid."""
        for kind in LISTED:
            listed = self.rows.query(
                "gsi1pk = :of_user", {":of_user": f"USER#{user_id}#{kind}"}, index="gsi1"
            )
            for pk in {str(row["pk"]): None for row in listed}:
                if kind == "KEYS":  # by whose name its orders are counted
                    yield f"RATE#{user_id}#{pk.removeprefix('KEY#')}"
                yield pk
        for name in ("HOOKS", "TEMPLATES#USER", "TAKEOUT", "BRAND#OF", "TEAM"):
            yield f"{name}#{user_id}"
        for limit in OF_ACCOUNTS:
            yield f"RATE#{user_id}#{limit.name}"
        for month in _months(since, now):
            yield f"AUDIT#{user_id}#{month.replace('-', '')}"
            yield f"ACT#{user_id}#{month}"
        yield f"USER#{user_id}"

    def _memberships(self, user_id: str) -> Iterator[Row]:
        """In teams of others: single rows of partitions that are theirs."""
        listed = {":of_user": f"USER#{user_id}#WORKSPACES"}
        return self.rows.query("gsi1pk = :of_user", listed, index="gsi1")

    def _rows(self, pk: str) -> Iterator[Row]:
        return self.rows.query("pk = :pk", {":pk": pk})

    def _remove(self, pk: str) -> int:
        """The row by which gsi1 finds the others goes last."""
        keys = [(row["pk"], row["sk"]) for row in self.rows.query("pk = :pk", {":pk": pk})]
        count = self.rows.delete_all(key for key in keys if key[1] != "META")
        return count + self.rows.delete_all(key for key in keys if key[1] == "META")

    def _has_paid(self, user_id: str) -> bool:
        """Money became credits: the ledger is kept whole, for it adds up only so."""
        return any(
            row["kind"] in _PAID
            for row in self.rows.query(
                "pk = :user AND begins_with(sk, :entry)",
                {":user": f"USER#{user_id}", ":entry": "LEDGER#"},
                show="kind",
            )
        )

    def _keep_invoice(self, row: Row, leaver: Leaver) -> int:
        """The account's is the alias's from then on, gsi1 has it no more, nor is said who acted."""
        invoice = Invoice.model_validate(row).model_copy(update={"user_id": leaver.alias})
        update = "SET user_id = :alias REMOVE gsi1pk, gsi1sk, checkout_url, actor"
        values: Row = {":alias": leaver.alias, ":was": row["status"], ":user": leaver.user_id}
        if invoice.paid_at is not None:
            update = update.replace(" REMOVE", ", gsi2sk = :place REMOVE", 1)
            values[":place"] = invoices.day_place(invoice, invoice.paid_at)
        # One that the gateway tells of just now has its turn with the next look.
        write = updating(
            self.rows.table,
            (row["pk"], row["sk"]),
            update,
            values,
            when="user_id = :user AND #status = :was",
        )
        transact(self.rows.client, [write])
        return 1

    def _keep_action(self, row: Row, leaver: Leaver) -> int:
        """What people gave as the reason is not kept."""
        kept = {name: value for name, value in row.items() if name != "reason"}
        kept["pk"] = row["pk"].replace(leaver.user_id, leaver.alias)
        for name in ("user_id", "admin_id"):
            kept[name] = leaver.alias if row[name] == leaver.user_id else row[name]
        self._move(row, kept)
        return 1

    def _keep_money(self, row: Row, leaver: Leaver) -> int:
        """Entries without what people wrote; the balance without settings and address."""
        if row["sk"] == "ACCOUNT":
            self._move_account(row, leaver)
        elif row["sk"].startswith("LEDGER#"):
            entry = Entry.model_validate(row)
            entry = entry.model_copy(update={"user_id": leaver.alias, "note": None})
            self._move(row, accounts.entry_row(entry))
        else:
            self.rows.delete((row["pk"], row["sk"]))
        return 1

    def _move(self, row: Row, kept: Mapping[str, Any]) -> None:
        table = self.rows.table
        gone = deleting(table, (row["pk"], row["sk"]))
        transact(self.rows.client, [putting(table, kept), gone])

    def _move_account(self, row: Row, leaver: Leaver) -> None:
        """Add the pockets to the alias's, which late money may have made; else another look."""
        pockets = {
            name: value for name, value in row.items() if name == "balance" or name.startswith(_LOT)
        }
        names = {f"pocket{n}": name for n, name in enumerate(pockets)}
        values = {f":pocket{n}": value for n, value in enumerate(pockets.values())}
        added = ", ".join(f"#pocket{n} :pocket{n}" for n in range(len(pockets)))
        is_unmoved = "last_entry = :last" if "last_entry" in row else "attribute_exists(pk)"
        known = {":last": row["last_entry"]} if "last_entry" in row else None
        key: Key = (row["pk"], row["sk"])
        table = self.rows.table
        writes = [deleting(table, key, when=is_unmoved, values=known)]
        if pockets:
            to = accounts.account_key(leaver.alias)
            writes.append(updating(table, to, f"ADD {added}", values, names=names))
        transact(self.rows.client, writes)

    def _rename(self, pk: str, leaver: Leaver) -> int:
        """Days that were added up name the alias in the account's place."""
        count = 0
        for row in self._rows(pk):
            for name, was in row.items():
                named = _renamed(was, leaver.user_id, leaver.alias)
                if named == was:
                    continue
                count += 1
                # Where another account leaves at this moment, the next look does it.
                with suppress(ConditionFailed):
                    self.rows.update(
                        (row["pk"], row["sk"]),
                        f"SET #{name} = :named",
                        {":named": named, ":was": was},
                        when=f"#{name} = :was",
                    )
        return count


def _renamed(value: Any, before: str, after: str) -> Any:
    match value:
        case str():
            return value.replace(before, after)
        case list():
            return [_renamed(one, before, after) for one in value]
        case dict():
            return {
                _renamed(k, before, after): _renamed(v, before, after) for k, v in value.items()
            }
    return value


def _months(since: datetime, now: datetime) -> Iterator[str]:
    """From the one before, for clocks differ, to that of `now`."""
    first = (since.replace(day=1) - timedelta(days=1)).replace(day=1)
    while first <= now:
        yield f"{first:%Y-%m}"
        first = (first + timedelta(days=32)).replace(day=1)


def _kind(row: Row) -> str:
    """`user-ledger`, `project-item`, `job`: the first words of its keys."""
    kind, place = (row[key].partition("#")[0].lower() for key in ("pk", "sk"))
    return f"{kind}-{place}" if place.isalpha() and place != "meta" else kind


def _line(row: Row) -> str:
    told = {name: value for name, value in row.items() if name not in _OF_INDEXES}
    return json.dumps(_without_secrets(told), default=_plain, ensure_ascii=False) + "\n"


def _without_secrets(value: Any) -> Any:
    match value:
        case dict():
            return {k: _without_secrets(v) for k, v in value.items() if k not in _SECRET}
        case list():
            return [_without_secrets(one) for one in value]
    return value


def _plain(value: Any) -> Any:
    """Numbers of rows are Decimal, and sets hold numbers."""
    if isinstance(value, set):
        return sorted(map(int, value))
    return int(value) if value == int(value) else float(value)
