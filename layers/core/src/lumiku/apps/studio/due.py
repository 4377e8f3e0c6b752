"""What is to be paid for of what is wanted, and what comes back where no provider made it."""

from collections.abc import Collection
from itertools import combinations

from lumiku.apps.studio.prices import UPSCALING as ENLARGING
from lumiku.apps.studio.prices import Feature, Price, workflow_price
from lumiku.apps.studio.wanted import Wanted
from lumiku.domain.work.jobs import ForItem
from lumiku.domain.work.receipts import IfOurs

_ONCE = {Feature.BACKGROUND_REMOVAL}
"""What is paid for once an item and quality."""


def due_of(wanted: Wanted, told: ForItem, ours: Collection[str] = ()) -> list[Feature]:
    """What is to be paid for of what is wanted: all but what was paid for before.

    By the routes `ours` no provider made anything.
    """
    is_paid = told.relies_on is not None
    return [one for one in wanted.made_by(ours) if not (is_paid and one in _ONCE)]


def if_ours(
    wanted: Wanted, told: ForItem, *, credits_this_month: int, upscalings_left: int
) -> IfOurs | None:
    """What comes back of a single order's price where our own models make parts of it."""
    if not wanted.hosted:
        return None
    prices = {
        ours: single_price(
            due_of(wanted, told, ours),
            credits_this_month=credits_this_month,
            upscalings_left=upscalings_left,
        ).total
        for count in range(len(wanted.hosted) + 1)
        for ours in combinations(sorted(wanted.hosted), count)
    }
    back = {" ".join(ours): max(0, prices[()] - price) for ours, price in prices.items() if ours}
    return IfOurs(parts=parts_by_route(wanted), credits=back)


def parts_by_route(wanted: Wanted) -> dict[str, str]:
    """The parts of a price that providers are asked for, by route."""
    return {route: sold for route, (sold, _) in wanted.hosted.items()}


def single_price(
    due: Collection[Feature], *, credits_this_month: int, upscalings_left: int
) -> Price:
    """Of a single item of which so much is to be paid for."""
    if not due:
        return Price((), 0, 0)
    included = ENLARGING if upscalings_left else ()
    return workflow_price(due, included=included, credits_this_month=credits_this_month)
