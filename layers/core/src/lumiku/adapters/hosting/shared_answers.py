"""Who of a group asks for something, and what came of it: `GROUP#<id> / ASKED#<name>`."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from lumiku.adapters.rows import ConditionFailed, Key, Rows
from lumiku.services.hosting.ports import Shared, SharedAnswers

KEPT = timedelta(days=8)


def _key(group_id: str, name: str) -> Key:
    return f"GROUP#{group_id}", f"ASKED#{name}"


class SharedAnswerTable(SharedAnswers):
    """Rows that nobody reads: a write that is refused tells what is there."""

    def __init__(self, rows: Rows, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._clock = clock

    def begin(self, group_id: str, name: str, job_id: str) -> Shared:
        try:
            row = self._rows.update(
                _key(group_id, name),
                "SET holder = :job, #ttl = :ttl",
                {":job": job_id, ":ttl": int((self._clock() + KEPT).timestamp())},
                when="(attribute_not_exists(holder) OR holder = :job)"
                " AND attribute_not_exists(#entry)",
            )
        except ConditionFailed as refused:
            row = refused.row or {}
        return Shared(row.get("holder", ""), row.get("entry"), bool(row.get("is_refused")))

    def end(self, group_id: str, name: str, shared: Shared) -> None:
        with suppress(ConditionFailed):
            self._rows.update(
                _key(group_id, name),
                "SET #entry = :entry, is_refused = :refused",
                {":entry": shared.entry, ":refused": shared.is_refused},
                when="attribute_not_exists(#entry)",
            )
