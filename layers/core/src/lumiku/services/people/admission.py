"""Letting requests in at a user's pace."""

from datetime import datetime

from lumiku.domain.errors import Busy, TooManyRequests
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import TESTS_OF_DAY, Limit, Pace, pace
from lumiku.services.people.ports import Paces


def admit(paces: Paces, user_id: str, limit: Limit, now: datetime) -> Pace:
    """Count one request against `limit`. `TooManyRequests` when the user is too fast."""
    return pace(limit, paces.take(user_id, limit, now), now)


def admit_order(paces: Paces, caller: Caller, limit: Limit, now: datetime) -> Pace:
    """Count one order against `limit` and all others of the caller: how the scarcest stands.

    `TooManyRequests` when any is used up; then it counts against none.
    """
    found: list[Pace] = []
    try:
        for one in _limits(caller, limit):
            found.append(admit(paces, caller.account, one, now))
    except (TooManyRequests, Busy):
        for taken in found:
            paces.give_back(caller.account, taken.limit)
        raise
    return min(found, key=lambda one: one.remaining)


def give_back_order(paces: Paces, caller: Caller, limit: Limit) -> None:
    """The order turned out not to count."""
    for one in _limits(caller, limit):
        paces.give_back(caller.account, one)


def _limits(caller: Caller, limit: Limit) -> list[Limit]:
    tests = [TESTS_OF_DAY] if caller.is_test else []
    return [limit, *tests, *([caller.limit] if caller.limit else [])]
