"""Who is served first: the four priorities of the studio's orders, and the lane of each."""

from enum import IntEnum

from lumiku.apps.studio.plans import StudioPlanName
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


def priority(plan: StudioPlanName, items: int) -> Priority:
    """How urgent an order of so many items is."""
    if plan is StudioPlanName.FREE:
        return Priority.LOW
    if plan is StudioPlanName.PREMIUM:
        return Priority.CRITICAL
    if plan is StudioPlanName.PROFESSIONAL or items == 1:
        return Priority.HIGH
    return Priority.NORMAL if items <= SMALL_BATCH else Priority.LOW


def lane(plan: StudioPlanName, items: int) -> Lane:
    """Where an order of so many items waits: a single one, which somebody watches, on its own."""
    return Lane.SINGLE if items == 1 else BATCH_LANES[priority(plan, items)]
