"""Every minute: makes copies of all data of accounts, and erases accounts that were deleted."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import people

logger = Logger()
packing = people.packing_takeouts()
erasing = people.erasing()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Go on with what is due, deletions first; answers how much had which outcome."""
    outcomes = {**erasing.erase_due(), **packing.pack_due()}
    logger.info("released", outcomes=outcomes)
    return outcomes
