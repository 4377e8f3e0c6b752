"""Closes failed jobs and gives their credits back."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import aws, work
from lumiku.messages import job_ids
from lumiku.queues import Answered, ComeBack, handle_each
from lumiku.services.work.settlement import Wait
from lumiku.trail import forget

logger = Logger()
metrics = Metrics()
settlement = work.settlement()


def settle(body: str) -> None:
    """Settle every job of a message; wait for those that a worker may still be at."""
    waits = []
    for job_id in job_ids(body):
        forget()
        result = settlement.settle(job_id)
        logger.info("settle", job_id=job_id, result=result)
        if isinstance(result, Wait):
            waits.append(result.after_s)
        elif result.gave_up:
            metrics.add_metric("Photo_failed", MetricUnit.Count, 1)
            counted = EphemeralMetrics()
            counted.add_dimension("app", str(result.app))
            counted.add_metric("Job_failed", MetricUnit.Count, 1)
            counted.flush_metrics()
    if waits:
        raise ComeBack(max(waits), "a worker may still be at it")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> Answered:
    """Handle messages of the settle queue and dead letters of the lanes."""
    try:
        return handle_each(event, settle, aws.sqs)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()
