"""Mails that are to be written: `USER#u / LETTER#<occasion>#<invoice or month>`.

Those of invitations are with their team, away from money: `TEAM#w / LETTER#invitation#<id>`. They
are in gsi2 by the time from which they may be written, until they are.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from lumiku.adapters.rows import ConditionFailed, Key, Row, Table, Write, inserting
from lumiku.domain.instant import iso
from lumiku.domain.telling.mails import Letter, Occasion
from lumiku.services.telling.ports import Letters

DUE = "DUE#LETTER"
KEPT = timedelta(days=90)


def _key(letter: Letter) -> Key:
    kind = "TEAM" if letter.occasion is Occasion.INVITATION else "USER"
    return f"{kind}#{letter.user_id}", f"LETTER#{letter.id}"


def _due(letter: Letter) -> Row:
    return {"gsi2pk": DUE, "gsi2sk": f"{iso(letter.due)}#{letter.user_id}#{letter.id}"}


def insert(table: str, letter: Letter) -> Write:
    """Put a letter that is not there yet."""
    pk, sk = _key(letter)
    return inserting(table, {"pk": pk, "sk": sk, **letter.model_dump(mode="json"), **_due(letter)})


class LetterTable(Table, Letters):
    """Letters of all users."""

    def letters_due(self, now: datetime, *, limit: int) -> list[Letter]:
        rows = self.rows.due(DUE, iso(now), limit=limit)
        found = self.rows.get_all([(row["pk"], row["sk"]) for row in rows])
        return [Letter.model_validate(row) for row in found if row is not None]

    def take(self, letter: Letter, now: datetime) -> bool:
        try:
            self.rows.update(
                _key(letter),
                "SET taken_at = :now, #ttl = :ttl REMOVE gsi2pk, gsi2sk",
                {":now": iso(now), ":ttl": int((now + KEPT).timestamp()), ":due": DUE},
                when="gsi2pk = :due",
            )
        except ConditionFailed:
            return False
        return True

    def put_back(self, letter: Letter) -> None:
        due = _due(letter)
        with suppress(ConditionFailed):
            self.rows.update(
                _key(letter),
                "SET gsi2pk = :due, gsi2sk = :at REMOVE #ttl, taken_at",
                {":due": due["gsi2pk"], ":at": due["gsi2sk"]},
                when="attribute_exists(pk)",
            )
