"""How much a user ordered, what it cost and how often it worked."""

from dataclasses import dataclass
from datetime import timedelta

from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import month
from lumiku.domain.money.statistics import (
    Statistics,
    add_up,
    begun_month,
    month_start,
    months_until,
)
from lumiku.domain.people.callers import Caller
from lumiku.services.clock import Clock
from lumiku.services.money.ports import Ledger

MAX_MONTHS = 12
MAX_ENTRIES = 10_000
REFUNDED_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class UsageStatistics:
    """The use case of GET /stats of one app."""

    app: str
    ledger: Ledger
    clock: Clock

    def months(self, caller: Caller, *, count: int) -> Statistics:
        """The last `count` months, this one among them."""
        return self._of(caller.account, months_until(month(self.clock()), count), MAX_ENTRIES)

    def month(self, caller: Caller, name: str, *, max_entries: int = MAX_ENTRIES) -> Statistics:
        """One month, `2026-11`; `InvalidRequest` for a month that is none, or not begun."""
        begun_month(name, self.clock())
        return self._of(caller.account, [name], max_entries)

    def _of(self, user_id: str, months: list[str], max_entries: int) -> Statistics:
        """Reads at most `max_entries` entries and one more, the newest."""
        end = month_start(months_until(months[-1], 1)[0]) + timedelta(days=32)
        entries = self.ledger.read_entries(
            user_id,
            after=iso(month_start(months[0])),
            before=iso(end.replace(day=1) + REFUNDED_WITHIN),
            limit=max_entries + 1,
        )
        is_complete = len(entries) <= max_entries
        return add_up(entries[:max_entries], months, app=self.app, is_complete=is_complete)
