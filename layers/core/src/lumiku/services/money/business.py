"""The business overview: finished days are added up once, today is added up when asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lumiku.domain.money.business import Business, business
from lumiku.domain.money.statistics import begun_month
from lumiku.domain.people.callers import Caller, require_admin
from lumiku.services.clock import Clock
from lumiku.services.money.ports import DayBook

FINISHED_AFTER = timedelta(hours=1)
"""No function runs that long: what belongs to a day is in the table and in its index by then."""
FIRST_LOOK_BACK = timedelta(days=35)
DAYS_A_RUN = 10


@dataclass(frozen=True, slots=True)
class BusinessFigures:
    """Use cases of GET /admin/overview and of the schedule behind it."""

    days: DayBook
    clock: Clock

    def finish_days(self) -> int:
        """Add up finished days; doing it twice, or twice at once, gives the same. Answers how many.

        The figures follow from entries that never change, and are put as a whole.
        """
        before = self.days.finished_until()
        found = list(unfinished(before, self.clock(), look_back=FIRST_LOOK_BACK))
        for day in found:
            self.days.finish(day, self._add_up(day).abridged())
        return len(found)

    def month(self, caller: Caller, month: str | None) -> tuple[str, Business]:
        """The figures of a month, this one by default, up to now; `NotAllowed` but for admins.

        `InvalidRequest` for one that is none or has not begun.
        """
        require_admin(caller)
        now = self.clock()
        name = month or f"{now:%Y-%m}"
        start = begun_month(name, now)
        name = f"{start:%Y-%m}"
        # In this order: a day that is finished in between is in the list then.
        until = self.days.finished_until()
        finished = self.days.finished(name)
        figures = sum((of_day for _, of_day in finished), Business())
        known = {day for day, _ in finished}
        day = start.date()
        while f"{day:%Y-%m}" == name and day <= now.date():
            # A finished day without figures is one before the service began.
            if day not in known and (until is None or day > until):
                figures += self._add_up(day)
            day += timedelta(days=1)
        return name, figures

    def _add_up(self, day: date) -> Business:
        return business(self.days.entries(day), self.days.incomes(day), self.days.made(day))


def unfinished(before: date | None, now: datetime, *, look_back: timedelta) -> Iterator[date]:
    """The next days that are finished: after `before`, or in the time back if there was none."""
    last = (now - FINISHED_AFTER).astimezone(UTC).date() - timedelta(days=1)
    first = (last - look_back if before is None else before) + timedelta(days=1)
    for ahead in range(min(DAYS_A_RUN, (last - first).days + 1)):
        yield first + timedelta(days=ahead)
