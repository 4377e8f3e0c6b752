"""settle_job counts the photos that it gives up itself: no worker lived to do so."""

import json

import pytest

from lumiku.domain.work.jobs import Failure, Status
from tests.component.http_events import SELLER
from tests.component.stack import Stack

JUDGED = Failure(code="damaged_photo", message="The file is damaged.")


def settle(stack: Stack, job_id: str) -> None:
    record = {
        "messageId": "m0",
        "receiptHandle": "handle",
        "body": json.dumps({"job_id": job_id}),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ap-southeast-1:123456789012:settle",
        "awsRegion": "ap-southeast-1",
    }
    assert stack.call("settle_job", {"Records": [record]}) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    ("status", "failure", "counted"),
    [(Status.PENDING, None, True), (Status.FAILING, JUDGED, False)],
    ids=["given up", "judged by process_photo"],
)
def test_a_photo_counts_as_failed_once(
    stack: Stack,
    capsys: pytest.CaptureFixture[str],
    status: Status,
    failure: Failure | None,
    counted: bool,
) -> None:
    stack.open_account(SELLER, 10)
    job = stack.put_job("job_1", SELLER, status=status, failure=failure)

    settle(stack, job.id)
    settle(stack, job.id)

    ended = stack.jobs.get(job.id)
    assert ended is not None
    assert ended.status is Status.FAILED
    assert capsys.readouterr().out.count('"Photo_failed":[1.0]') == counted
