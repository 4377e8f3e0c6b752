"""The correlation id of log lines: the HTTP request that ordered what they are about.

A sandbox handles one message after another, so `forget` stands before each.
"""

from aws_lambda_powertools import Logger

from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job

logger = Logger()


def follow(order: Job | Group) -> None:
    """Lines from here on are about `order`."""
    logger.set_correlation_id(order.correlation_id)
    logger.append_keys(order_id=order.id)


def forget() -> None:
    """Lines from here on are about no order."""
    logger.set_correlation_id(None)
    logger.remove_keys(["order_id"])
