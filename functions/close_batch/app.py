"""Second step of a batch: end what is not over, settle, say what came of it."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import work

logger = Logger()
metrics = Metrics()
closing = work.closing()


@logger.inject_lambda_context(correlation_id_path="requestId")
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Close the batch once; answers its outcome and whether there is anything to zip.

    One that was paused may have to be awaited further.
    """
    outcome = closing.close_in_time(event["groupId"])
    if outcome is None:
        logger.info("awaited further", batch_id=event["groupId"])
        return {"isAwaited": True, "hasResults": False}
    logger.info("closed", batch_id=event["groupId"], outcome=outcome.model_dump())
    metrics.add_metric("BatchPhotosCompleted", MetricUnit.Count, outcome.completed)
    metrics.add_metric("BatchPhotosFailed", MetricUnit.Count, outcome.failed)
    metrics.add_metric("CreditsRefunded", MetricUnit.Count, outcome.refund)
    has_results = outcome.is_delivered and outcome.completed > 0
    return {**outcome.model_dump(), "isAwaited": False, "hasResults": has_results}
