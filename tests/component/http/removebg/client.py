"""A client of remove.bg in tests: what it sends, and what it reads."""

import base64
import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.component.http.conftest import Api
from tests.component.http_events import request
from tests.component.lane import message, open_lane, photo


class Desk:
    """A client of remove.bg with a key; a worker takes each photo while it waits."""

    def __init__(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        self.api = api
        self.key = self.new_key()
        self.lane = open_lane(api.stack, monkeypatch)
        app: Any = api.stack.app("removebg_api")
        self.app = app
        self.app.jobs = replace(self.app.jobs, sleep=self.work)

    def new_key(self, **told: Any) -> str:
        made = self.api.post("/api/keys", {"name": "shop", **told})
        return str(made.data["key"])

    def work(self, _: float) -> None:
        """What came since is processed."""
        for url in self.messages("FetchQueue"):
            self.deliver("fetch_photo", url)
        for key in self.lane.keys("in/"):
            stored = self.api.stack.s3.head_object(Bucket=self.api.stack.bucket, Key=key)
            about = {"key": key, "size": stored["ContentLength"], "eTag": stored["ETag"].strip('"')}
            self.lane.deliver(message({"eventName": "ObjectCreated:Put", "s3": {"object": about}}))
        for body in self.messages("SettleQueue"):
            self.deliver("settle_job", body)

    def messages(self, queue: str) -> list[str]:
        """What waits in a queue, which is empty afterwards."""
        url = self.api.stack.queue_urls[queue]
        got = self.api.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [one["Body"] for one in got.get("Messages", [])]

    def deliver(self, folder: str, body: str) -> None:
        """Hand a message to its function."""
        record: dict[str, Any] = {
            "messageId": "m",
            "receiptHandle": "h",
            "body": body,
            "eventSource": "aws:sqs",
        }
        record |= {"attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {}}
        arn = {"eventSourceARN": "arn:aws:sqs:ap-southeast-1:1:q", "awsRegion": "x"}
        answer = self.api.stack.call(folder, {"Records": [record | arn]})
        assert answer == {"batchItemFailures": []}

    def send(self, path: str = "/v1.0/removebg", method: str = "POST", **sent: Any) -> Any:
        headers = {"X-Api-Key": self.key, **sent.pop("headers", {})}
        event = request(method, path, user=None, headers=headers, **sent)
        return self.api.stack.call("removebg_api", event)

    def json(self, **fields: Any) -> Any:
        given = {"image_file_b64": base64.b64encode(photo()).decode(), **fields}
        return self.send(body={name: value for name, value in given.items() if value is not None})


def picture(answer: Any) -> Image.Image:
    assert answer["statusCode"] == 200, answer["body"]
    assert answer["isBase64Encoded"]
    return Image.open(BytesIO(base64.b64decode(answer["body"])))


def error(answer: Any) -> tuple[int, str]:
    [told] = json.loads(answer["body"])["errors"]
    assert told["title"]
    assert told["detail"]
    return answer["statusCode"], told["code"]


def in_form(**fields: str | bytes) -> dict[str, Any]:
    parts = []
    for name, value in fields.items():
        file, data = ("", value.encode()) if isinstance(value, str) else ('; filename="f"', value)
        told = f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(told.encode() + data + b"\r\n")
    head = b'--B\r\nContent-Disposition: form-data; name="image_file"; filename="a.jpg"\r\n\r\n'
    body = b"".join(parts) + head + photo() + b"\r\n--B--\r\n"
    return {"raw_body": body, "headers": {"Content-Type": "multipart/form-data; boundary=B"}}
