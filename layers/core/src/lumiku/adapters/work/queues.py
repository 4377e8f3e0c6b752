"""The queues; `client` is asked for when there is something to send."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING

from lumiku.domain.work.photos import Lane
from lumiku.services.work.fetching import Elsewhere, Fetches
from lumiku.services.work.ports import Lanes, SettleQueue

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SENT_AT_ONCE = 10
"""As many as SQS takes in one request."""
FETCHED_A_SECOND = 6
"""Of one order: the photos of thousands would else be ahead of everybody else's."""
LONGEST_DELAY_S = 900


class SettleQueueSqs(SettleQueue):
    """Where failed jobs wait for their refund."""

    def __init__(self, client: Callable[[], "SQSClient"], url: str) -> None:
        self._client = client
        self._url = url

    def send(self, job_id: str) -> None:
        self._client().send_message(QueueUrl=self._url, MessageBody=json.dumps({"job_id": job_id}))


class LaneQueues(Lanes):
    """The queues that jobs wait in, by lane."""

    def __init__(self, client: Callable[[], "SQSClient"], urls: Mapping[Lane, str]) -> None:
        self._client = client
        self._urls = urls

    def start(self, lane: Lane, *job_ids: str) -> None:
        bodies = [json.dumps({"job_id": job_id}) for job_id in job_ids]
        _send_all(self._client, self._urls[lane], [(body, 0) for body in bodies])


class FetchQueue(Fetches):
    """Photos that wait for fetch_photo."""

    def __init__(self, client: Callable[[], "SQSClient"], url: Callable[[], str]) -> None:
        """Take `url`, which is asked for when there is something to send."""
        self._client = client
        self._url = url

    def put(self, there: Mapping[str, Elsewhere]) -> None:
        """Each second of an order has its few, so that others find a worker in between."""
        delayed = [
            (
                json.dumps({"job_id": job_id, **one.model_dump(exclude_none=True)}),
                min(place // FETCHED_A_SECOND, LONGEST_DELAY_S),
            )
            for place, (job_id, one) in enumerate(there.items())
        ]
        _send_all(self._client, self._url(), delayed)


def _send_all(
    client: Callable[[], "SQSClient"], url: str, delayed: Sequence[tuple[str, int]]
) -> None:
    """Send bodies, each of which is seen after so many seconds."""
    for some in batched(delayed, SENT_AT_ONCE, strict=False):
        answer = client().send_message_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(place), "MessageBody": body, "DelaySeconds": delay_s}
                for place, (body, delay_s) in enumerate(some)
            ],
        )
        if answer.get("Failed"):
            raise OSError(f"the queue {url} took not all: {answer['Failed']}")
