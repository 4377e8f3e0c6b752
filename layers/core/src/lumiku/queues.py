"""Answering SQS: which messages of a delivery must come back, and when."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from lumiku.trail import forget

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

logger = Logger()


class ComeBack(Exception):
    """Raised for a message that must be delivered again in `after_s` seconds."""

    def __init__(self, after_s: int, reason: str) -> None:
        super().__init__(reason)
        self.after_s = after_s


def handle_each(
    event: dict[str, Any], handle: Callable[[str], None], sqs: "SQSClient"
) -> PartialItemFailureResponse:
    """Call `handle` with the body of each message, as `handle_each_try` does."""
    return handle_each_try(event, lambda body, _: handle(body), sqs)


def handle_each_try(
    event: dict[str, Any], handle: Callable[[str, int], None], sqs: "SQSClient"
) -> PartialItemFailureResponse:
    """Call `handle` with each message's body and number of tries, and report those that failed.

    Log lines of one message do not name the order of another. Never raises for a message: an
    exception that leaves a handler would cost every other message of the delivery its try, and
    the sandbox its warmth.
    """

    def handle_record(record: SQSRecord) -> None:
        forget()
        try:
            handle(record.body, int(record.attributes.approximate_receive_count))
        except ComeBack as again:
            logger.warning("message comes back", after_s=again.after_s, reason=str(again))
            sqs.change_message_visibility(
                QueueUrl=queue_url(record.event_source_arn),
                ReceiptHandle=record.receipt_handle,
                VisibilityTimeout=again.after_s,
            )
            raise
        except Exception:
            logger.exception("message failed", message_id=record.message_id)
            raise

    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(event["Records"], handle_record):
        processor.process()
    return processor.response()


def queue_url(arn: str) -> str:
    """URL of the queue with that ARN."""
    _, partition, _, region, account, name = arn.split(":")
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://sqs.{region}.{suffix}/{account}/{name}"
