"""First step of a batch: wait until every photo is over, or time is up."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import work

logger = Logger()
closing = work.closing()


@logger.inject_lambda_context(correlation_id_path="requestId")
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Keep the execution's token; the last photo's worker wakes it."""
    logger.info("awaiting photos", batch_id=event["groupId"])
    closing.await_all(event["groupId"], event["token"])
