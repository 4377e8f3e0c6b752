"""The settle queue and the lanes."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lumiku.domain.work.photos import Lane

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SettleQueueSqs:
    """Where failed jobs wait for their refund."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, job_id: str) -> None:
        """Ask for the job to be settled; asking again is harmless."""
        self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps({"job_id": job_id}))


class LanesSqs:
    """The queues that workers take jobs from."""

    def __init__(self, client: "SQSClient", urls: Mapping[Lane, str]) -> None:
        self._client = client
        self._urls = urls

    def start(self, lane: Lane, job_id: str) -> None:
        """Ask for the job to be worked on; asking again is harmless."""
        body = json.dumps({"job_id": job_id})
        self._client.send_message(QueueUrl=self._urls[lane], MessageBody=body)
