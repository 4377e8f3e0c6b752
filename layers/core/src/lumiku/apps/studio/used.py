"""How much of the studio an account used in a month, which earns a discount."""

from dataclasses import dataclass
from datetime import datetime

from lumiku.apps.studio.plans import Rendering
from lumiku.apps.studio.prices import UPSCALING
from lumiku.domain.money.ledger import month
from lumiku.domain.money.statistics import Use
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

    def upscalings_left(self, caller: Caller, rendering: Rendering, now: datetime) -> int:
        """How many of this month's upscalings still cost nothing; given back ones count anew."""
        if not rendering.free_upscalings:
            return 0
        this_month = month(now)
        parts = self.statistics.month(caller, this_month).parts[this_month]
        used = sum(parts.get(one, Use()).photos for one in UPSCALING)
        return max(0, rendering.free_upscalings - used)
