"""Last step of a batch: tell that it is closed."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import telling

logger = Logger()
announcements = telling.announcements()


@logger.inject_lambda_context(correlation_id_path="requestId")
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publish the batch's event; answers what was told."""
    told = announcements.announce(event["groupId"])
    logger.info("announced", batch_id=event["groupId"], told=told)
    return told
