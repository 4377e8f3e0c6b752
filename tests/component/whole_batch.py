"""A batch through every function that has to do with it, over moto, one after the other."""

import json
from collections.abc import Sequence
from typing import Any

import boto3

from lumiku.apps.remover.http import REMOVER_PREFIX
from tests.component.http_events import answer, request
from tests.component.lane import Lane, message
from tests.component.stack import Stack


def send(lane: Lane, photos: Sequence[bytes]) -> dict[str, Any]:
    """Order, upload, process, close, zip if there are results, announce; answers what was told."""
    stack = lane.stack
    made = order(stack, len(photos))
    step = {**started(), "token": "nobody's"}
    stack.call("await_photos", step)
    for file, photo in zip(made["files"], photos, strict=True):
        lane.deliver(message(lane.put(file["key"], photo)))
    if stack.call("close_batch", step)["hasResults"]:
        stack.call("zip_batch", step)
    told: dict[str, Any] = stack.call("announce_batch", step)
    return told


def order(stack: Stack, count: int) -> Any:
    """Order a batch in the tier basic; answers what the API says of it."""
    files = [{"name": f"{number}.jpg", "size": 1000} for number in range(count)]
    path = f"{REMOVER_PREFIX}/batch"
    event = request("POST", path, route=path, body={"tier": "basic", "files": files})
    return answer(stack.call("batches_api", event)).data


def started() -> dict[str, Any]:
    """Input of the only execution there is."""
    machines = boto3.client("stepfunctions")
    [machine] = machines.list_state_machines()["stateMachines"]
    [execution] = machines.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    described = machines.describe_execution(executionArn=execution["executionArn"])
    given: dict[str, Any] = json.loads(described["input"])
    return given


def from_the_bus(told: dict[str, Any], queue: str) -> dict[str, Any]:
    """What a queue delivers of an event on the bus."""
    record = {
        "messageId": "m0",
        "receiptHandle": "handle of m0",
        "body": json.dumps({"detail-type": "batch.closed", "detail": told}),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:ap-southeast-1:123456789012:{queue}",
        "awsRegion": "ap-southeast-1",
    }
    return {"Records": [record]}
