"""Accounts that are being deleted: `LEAVING#u / META`, and `FORMER#<hash of an address> / META`.

The first is in gsi2 by the time to go on with it, and stays for a while when nothing else is left.
The second outlives the account by the month whose free credits its address had.
"""

from contextlib import suppress
from datetime import UTC, datetime

from lumiku.adapters.contention import transact
from lumiku.adapters.people import audit
from lumiku.adapters.rows import ConditionFailed, Key, Table, inserting, putting
from lumiku.domain.errors import Busy
from lumiku.domain.instant import iso
from lumiku.domain.people.actions import Action
from lumiku.domain.people.leaving import REMEMBERED, Leaver
from lumiku.services.people.ports import Leavers

DUE = "DUE#LEAVING"


def _key(user_id: str) -> Key:
    return f"LEAVING#{user_id}", "META"


def _former_key(address: str) -> Key:
    return f"FORMER#{address}", "META"


def _due(user_id: str, at: datetime) -> str:
    return f"{iso(at)}#{user_id}"


class LeaverTable(Table, Leavers):
    """Rows of leavers."""

    def knows(self, user_id: str) -> bool:
        return self.rows.get(_key(user_id)) is not None

    def claim(self, user_id: str, now: datetime, *, until: datetime) -> Leaver | None:
        try:
            row = self.rows.update(
                _key(user_id),
                "SET gsi2sk = :until",
                {":until": _due(user_id, until), ":now": iso(now), ":kind": DUE},
                when="gsi2pk = :kind AND gsi2sk < :now",
            )
        except ConditionFailed:
            return None
        return Leaver.model_validate(row)

    def ask(self, leaver: Leaver, action: Action, *, address: str, month: str) -> Leaver:
        table = self.rows.table
        pk, sk = _key(leaver.user_id)
        row = {
            **leaver.model_dump(mode="json", exclude_none=True),
            **{"pk": pk, "sk": sk, "gsi2pk": DUE},
            "gsi2sk": _due(leaver.user_id, leaver.asked_at),
        }
        former, place = _former_key(address)
        had = {"pk": former, "sk": place, "month": month, "ttl": _end_of(month)}
        writes = [
            inserting(table, row),
            audit.append(table, action),
            putting(table, had),
        ]
        if not transact(self.rows.client, writes):
            return leaver
        earlier = self.rows.get(_key(leaver.user_id))
        if earlier is None or "alias" not in earlier:
            raise Busy
        return Leaver.model_validate(earlier)

    def free_month(self, address: str) -> str | None:
        row = self.rows.get(_former_key(address))
        return str(row["month"]) if row else None

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return [
            row["pk"].removeprefix("LEAVING#") for row in self.rows.due(DUE, iso(now), limit=limit)
        ]

    def look_again(self, user_id: str, at: datetime, *, settles_at: datetime | None = None) -> None:
        update, values = "SET gsi2sk = :due", {":due": _due(user_id, at)}
        if settles_at is not None:
            update += ", settles_at = :settles"
            values[":settles"] = iso(settles_at)
        with suppress(ConditionFailed):
            self.rows.update(_key(user_id), update, values, when="attribute_exists(gsi2pk)")

    def gone(self, user_id: str, at: datetime) -> None:
        pk, sk = _key(user_id)
        ttl = int((at + REMEMBERED).timestamp())
        self.rows.put({"pk": pk, "sk": sk, "gone_at": iso(at), "ttl": ttl})


def _end_of(month: str) -> int:
    year, number = map(int, month.split("-"))
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return int(after.timestamp())
