"""Which accounts came, ordered and paid, and what that says of a month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel

from lumiku.domain.money.business import Income
from lumiku.domain.money.invoices import Purpose
from lumiku.domain.money.ledger import Entry, EntryKind

DAY = timedelta(days=1)
RETAINED_AFTER = timedelta(days=30)
# A month that was paid for is over then for sure: at most 31 days, paid 3 days ahead, 3 of grace.
LAPSED_AFTER = timedelta(days=37)
_COMES_IN = {EntryKind.MONTHLY, EntryKind.GRANT, EntryKind.TOPUP, EntryKind.PLAN}


class Engagement(BaseModel, frozen=True, defer_build=True):
    """Accounts by what they did on a day. `subscribed` are those that paid for a plan, by app.

    One has `joined` on the day of its first movement of credits, and is `active` on days on which
    it orders.
    """

    joined: frozenset[str] = frozenset()
    active: frozenset[str] = frozenset()
    paid: frozenset[str] = frozenset()
    subscribed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MonthOfAccounts:
    """What accounts did in a month, up to `until`.

    Of those that `joined` in it some `converted`: paid for anything. Of the `cohort` that joined 60
    to 31 days before the end, some were `retained`: active in the last 30. Of the plans that were
    `due` for renewal in it, some `lapsed`.
    """

    days: Mapping[date, Engagement]
    active: int
    joined: int
    converted: int
    cohort: int
    retained: int
    due: int
    lapsed: int


def newcomers_among(entries: Iterable[Entry]) -> set[str]:
    """Accounts that may have joined by these entries."""
    return {entry.user_id for entry in entries if entry.kind in _COMES_IN}


def engagement(
    entries: Iterable[Entry], incomes: Iterable[Income], joined: Iterable[str]
) -> Engagement:
    """What accounts did on a day; who paid is not known of payments of long ago."""
    paid = [income for income in incomes if income.user_id]
    plans = (one for one in paid if one.purpose is Purpose.SUBSCRIPTION)
    return Engagement(
        joined=frozenset(joined),
        active=frozenset(one.user_id for one in entries if one.kind is EntryKind.CHARGE),
        paid=frozenset(one.user_id for one in paid),
        subscribed=frozenset(f"{one.app} {one.user_id}" for one in plans),
    )


def read_from(first: date) -> date:
    """The first day that the figures of a month which begins at `first` need."""
    return first - 2 * RETAINED_AFTER


def month_of_accounts(days: Mapping[date, Engagement], first: date, until: date) -> MonthOfAccounts:
    """The month from `first` on, seen at the end of `until`, of the days before and in it."""
    of_month = {day: of for day, of in days.items() if first <= day <= until}
    joined = _all(of.joined for of in of_month.values())
    paid = _all(of.paid for of in of_month.values())
    since = until - RETAINED_AFTER
    cohort = _all(of.joined for day, of in days.items() if since - RETAINED_AFTER < day <= since)
    lately = _all(of.active for day, of in days.items() if since < day <= until)
    last_paid = {plan: day for day in sorted(days) for plan in days[day].subscribed}
    over = {plan: day + LAPSED_AFTER for plan, day in last_paid.items()}
    lapsed = {plan for plan, day in over.items() if first <= day <= until}
    renewed = _all(of.subscribed for of in of_month.values()) & _all(
        of.subscribed for day, of in days.items() if day < first
    )
    return MonthOfAccounts(
        days=of_month,
        active=len(_all(of.active for of in of_month.values())),
        joined=len(joined),
        converted=len(joined & paid),
        cohort=len(cohort),
        retained=len(cohort & lately),
        due=len(lapsed | renewed),
        lapsed=len(lapsed),
    )


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
