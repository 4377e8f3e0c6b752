"""The queues; `client` is asked for when there is something to send."""

import json
from collections.abc import Callable, Mapping
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
        for some in batched(job_ids, SENT_AT_ONCE, strict=False):
            answer = self._client().send_message_batch(
                QueueUrl=self._urls[lane],
                Entries=[
                    {"Id": str(place), "MessageBody": json.dumps({"job_id": job_id})}
                    for place, job_id in enumerate(some)
                ],
            )
            if answer.get("Failed"):
                raise OSError(f"the lane {lane} took not all: {answer['Failed']}")


class FetchQueue(Fetches):
    """Photos that wait for fetch_photo."""

    def __init__(self, client: Callable[[], "SQSClient"], url: str) -> None:
        self._client = client
        self._url = url

    def put(self, job_id: str, there: Elsewhere) -> None:
        body = json.dumps({"job_id": job_id, **there.model_dump(exclude_none=True)})
        self._client().send_message(QueueUrl=self._url, MessageBody=body)
