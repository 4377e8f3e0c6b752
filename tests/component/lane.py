"""process_photo and its queue on moto: delivers messages, records what is put off."""

import json
import uuid
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from darkroom.cutout import Recipe
from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from darkroom.steps.cut_out import RECIPES
from lumiku.bootstrap import aws
from lumiku.domain.work.jobs import Job
from tests.component.stack import Context, Stack

USER = "u1"
RECEIVED_FROM = "SingleLane"
WIDTH_PX, HEIGHT_PX = 40, 30


class Flaky(Exception):
    """What networks do."""


@dataclass
class Lane:
    """The function with its queue: delivers messages and records what is put off until when."""

    stack: Stack
    problems: list[Exception] = field(default_factory=list)
    put_off_s: list[int] = field(default_factory=list)
    handles: list[str] = field(default_factory=list)

    def find(self, rgb: Bytes, models: Models) -> Floats | None:
        """Finding the subject: fails as long as there are problems; sees nothing in the dark."""
        if self.problems:
            raise self.problems.pop(0)
        return np.ones((3, 4), np.float32) if rgb.max() > 0 else None

    def refine(self, rgb: Bytes, found: Floats) -> Bytes:
        """An alpha with a hole."""
        alpha = np.full(rgb.shape[:2], 255, np.uint8)
        alpha[10:20, 10:20] = 0
        return alpha

    def put_off(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:
        assert QueueUrl == self.stack.queue_urls[RECEIVED_FROM]
        self.handles.append(ReceiptHandle)
        self.put_off_s.append(VisibilityTimeout)

    def deliver(self, *bodies: str, context: Context | None = None) -> list[str]:
        """Hand over messages m0, m1...; answers those that must come back."""
        arn = self.stack.sqs.get_queue_attributes(
            QueueUrl=self.stack.queue_urls[RECEIVED_FROM], AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        records = [
            {
                "messageId": f"m{number}",
                "receiptHandle": f"handle of m{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
                "awsRegion": "ap-southeast-1",
            }
            for number, body in enumerate(bodies)
        ]
        app = self.stack.app("process_photo")
        answer = app.handler({"Records": records}, context or Context("process_photo"))
        assert answer.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def job(self, data: bytes | None = None, **changes: Any) -> "Told":
        """A job whose photo came, and the record that tells of it."""
        job_id = f"job_{uuid.uuid4().hex}"
        job = self.stack.put_job(job_id, USER, **changes)
        return Told(self.stack, job_id, self.put(job.source.key, data or photo()))

    def stored(self, key: str, data: bytes | None = None, **changes: Any) -> "Told":
        """A job whose photo is stored under a key, and the message that starts it."""
        self.put(key, data or photo())
        job_id = f"job_{uuid.uuid4().hex}"
        self.stack.put_job(job_id, USER, source={"kind": "item", "key": key}, **changes)
        return Told(self.stack, job_id, {"job_id": job_id})

    def put(self, key: str, data: bytes) -> dict[str, Any]:
        """Put an object; answers S3's record of it."""
        put = self.stack.s3.put_object(Bucket=self.stack.bucket, Key=key, Body=data)
        about = {"key": quote(key), "size": len(data), "eTag": put["ETag"].strip('"')}
        return {"eventName": "ObjectCreated:Post", "s3": {"object": about}}

    def keys(self, prefix: str) -> list[str]:
        """Keys of the objects there."""
        listed = self.stack.s3.list_objects_v2(Bucket=self.stack.bucket, Prefix=prefix)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def read(self, key: str) -> bytes:
        """An object."""
        return self.stack.s3.get_object(Bucket=self.stack.bucket, Key=key)["Body"].read()

    def begun(self, lane: str) -> list[dict[str, str]]:
        """What is in a lane's queue, which is empty afterwards."""
        url = self.stack.queue_urls[lane]
        got = self.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in got.get("Messages", [])]

    def to_settle(self) -> list[str]:
        """Jobs in the settle queue, which is empty afterwards."""
        url = self.stack.queue_urls["SettleQueue"]
        got = self.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"])["job_id"] for message in got.get("Messages", [])]


@dataclass(frozen=True)
class Told:
    """A job and S3's record of its photo, or what starts it."""

    stack: Stack
    id: str
    record: dict[str, Any]

    @property
    def etag(self) -> str:
        """What S3 says the photo's ETag is."""
        etag: str = self.record["s3"]["object"]["eTag"]
        return etag

    def now(self) -> Job:
        """The job's row as it is."""
        found = self.stack.jobs.get(self.id)
        assert found is not None
        return found

    @property
    def body(self) -> str:
        """A message with nothing else."""
        return json.dumps(self.record) if "job_id" in self.record else message(self.record)


def open_lane(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Lane:
    """process_photo and its queue, with tiers that need no model."""
    opened = Lane(stack)
    stack.app("process_photo")
    for quality in RECIPES:
        monkeypatch.setitem(RECIPES, quality, Recipe(opened.find, opened.refine))
    monkeypatch.setattr(aws.sqs(), "change_message_visibility", opened.put_off)
    return opened


def message(*records: dict[str, Any]) -> str:
    """One message with those records."""
    return json.dumps({"Records": records})


def photo(colour: str = "teal") -> bytes:
    """A small JPEG."""
    file = BytesIO()
    Image.new("RGB", (WIDTH_PX, HEIGHT_PX), colour).save(file, "JPEG")
    return file.getvalue()


def refused(operation: str) -> ClientError:
    """What AWS says when it fails."""
    return ClientError({"Error": {"Code": "InternalError", "Message": "no"}}, operation)
