"""An imitated app that is connected to an account, over moto; and what becomes of its orders."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from lumiku.adapters.work import queues
from lumiku.apps.remover.http import REMOVER_PREFIX as P
from lumiku.services.clock import utc_now
from tests.component.http.conftest import Api
from tests.component.http_events import SELLER, Answer
from tests.component.lane import message, open_lane, photo
from tests.component.whole_batch import started
from tests.imitation_apps.app import ImitationApp

ADMIN = {"user": "a0a0a0a0-0c1d-4c55-9a0e-5b1f3d2c4a99", "groups": "[admin]"}
LAPTOP = {"Stage": "local", "WebhookLoopback": "allowed"}
FOLDERS = (
    "connections_api",
    "integrations_api",
    "handovers_api",
    "fetch_photo",
    "deliver_webhook",
)
SCOPES = ["remove", "pictures", "results"]


class Connected:
    """An app that an administrator added and the seller connected, and the workers of its orders.

    Each is on a laptop, which may call itself.
    """

    def __init__(self, api: Api, app: ImitationApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self.api, self.app, self.monkeypatch = api, app, monkeypatch
        for folder in FOLDERS:
            api.stack.app(folder, **LAPTOP)
        monkeypatch.setattr(queues, "FETCHED_A_SECOND", 1000)  # all are there at once
        self.lane = open_lane(api.stack, monkeypatch)
        app.secret = self.add().data["secret"]
        self.grant = self.connect(500).data["grant"]["grantId"]

    def add(self, **changed: Any) -> Answer:
        body = {"name": self.app.name, "baseUrl": self.app.url, "scopes": SCOPES, **changed}
        return self.api.post("/api/admin/apps", body, **ADMIN)

    def connect(self, cap: int, *scopes: str, user: str = SELLER) -> Answer:
        body = {"scopes": list(scopes) or SCOPES, "monthlyCap": cap}
        return self.api("PUT", f"/api/connections/{self.app.name}", body=body, user=user)

    def spent(self) -> int:
        """What the app spent in this month, as the account sees it."""
        [shown] = self.api.get("/api/connections").data["connections"]
        return int(shown["grant"]["spentThisMonth"])

    def balance(self) -> int:
        return int(self.api.get("/api/credits").data["balance"])

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        grant: str | None = None,
        headers: dict[str, str] | None = None,
        message_id: str | None = None,
        query: dict[str, str] | None = None,
    ) -> Answer:
        """A request of the app, signed."""
        sent = "" if body is None else json.dumps(body)
        target = path + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")
        signed = self.app.signed(method, target, grant or self.grant, sent, message_id=message_id)
        told = {"raw_body": sent} if sent else {}
        return self.api(method, path, headers=signed | (headers or {}), query=query, **told)

    def avatars(self, project: str = "p1", tier: str = "professional", **sent: Any) -> Answer:
        """Order the avatars of a project."""
        told = {"projectId": project, "tier": tier, **sent.pop("more", {})}
        return self("POST", f"{P}/integrations/avatar-creator/batch", told, **sent)

    def shown(self, batch_id: str) -> dict[str, Any]:
        """The order, as the app sees it."""
        path = f"{P}/integrations/{self.app.name}/batch/{batch_id}"
        found: dict[str, Any] = self("GET", path).data
        return found

    def fetch(self) -> None:
        """Fetch what is to be fetched, process what came, settle what failed."""
        for body in self.messages("FetchQueue"):
            self.deliver("fetch_photo", body)
        for key in sorted(self.lane.keys("in/")):
            stored = self.api.stack.s3.head_object(Bucket=self.api.stack.bucket, Key=key)
            about = {"key": key, "size": stored["ContentLength"], "eTag": stored["ETag"].strip('"')}
            self.lane.deliver(message({"eventName": "ObjectCreated:Put", "s3": {"object": about}}))
        for body in self.messages("SettleQueue"):
            self.deliver("settle_job", body)

    def while_waiting(self, do: Callable[[], None]) -> None:
        """Let that happen whenever a request waits for a picture; its time passes then."""
        app = self.api.stack.app("integrations_api")
        passed = count()
        hurried = replace(
            app.jobs,
            sleep=lambda _: do(),
            clock=lambda: utc_now() + timedelta(seconds=5 * next(passed)),
        )
        self.monkeypatch.setattr(app, "jobs", hurried)

    def close(self) -> list[dict[str, Any]]:
        """What the order's execution does; answers what the app was told."""
        step = {**started(), "token": "nobody's"}
        if self.api.stack.call("close_batch", step)["hasResults"]:
            self.api.stack.call("zip_batch", step)
        told = self.api.stack.call("announce_batch", step)
        event = {"detail-type": "integration.closed", "detail": told}
        self.deliver("deliver_webhook", json.dumps(event))
        for body in self.messages("WebhookQueue"):
            self.deliver("deliver_webhook", body)
        return self.app.told

    def messages(self, queue: str) -> list[str]:
        """What waits in a queue, which is empty afterwards."""
        url, found = self.api.stack.queue_urls[queue], []
        while got := self.api.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            found += [one["Body"] for one in got]
        return found

    def deliver(self, folder: str, body: str) -> None:
        """Hand a message to its function."""
        record = {
            "messageId": "m",
            "receiptHandle": "h",
            "body": body,
            "eventSource": "aws:sqs",
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "eventSourceARN": "arn:aws:sqs:ap-southeast-1:1:q",
            "awsRegion": "ap-southeast-1",
        }
        answer = self.api.stack.call(folder, {"Records": [record]})
        assert answer == {"batchItemFailures": []}


def pictures(count: int) -> dict[str, bytes]:
    """So many photos by id."""
    return {f"avatar-{number:02}": photo() for number in range(count)}
