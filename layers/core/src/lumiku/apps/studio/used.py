"""How much of the studio an account used in a month, which earns a discount."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.domain.money.ledger import month
from lumiku.domain.people.callers import Caller
from lumiku.services.money.statistics import UsageStatistics


@dataclass(frozen=True, slots=True)
class MonthlyUse:
    """What the studio took from accounts."""

    statistics: UsageStatistics

    def credits(self, caller: Caller, now: datetime) -> int:
        """Credits of this month, net of what was given back."""
        this_month = month(now)
        return self.statistics.month(caller, this_month).of_month(this_month).credits_used
