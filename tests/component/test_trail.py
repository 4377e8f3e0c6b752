"""Every log line about an order has the id of the request that made it, and of no other."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX
from lumiku.bootstrap import stores
from lumiku.domain.work.jobs import Status
from lumiku.services.clock import utc_now
from tests.component.http_events import REQUEST_ID, SELLER, request
from tests.component.lane import Flaky, Lane, message, photo
from tests.component.receiver import receiving
from tests.component.stack import Stack
from tests.component.test_webhooks import LAPTOP, deliver, register, waiting
from tests.component.whole_batch import from_the_bus, order, send


class Log(logging.Handler):
    """What functions write, as they format it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def filter(self, record: logging.LogRecord) -> bool:
        # Powertools keeps its lines from the root's handlers by filters, so as not to double them.
        return True

    def emit(self, record: logging.LogRecord) -> None:
        [own] = logging.getLogger(record.name).handlers
        self.lines.append(json.loads(own.format(record)))

    def trail(self) -> list[tuple[str, str, object]]:
        """Who said what about whose request."""
        return [(x["service"], x["message"], x.get("correlation_id")) for x in self.lines]


@pytest.fixture
def log() -> Iterator[Log]:
    listening = Log()
    logging.getLogger().addHandler(listening)
    yield listening
    logging.getLogger().removeHandler(listening)


def test_a_batch_from_its_order_to_its_webhook(lane: Lane, log: Log) -> None:
    lane.stack.open_account(SELLER, 100)
    for folder in ("webhooks_api", "deliver_webhook"):
        lane.stack.app(folder, **LAPTOP)
    with receiving() as receiver:
        register(lane.stack, receiver.url)
        log.lines.clear()
        lane.problems = [Flaky()]
        told = send(lane, [photo(), photo(), b"not a photo"])
        lane.stack.call("notify_batch", from_the_bus(told, "MailQueue"))
        lane.stack.call("deliver_webhook", from_the_bus(told, "WebhookQueue"))
        [waits] = waiting(lane.stack)
        assert deliver(lane.stack, waits)

    assert log.trail() == [
        ("batches_api", "request", REQUEST_ID),
        ("await_photos", "awaiting photos", REQUEST_ID),
        ("process_photo", "photo", REQUEST_ID),
        ("process_photo", "message comes back", REQUEST_ID),
        ("process_photo", "photo", REQUEST_ID),
        ("process_photo", "photo", REQUEST_ID),
        ("close_batch", "closed", REQUEST_ID),
        ("zip_batch", "zipped", REQUEST_ID),
        ("announce_batch", "announced", REQUEST_ID),
        ("notify_batch", "mail", REQUEST_ID),
        ("deliver_webhook", "event", REQUEST_ID),
        ("deliver_webhook", "webhook", REQUEST_ID),
    ]


def test_one_sandbox_and_the_orders_of_several_requests(lane: Lane, log: Log) -> None:
    ours = lane.job(request_id="ours")
    theirs = lane.job(request_id="theirs")
    unnamed = lane.job()
    stray = lane.put(f"in/single/{SELLER}/job_of_nobody", photo())

    lane.deliver(message(ours.record, stray, theirs.record), "not JSON", unnamed.body)

    assert [(line.get("correlation_id"), line.get("order_id")) for line in log.lines] == [
        ("ours", ours.id),
        (None, None),
        ("theirs", theirs.id),
        (None, None),
        (unnamed.id, unnamed.id),
    ]


def test_an_error_that_nobody_expected(
    lane: Lane, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lane.job(request_id="ours")

    def broken(*_: object, **__: object) -> None:
        raise OSError("the table is down")

    monkeypatch.setattr(type(stores.jobs()), "finish", broken)
    assert lane.deliver(told.body) == ["m0"]

    [line] = log.lines
    assert (line["message"], line["correlation_id"]) == ("message failed", "ours")


def test_a_photo_of_its_own_and_its_refund(lane: Lane, log: Log) -> None:
    lane.stack.open_account(SELLER, 100)
    body = {"fileName": "a.jpg", "fileSize": 9, "contentType": "image/jpeg", "tier": "basic"}
    path = f"{REMOVER_PREFIX}/remove"
    answer = lane.stack.call("jobs_api", request("POST", path, route=path, body=body))
    key = json.loads(answer["body"])["data"]["upload"]["fields"]["key"]
    lane.deliver(message(lane.put(key, b"not a photo")))
    [job_id] = lane.to_settle()
    event = from_the_bus({}, "SettleQueue")
    event["Records"][0]["body"] = json.dumps({"job_id": job_id})
    lane.stack.call("settle_job", event)

    assert log.trail() == [
        ("jobs_api", "request", REQUEST_ID),
        ("process_photo", "photo", REQUEST_ID),
        ("settle_job", "settle", REQUEST_ID),
    ]


def test_what_the_sweeper_turns_to(stack: Stack, log: Log) -> None:
    stack.open_account(SELLER, 100)
    made = order(stack, 2)
    late = utc_now() - timedelta(hours=4)
    stack.dynamodb.update_item(
        TableName=stack.table,
        Key={"pk": {"S": f"GROUP#{made['batchId']}"}, "sk": {"S": "META"}},
        UpdateExpression="SET gsi2sk = :due, created_at = :late",
        ExpressionAttributeValues={
            ":due": {"S": f"{late:%Y-%m-%dT%H:%M:%S}.000Z#{made['batchId']}"},
            ":late": {"S": f"{late:%Y-%m-%dT%H:%M:%S}.000Z"},
        },
    )
    job_id = "job_51c0d7e94a2b4f8f9be3d6a7c8f90e12"
    stack.put_job(job_id, SELLER, request_id="theirs", closes_at=late)
    log.lines.clear()
    stack.call("sweep", {})

    assert [(x["message"], x.get("correlation_id"), x.get("order_id")) for x in log.lines] == [
        ("looking after", "theirs", job_id),
        ("looking after", REQUEST_ID, made["batchId"]),
        ("swept", None, None),
    ]
    job = stack.jobs.get(job_id)
    assert job is not None
    assert job.status is Status.EXPIRED
