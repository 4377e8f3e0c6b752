"""Letting requests in at a user's pace."""

from datetime import datetime

from lumiku.domain.errors import Busy, TooManyRequests
from lumiku.domain.people.callers import Caller
from lumiku.domain.people.limits import TESTS_OF_DAY, Limit, Pace, pace
from lumiku.services.people.ports import Paces


def admit(paces: Paces, user_id: str, limit: Limit, now: datetime, count: int = 1) -> Pace:
    """Count so many requests against `limit`. `TooManyRequests` when the user is too fast."""
    return pace(limit, paces.take(user_id, limit, now, count), now)


def admit_order(
    paces: Paces, caller: Caller, limit: Limit, now: datetime, *, photos: int = 1
) -> Pace:
    """Count one order against `limit` and all others of the caller: how the scarcest stands.

    Against the limit of tests, each of its `photos` counts. `TooManyRequests` when any is used up;
    then it counts against none.
    """
    found: list[Pace] = []
    limits = _limits(caller, limit, photos)
    try:
        for one, count in limits:
            found.append(admit(paces, caller.account, one, now, count))
    except (TooManyRequests, Busy):
        for taken, count in limits[: len(found)]:
            paces.give_back(caller.account, taken, count)
        raise
    return min(found, key=lambda one: one.remaining)


def give_back_order(paces: Paces, caller: Caller, limit: Limit, *, photos: int) -> None:
    """The order turned out not to count."""
    for one, count in _limits(caller, limit, photos):
        paces.give_back(caller.account, one, count)


def _limits(caller: Caller, limit: Limit, photos: int) -> list[tuple[Limit, int]]:
    tests = [(TESTS_OF_DAY, photos)] if caller.is_test else []
    return [(limit, 1), *tests, *([(caller.limit, 1)] if caller.limit else [])]
