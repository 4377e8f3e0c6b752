"""Which accounts came, ordered and paid: finished days are kept, today is looked at when asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lumiku.domain.money.engagement import (
    DAY,
    Engagement,
    MonthOfAccounts,
    engagement,
    month_of_accounts,
    newcomers_among,
    read_from,
)
from lumiku.domain.money.statistics import begun_month
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.services.clock import Clock
from lumiku.services.money.business import unfinished
from lumiku.services.money.ports import AccountBook

FIRST_LOOK_BACK = timedelta(days=65)


@dataclass(frozen=True, slots=True)
class AccountFigures:
    """A use case of GET /admin/overview, and of the schedule behind it."""

    days: AccountBook
    clock: Clock

    def finish_days(self) -> int:
        """Keep what accounts did on finished days, again where need be. Answers how many days."""
        before = self.days.engaged_until()
        found = list(unfinished(before, self.clock(), look_back=FIRST_LOOK_BACK))
        for day in found:
            self.days.keep_engagement(day, self._look(day))
        return len(found)

    def month(self, caller: Caller, name: str) -> MonthOfAccounts:
        """What accounts did in a month, up to now; `NotAllowed` but for administrators."""
        require_admin(caller)
        now = self.clock()
        first = begun_month(name, now).date()
        end = (first + timedelta(days=32)).replace(day=1) - DAY
        until = min(end, now.date())
        known_until = self.days.engaged_until()
        days = self.days.engaged(read_from(first), until)
        for day in _days(first, until):
            if known_until is None or day > known_until:
                days[day] = self._look(day)
        return month_of_accounts(days, first, until)

    def _look(self, day: date) -> Engagement:
        entries = list(self.days.entries(day))
        joined = self.days.joined(day, newcomers_among(entries))
        return engagement(entries, self.days.incomes(day), joined)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
