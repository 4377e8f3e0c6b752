"""Copies of all data of accounts: `TAKEOUT#u / META`, in gsi2 while one is to be made."""

from datetime import datetime, timedelta

from lumiku.adapters.contention import transact
from lumiku.adapters.people import audit
from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, putting, updating
from lumiku.adapters.telling import letters
from lumiku.domain.instant import iso
from lumiku.domain.people.actions import Action
from lumiku.domain.people.leaving import TAKEOUT_DAYS, Takeout
from lumiku.domain.telling.mails import Letter
from lumiku.services.people.ports import Takeouts

DUE = "DUE#TAKEOUT"
KEPT = TAKEOUT_DAYS + timedelta(days=1)


def _key(user_id: str) -> Key:
    return f"TAKEOUT#{user_id}", "META"


def _due(user_id: str, at: datetime) -> str:
    return f"{iso(at)}#{user_id}"


class TakeoutTable(Table, Takeouts):
    """The newest of each account."""

    def takeout(self, user_id: str) -> Takeout | None:
        row = self.rows.get(_key(user_id))
        return Takeout.model_validate(row) if row else None

    def begin(self, takeout: Takeout, action: Action) -> None:
        pk, sk = _key(takeout.user_id)
        row = {
            **takeout.model_dump(mode="json", exclude_none=True),
            **{"pk": pk, "sk": sk, "gsi2pk": DUE},
            "gsi2sk": _due(takeout.user_id, takeout.asked_at),
        }
        table = self.rows.table
        transact(self.rows.client, [putting(table, row), audit.append(table, action)])

    def due(self, now: datetime, *, limit: int) -> list[str]:
        return [
            row["pk"].removeprefix("TAKEOUT#") for row in self.rows.due(DUE, iso(now), limit=limit)
        ]

    def claim(self, user_id: str, now: datetime, *, until: datetime) -> Takeout | None:
        try:
            row = self.rows.update(
                _key(user_id),
                "SET gsi2sk = :until",
                {":until": _due(user_id, until), ":now": iso(now), ":kind": DUE},
                when="gsi2pk = :kind AND gsi2sk < :now",
            )
        except ConditionFailed:
            return None
        return Takeout.model_validate(row)

    def ready(self, takeout: Takeout, letter: Letter) -> None:
        values: Row = {
            ":ready": iso(takeout.ready_at or letter.due),
            ":size": takeout.size_bytes,
            ":files": takeout.files,
            ":left": takeout.left_out,
            ":ttl": int((letter.due + KEPT).timestamp()),
            ":id": takeout.id,
            ":kind": DUE,
        }
        done = updating(
            self.rows.table,
            _key(takeout.user_id),
            "SET ready_at = :ready, size_bytes = :size, files = :files, left_out = :left,"
            " #ttl = :ttl REMOVE gsi2pk, gsi2sk",
            values,
            when="#id = :id AND gsi2pk = :kind",
        )
        transact(self.rows.client, [done, letters.insert(self.rows.table, letter)])
