"""Fetches photos from addresses of others. It opens none of them, and touches no balance."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import aws, work
from lumiku.messages import to_fetch
from lumiku.queues import Answered, handle_each

logger = Logger()
metrics = Metrics()
fetching = work.fetching()


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> Answered:
    """Fetch the photo that each message tells of."""

    def fetch(body: str) -> None:
        job_id, there = to_fetch(body)
        outcome = fetching.fetch(job_id, there, attempt_id=f"{context.aws_request_id}-fetch")
        logger.info("fetch", job_id=job_id, outcome=outcome)
        metrics.add_metric(f"Fetch_{outcome}", MetricUnit.Count, 1)

    try:
        return handle_each(event, fetch, aws.sqs)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()
