"""Reading the ledgers, and keeping how far they were audited."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from lumiku.adapters.money.accounts import AUDITS, account_key
from lumiku.adapters.rows import ConditionFailed, Row, Table
from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import Entry
from lumiku.services.money.ports import Ledger

_AFTER_ALL = "~"


class LedgerTable(Table, Ledger):
    """Entries by user."""

    def read_entries(
        self,
        user_id: str,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Entry]:
        values = {":user": f"USER#{user_id}#LEDGER", ":before": before or _AFTER_ALL}
        condition = "gsi1pk = :user AND gsi1sk < :before"
        if after is not None:
            condition = "gsi1pk = :user AND gsi1sk BETWEEN :after AND :before"
            values[":after"] = after
        found = self.rows.query(condition, values, index="gsi1", newest_first=True, limit=limit)
        return list(map(Entry.model_validate, found))

    def newest_entries(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Entry]:
        found = self.rows.newest(f"USER#{user_id}#LEDGER", before=before, at_once=at_once)
        return map(Entry.model_validate, found)

    def entry(self, user_id: str, entry_id: str) -> Entry | None:
        row = self.rows.get((f"USER#{user_id}", f"LEDGER#{entry_id}"))
        return Entry.model_validate(row) if row else None

    def totals(self, user_id: str, until: datetime) -> tuple[int, int]:
        found = self.rows.query(
            "pk = :user AND begins_with(sk, :entry)",
            {":user": f"USER#{user_id}", ":entry": "LEDGER#"},
            show="amount, #at",
        )
        settled = recent = 0
        for row in found:
            if row["at"] <= iso(until):
                settled += int(row["amount"])
            else:
                recent += int(row["amount"])
        return settled, recent

    def audits_due(self, now: datetime, *, limit: int) -> list[str]:
        return [
            row["pk"].removeprefix("USER#") for row in self.rows.due(AUDITS, iso(now), limit=limit)
        ]

    def file_audit(
        self, user_id: str, *, until: datetime | None, balance: int, due: datetime
    ) -> None:
        update = "SET gsi2pk = :audits, gsi2sk = :due"
        values: Row = {":audits": AUDITS, ":due": f"{iso(due)}#{user_id}"}
        if until is not None:
            update += ", audited_until = :until, audited_balance = :balance"
            values |= {":until": iso(until), ":balance": balance}
        self.rows.update(account_key(user_id), update, values)

    def rest_audits(self, user_id: str, *, last_entry: str | None) -> None:
        with suppress(ConditionFailed):
            self.rows.update(
                account_key(user_id),
                "REMOVE gsi2pk, gsi2sk",
                {":last": last_entry or ""},
                when="last_entry = :last",
            )
