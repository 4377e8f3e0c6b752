"""The correlation id of log lines: the HTTP request that ordered what they are about.

A sandbox handles one message after another, so `forget` stands before each.
"""

from aws_lambda_powertools import Logger

from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job

logger = Logger()


def follow(order: Job | Group, *, say: str | None = None) -> None:
    """Lines from here on are about `order`; the first of them is `say`."""
    logger.set_correlation_id(order.correlation_id)
    logger.append_keys(order_id=order.id)
    if say is not None:
        logger.info(say)


def forget() -> None:
    """Lines from here on are about no order."""
    logger.set_correlation_id(None)
    logger.remove_keys(["order_id"])
