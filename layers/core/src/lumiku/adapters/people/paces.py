"""`RATE#u#<limit> / ARRIVAL`: a user's place in a limit."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from lumiku.adapters.rows import ConditionFailed, Key, Row, Table
from lumiku.domain.errors import Busy
from lumiku.domain.people.limits import Limit, advance
from lumiku.services.people.ports import Paces

KEPT = timedelta(hours=2)
TRIES = 10
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _key(user_id: str, limit: Limit) -> Key:
    return f"RATE#{user_id}#{limit.name}", "ARRIVAL"


def _number(moment: datetime) -> int:
    """Microseconds since 1970: a number, which DynamoDB can add to."""
    return (moment - _EPOCH) // MICROSECOND


def _arrival(row: Row | None) -> datetime | None:
    return _EPOCH + int(row["arrival"]) * MICROSECOND if row and "arrival" in row else None


class PaceTable(Table, Paces):
    """The theoretical arrival time of each user and limit."""

    def take(self, user_id: str, limit: Limit, now: datetime, count: int = 1) -> datetime:
        """DynamoDB does the sum, so that those who ask at once need not wait for each other."""
        was: datetime | None = None
        for _ in range(TRIES):
            moved = advance(limit, was, now, count)
            end = now + limit.interval * limit.count
            values = {":now": _number(now), ":ttl": int((end + KEPT).timestamp())}
            if was is None or not now <= was <= end:
                how, condition = ":moved", "attribute_not_exists(pk) OR NOT"
                values |= {":moved": _number(moved), ":last": _number(end)}
            else:
                how, condition = "arrival + :interval", ""
                interval = limit.interval * count // MICROSECOND
                values |= {":interval": interval, ":last": _number(end) - interval}
            try:
                taken = self.rows.update(
                    _key(user_id, limit),
                    f"SET arrival = {how}, #ttl = :ttl",
                    values,
                    when=f"{condition} arrival BETWEEN :now AND :last",
                )
            except ConditionFailed as refused:
                was = _arrival(refused.row)
            else:
                return _arrival(taken) or moved
        raise Busy

    def give_back(self, user_id: str, limit: Limit, count: int = 1) -> None:
        with suppress(ConditionFailed):
            self.rows.update(
                _key(user_id, limit),
                "SET arrival = arrival - :interval",
                {":interval": limit.interval * count // MICROSECOND},
                when="attribute_exists(arrival)",
            )
