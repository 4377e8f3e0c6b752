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
        _send_all(self._client, self._urls[lane], bodies)


class FetchQueue(Fetches):
    """Photos that wait for fetch_photo."""

    def __init__(self, client: Callable[[], "SQSClient"], url: Callable[[], str]) -> None:
        """Take `url`, which is asked for when there is something to send."""
        self._client = client
        self._url = url

    def put(self, there: Mapping[str, Elsewhere]) -> None:
        bodies = [
            json.dumps({"job_id": job_id, **one.model_dump(exclude_none=True)})
            for job_id, one in there.items()
        ]
        _send_all(self._client, self._url(), bodies)


def _send_all(client: Callable[[], "SQSClient"], url: str, bodies: Sequence[str]) -> None:
    for some in batched(bodies, SENT_AT_ONCE, strict=False):
        answer = client().send_message_batch(
            QueueUrl=url,
            Entries=[{"Id": str(place), "MessageBody": body} for place, body in enumerate(some)],
        )
        if answer.get("Failed"):
            raise OSError(f"the queue {url} took not all: {answer['Failed']}")
