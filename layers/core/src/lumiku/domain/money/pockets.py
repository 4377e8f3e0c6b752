"""The two pockets of an account: credits that were granted for a time, and bought ones, which stay.

Granted credits lie in lots by the moment at which they expire, as text whose order is that of time.
They are used before bought ones, the lot that expires first before the others.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from lumiku.domain.instant import iso

ANEW = timedelta(days=30)
"""So long are credits good that come back for what the service failed to do after they expired."""

type Lots = Mapping[str, int]


def live(lots: Lots, now: datetime) -> Lots:
    """Lots that can be used at `now`."""
    return {until: credits for until, credits in lots.items() if until > iso(now)}


def expired(lots: Lots, now: datetime) -> Lots:
    """Lots that cannot be used any more at `now` and still hold something."""
    return {until: n for until, n in lots.items() if n and until <= iso(now)}


def taken(lots: Lots, price: int, now: datetime) -> Lots:
    """What of `price` is paid by which lot; bought credits pay the rest."""
    return dict(_drawn(sorted(live(lots, now).items()), price))


def given_back(paid: Lots, price: int, *, refund: int, ours: int, now: datetime) -> Lots:
    """What of `refund` goes to which lot, for an order at `price` that took `paid` of its lots.

    The rest is bought credits, which come back first: what is kept is paid as if nothing else had
    been ordered. What the customer gave up goes to its lot, expired or not. `ours` of the refund
    is for what the service failed to do: where the lot has expired, that is granted anew.
    """
    bought = price - sum(paid.values())
    theirs = refund - ours
    latest_first = sorted(paid.items(), reverse=True)
    back = Counter(dict(_drawn(latest_first, max(0, theirs - bought))))
    left = [(until, credits - back[until]) for until, credits in latest_first]
    bought_left = max(0, bought - theirs)
    for until, credits in _drawn(left, max(0, ours - bought_left)):
        back[until if until > iso(now) else iso(now + ANEW)] += credits
    return dict(back)


def _drawn(lots: list[tuple[str, int]], credits: int) -> Iterator[tuple[str, int]]:
    """What `credits` take from the lots, in that order, as far as they reach."""
    for until, held in lots:
        part = min(held, credits)
        credits -= part
        if part:
            yield until, part
