"""Every minute: makes items of uploads, removes files of what was deleted, adds up templates."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import studio, templates

logger = Logger()
keeping = studio.keeping()
totals = templates.telling_totals()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Look at what is due; answers how much had which outcome."""
    outcomes = {**keeping.sweep(), "templates_told": totals.tell()}
    logger.info("kept", outcomes=outcomes)
    return outcomes
