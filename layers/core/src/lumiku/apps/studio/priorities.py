"""Who is served first: the four priorities of the studio's orders, and the lane of each."""

from enum import IntEnum

from lumiku.apps.studio.plans import PlanName
from lumiku.domain.work.photos import Lane

SMALL_BATCH = 10


class Priority(IntEnum):
    """The most urgent first."""

    CRITICAL = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4


BATCH_LANES = {
    Priority.CRITICAL: Lane.PRIORITY,
    Priority.HIGH: Lane.PRIORITY,
    Priority.NORMAL: Lane.STANDARD,
    Priority.LOW: Lane.STANDARD,
}
"""Each lane has workers of its own, so none starves another."""


def priority(plan: PlanName, items: int) -> Priority:
    """How urgent an order of so many items is."""
    if plan is PlanName.FREE:
        return Priority.LOW
    if plan is PlanName.PREMIUM:
        return Priority.CRITICAL
    if plan is PlanName.PROFESSIONAL or items == 1:
        return Priority.HIGH
    return Priority.NORMAL if items <= SMALL_BATCH else Priority.LOW


def lane(plan: PlanName, items: int) -> Lane:
    """Where an order of so many items waits: a single one, which somebody watches, on its own."""
    return Lane.SINGLE if items == 1 else BATCH_LANES[priority(plan, items)]
