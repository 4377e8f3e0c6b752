"""Writes to the owner of a closed batch."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import aws, telling
from lumiku.messages import announcement
from lumiku.queues import Answered, handle_each

logger = Logger()
mailing = telling.mailing()


def write(body: str) -> None:
    """Write about the batch of one event."""
    detail = announcement(body).detail
    logger.set_correlation_id(detail.get("requestId"))
    batch_id = detail["batchId"]
    logger.info("mail", batch_id=batch_id, result=mailing.write(batch_id))


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> Answered:
    """Handle events of the bus that wait in the mail queue."""
    return handle_each(event, write, aws.sqs)
