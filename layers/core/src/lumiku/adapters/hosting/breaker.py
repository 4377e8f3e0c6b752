"""Entries of routes that are left alone: `PROVIDER#<entry> / BREAKER`, open until a moment.

Failures in a row are counted in memory, so that a healthy provider costs no write. A probe is a
conditional write that prolongs the opening: who wins it may call, for all others it stays open.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

from lumiku.adapters.rows import ConditionFailed, Key, Row, Rows
from lumiku.domain.instant import iso
from lumiku.services.hosting.ports import Breaker

FAILURES_TO_OPEN = 4
OPEN_S = 30.0
PROBE_S = 30.0
CACHE_S = 5.0
KEPT = timedelta(days=1)

logger = Logger()


def _key(entry: str) -> Key:
    return f"PROVIDER#{entry}", "BREAKER"


class BreakerTable(Breaker):
    """What a worker knows of entries, and the rows that all of them share."""

    def __init__(self, rows: Rows, clock: Callable[[], datetime]) -> None:
        self._rows = rows
        self._clock = clock
        self._failures: Counter[str] = Counter()
        self._probes: dict[str, str] = {}
        self._seen: dict[str, tuple[datetime, str | None]] = {}

    def admits(self, entry: str) -> bool:
        """The entry may be called; a table that does not answer never says no."""
        now = self._clock()
        self._probes.pop(entry, None)  # one that told nothing, because the photo was the reason
        try:
            open_until = self._open_until(entry, now)
            if open_until is None:
                return True
            return open_until <= iso(now) and self._probe(entry, open_until, now)
        except (ClientError, BotoCoreError):
            logger.warning("breaker cannot be read", exc_info=True)
            return True

    def succeeded(self, entry: str) -> None:
        """The entry answered: nothing is counted any more, and a probe closes."""
        del self._failures[entry]
        probed = self._probes.pop(entry, None)
        if probed is not None:
            self._write(entry, "REMOVE open_until", "open_until = :probe", {":probe": probed})

    def failed(self, entry: str, open_s: float | None) -> bool:
        self._failures[entry] += 1
        probed = self._probes.pop(entry, None) is not None
        if open_s is None and not probed and self._failures[entry] < FAILURES_TO_OPEN:
            return False
        del self._failures[entry]
        now = self._clock()
        until = now + timedelta(seconds=OPEN_S if open_s is None else open_s)
        self._write(
            entry,
            "SET open_until = :until, #ttl = :ttl",
            "attribute_not_exists(open_until) OR open_until <= :until",
            {":until": iso(until), ":ttl": int((until + KEPT).timestamp())},
        )
        return True

    def _open_until(self, entry: str, now: datetime) -> str | None:
        at, open_until = self._seen.get(entry, (None, None))
        if at is None or now - at >= timedelta(seconds=CACHE_S):
            open_until = (self._rows.get(_key(entry), consistent=False) or {}).get("open_until")
            self._seen[entry] = now, open_until
        return open_until

    def _probe(self, entry: str, seen: str, now: datetime) -> bool:
        """Be the one that tries: prolong what was seen, unless somebody else did."""
        until = iso(now + timedelta(seconds=PROBE_S))
        self._seen.pop(entry, None)
        try:
            self._rows.update(
                _key(entry),
                "SET open_until = :until",
                {":until": until, ":seen": seen},
                when="open_until = :seen",
            )
        except ConditionFailed:
            return False
        self._probes[entry] = until
        return True

    def _write(self, entry: str, update: str, condition: str, values: Row) -> None:
        """Change the row if the condition holds; that it cannot be changed harms no photo."""
        self._seen.pop(entry, None)
        try:
            with suppress(ConditionFailed):
                self._rows.update(_key(entry), update, values, when=condition)
        except (ClientError, BotoCoreError):
            logger.warning("breaker cannot be written", exc_info=True)
