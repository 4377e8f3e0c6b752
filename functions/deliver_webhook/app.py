"""Sends events to the endpoints of customers. The only function that calls addresses of others."""

from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from lumiku.bootstrap import aws, telling
from lumiku.messages import Announcement, for_webhooks
from lumiku.queues import Answered, ComeBack, handle_each_try
from lumiku.services.telling.webhooks import Again

logger = Logger()
metrics = Metrics()
deliveries = telling.deliveries()


def send(body: str, tries: int) -> None:
    """Spread an event over its endpoints, or try one delivery; the queue keeps the next try."""
    message = for_webhooks(body)
    if isinstance(message, Announcement):
        logger.set_correlation_id(message.detail.get("requestId"))
        count = deliveries.spread(message.kind, message.detail)
        logger.info("event", batch_id=message.detail["batchId"], endpoints=count)
        return
    logger.set_correlation_id(message.request_id)
    result = deliveries.deliver(message, tries=tries)
    logger.info(
        "webhook",
        endpoint_id=message.endpoint_id,
        message_id=message.message_id,
        tries=tries,
        result=result,
    )
    if isinstance(result, Again):
        raise ComeBack(result.after_s, result.reason)
    metrics.add_metric(f"Webhook_{result.outcome.split(':')[0]}", MetricUnit.Count, 1)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> Answered:
    """Handle events of the bus and deliveries that wait in the webhook queue."""
    try:
        return handle_each_try(event, send, aws.sqs)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()
