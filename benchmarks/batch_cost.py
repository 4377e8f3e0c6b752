"""AWS requests of a batch, recorded from the real handlers over moto, and what they cost.

Recorded: every call of a handler, with the units of DynamoDB by the sizes of the rows. Known
without recording, because AWS makes them itself: three requests to SQS for each photo (S3's
message, the poll and the deletion), the steps of the state machine, the lines of the log. Assumed:
the sizes of photos and results.
"""

import io
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.recording import Call, recorded
from darkroom.cutout import Recipe
from darkroom.steps.cut_out import RECIPES
from tests.component import whole_batch
from tests.component.http_events import SELLER
from tests.component.lane import Lane, photo
from tests.component.stack import Stack, running_stack
from tests.faults.execution import MACHINE

PRICES: dict[str, Any] = json.loads((Path(__file__).parent / "aws_prices.json").read_text("utf-8"))
MB_IN = MB_OUT = 3.0
KEPT_DAYS, DAYS_A_MONTH = 7, 30
SQS_A_PHOTO, LOG_KB_A_PHOTO = 3, 2.5
ZIP_MB_PER_S, ZIP_GB = 60, 2.0
API_REQUESTS = 12  # order, finish, download and a few looks
# What only the harness asks for.
_OWN = {
    "CreateEventBus",
    "CreateStateMachine",
    "DescribeExecution",
    "ListExecutions",
    "ListStateMachines",
}


def rows_of(call: Call) -> tuple[list[str], list[str]]:
    """Kinds of rows that a call to DynamoDB writes and reads, each as often as it is paid for."""
    body = json.loads(call.body)
    match call.name:
        case "TransactWriteItems":
            actions = [action for item in body["TransactItems"] for action in item.values()]
            return [_kind(action.get("Item") or action["Key"]) for action in actions] * 2, []
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return [_kind(body.get("Item") or body["Key"])], []
        case "GetItem":
            return [], [_kind(body["Key"])]
        case "BatchGetItem":
            keys = [key for asked in body["RequestItems"].values() for key in asked["Keys"]]
            return [], [_kind(key) for key in keys]
        case "Query":
            return [], ["all JOB rows"]
    return [], []


def _kind(key: Mapping[str, Any]) -> str:
    """The part of a row's key that says what it is."""
    prefix, place = key["pk"]["S"].split("#")[0], key["sk"]["S"].split("#")[0]
    return f"{prefix}/{place}"


@dataclass(frozen=True)
class Bill:
    """What one batch asks of AWS."""

    photos: int
    calls: Counter[str]
    write_units: float
    read_units: float

    @property
    def requests_per_photo(self) -> float:
        """Recorded requests of the handlers for one photo, and the upload of it."""
        return sum(self.calls.values()) / self.photos + 1

    def usd_per_1000(self, region: str, photo_s: float, memory_gb: float) -> dict[str, float]:
        """Dollars by what they are for, for 1,000 photos in batches of this size."""
        price = PRICES["regions"][region]
        batches, photos = 1000 / self.photos, 1000
        zip_s = self.photos * MB_OUT / ZIP_MB_PER_S
        gigabytes = (MB_IN + 2 * MB_OUT) / 1000
        return {
            "sending the ZIP": photos * MB_OUT / 1000 * price["egress_gb"],
            "processing": photos * photo_s * memory_gb * price["lambda_gb_s"],
            "keeping 7 days": photos * gigabytes * price["s3_gb_month"] * KEPT_DAYS / DAYS_A_MONTH,
            "S3 requests": batches
            * (
                (self.photos + self._s3("PutObject", "UploadPart")) * price["s3_put"]
                + self._s3("GetObject", "HeadObject") * price["s3_get"]
            ),
            "DynamoDB": batches
            * (
                self.write_units * price["dynamodb_write_unit"]
                + self.read_units * price["dynamodb_read_unit"]
            ),
            "SQS": photos * SQS_A_PHOTO * price["sqs_request"],
            "logs": photos * LOG_KB_A_PHOTO / 1e6 * price["log_gb"],
            "everything else": photos * price["lambda_request"]
            + batches
            * (
                len(MACHINE["States"]) * price["step_transition"]
                + API_REQUESTS * price["http_request"]
                + zip_s * ZIP_GB * price["lambda_gb_s"]
                + price["event"]
                + price["mail"]
            ),
        }

    def _s3(self, *names: str) -> int:
        return sum(self.calls[f"s3 {name}"] for name in names)


def record(photos: int) -> Bill:
    """One batch from its order to its announcement."""
    with pytest.MonkeyPatch.context() as monkeypatch, running_stack(monkeypatch) as stack:
        monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        stack.open_account(SELLER, 10_000)
        lane = Lane(stack)
        with recorded(stack) as calls, redirect_stdout(io.StringIO()):  # metrics are printed
            stack.app("process_photo")
            for quality in RECIPES:
                monkeypatch.setitem(RECIPES, quality, Recipe(lane.find, lane.refine))
            told = whole_batch.send(lane, [photo()] * photos)
        if told["processedImages"] != photos:
            raise SystemExit(f"only {told['processedImages']} of {photos} photos were processed")
        sizes = _sizes(stack)
    made = [call for call in calls if call.name not in _OWN]
    rows = [rows_of(call) for call in made if call.service == "dynamodb"]
    return Bill(
        photos,
        Counter(f"{call.service} {call.name}" for call in made),
        write_units=sum(math.ceil(sizes[kind] / 1024) for written, _ in rows for kind in written),
        read_units=sum(math.ceil(sizes[kind] / 4096) for _, read in rows for kind in read),
    )


def _sizes(stack: Stack) -> Mapping[str, int]:
    """Bytes of the largest row of each kind, about as DynamoDB counts them; and of all jobs."""
    sizes: defaultdict[str, int] = defaultdict(lambda: 1)
    for page in stack.dynamodb.get_paginator("scan").paginate(TableName=stack.table):
        for row in page["Items"]:
            size, kind = len(json.dumps(row)), _kind(row)
            sizes[kind] = max(sizes[kind], size)
            if kind == "GROUP/JOB":
                sizes["all JOB rows"] += size
    return sizes
