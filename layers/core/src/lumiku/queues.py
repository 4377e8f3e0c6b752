"""Answering SQS: which messages of a delivery must come back, and when."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from aws_lambda_powertools import Logger

from lumiku.trail import forget

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

logger = Logger()


class Failed(TypedDict):
    """A message that failed; SQS delivers it again."""

    itemIdentifier: str


class Answered(TypedDict):
    """What SQS is told of a delivery; it deletes the messages that are not named."""

    batchItemFailures: list[Failed]


class ComeBack(Exception):
    """Raised for a message that must be delivered again in `after_s` seconds."""

    def __init__(self, after_s: int, reason: str) -> None:
        super().__init__(reason)
        self.after_s = after_s


def handle_each(
    event: dict[str, Any], handle: Callable[[str], None], sqs: Callable[[], "SQSClient"]
) -> Answered:
    """Call `handle` with the body of each message, as `handle_each_try` does."""
    return handle_each_try(event, lambda body, _: handle(body), sqs)


def handle_each_try(
    event: dict[str, Any], handle: Callable[[str, int], None], sqs: Callable[[], "SQSClient"]
) -> Answered:
    """Call `handle` with each message's body and number of tries, and report those that failed.

    Log lines of one message do not name the order of another. Never raises for a message: an
    exception that leaves a handler would cost every other message of the delivery its try, and
    the sandbox its warmth. `sqs` gives the client for messages that come back after a time.
    """
    failed: list[Failed] = []
    for message in event["Records"]:
        forget()
        try:
            handle(message["body"], int(message["attributes"]["ApproximateReceiveCount"]))
            continue
        except ComeBack as again:
            logger.warning("message comes back", after_s=again.after_s, reason=str(again))
            _put_off(message, again.after_s, sqs)
        except Exception:
            logger.exception("message failed", message_id=message["messageId"])
        failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _put_off(message: Mapping[str, Any], after_s: int, sqs: Callable[[], "SQSClient"]) -> None:
    """Let it come back then; where that fails, it comes when its visibility ends."""
    try:
        sqs().change_message_visibility(
            QueueUrl=queue_url(message["eventSourceARN"]),
            ReceiptHandle=message["receiptHandle"],
            VisibilityTimeout=after_s,
        )
    except Exception:
        logger.exception("message not put off", message_id=message["messageId"])


def queue_url(arn: str) -> str:
    """URL of the queue with that ARN."""
    _, partition, _, region, account, name = arn.split(":")
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://sqs.{region}.{suffix}/{account}/{name}"
