"""AWS requests of a batch, and what each costs and buys: `python -m benchmarks.batch_cost`.

Recorded from the real handlers over moto: every call, the units of DynamoDB by the rows as they
were, and the lines of the log. Known without recording, because AWS makes them itself: the upload,
three requests to SQS for each photo (S3's message, the poll and the deletion), parts of the ZIP,
the steps of the state machine. Assumed: the size of photos and results, and how many runs are
traced. A ZIP comes from S3 itself, or through the distribution, whose free terabyte a month is
counted apart. Prices of CloudFront are from memory.
"""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from benchmarks import report
from benchmarks.recording import Call, recorded
from benchmarks.row_units import read_units, write_units
from darkroom.cutout import Recipe
from darkroom.steps.cut_out import RECIPES
from lumiku.adapters.work.archives import PART_BYTES
from tests.component import whole_batch
from tests.component.http_events import SELLER
from tests.component.lane import Lane, photo
from tests.component.stack import running_stack
from tests.faults.execution import MACHINE

PRICES: dict[str, Any] = json.loads((Path(__file__).parent / "aws_prices.json").read_text("utf-8"))
REGIONS = tuple(PRICES["regions"])
MB_IN = 3.0
# A result has 3 MB as PNG by run lengths, which is what there was before ADR 0019; others by the
# sizes that benchmarks/encode.py finds, and how much longer such a result takes to encode.
MB_OUT = {"PNG by run lengths": 3.0, "PNG": 3.0 * 0.84, "WebP": 3.0 * 0.146}
MORE_S = {"PNG by run lengths": 0.0, "PNG": 0.15, "WebP": 0.35}
# As the tables have them: the kind of result, and whether its ZIP comes through the distribution.
COLUMNS = {kind: (kind, False) for kind in MB_OUT} | {"PNG by CloudFront": ("PNG", True)}
KEPT_DAYS, DAYS_A_MONTH = 7, 30
SQS_A_PHOTO = 3
# Start and report of a run, which Lambda logs itself.
LAMBDA_LOG_KB = 0.7
TRACED = 0.05
ZIP_MB_PER_S, ZIP_GB = 60, 2.0
WORKER_GB = 1769 / 1024
API_REQUESTS = 12  # order, finish, download and a few looks
# What only the harness asks for.
_OWN = {
    "CreateEventBus",
    "CreateStateMachine",
    "DescribeExecution",
    "ListExecutions",
    "ListStateMachines",
}
SERVICES = {
    "s3_put": "S3 requests",
    "s3_get": "S3 requests",
    "dynamodb_write_unit": "DynamoDB",
    "dynamodb_read_unit": "DynamoDB",
    "sqs_request": "SQS",
}
PER_BATCH = "all that comes once a batch"
# What each request of a photo buys, and for whom.
BUYS = {
    "insert job": "what was ordered and paid for; customer, workers, refund",
    "upload": "the photo; customer",
    "message, poll, deletion": "begins the photo at least once; process_photo",
    "claim job": "one worker at a time, counted tries; provider and Lambda paid once",
    "get photo": "the photo, and that it is the one told of; process_photo",
    "put result": "the result; customer",
    "put thumbnail": "a picture in the list of photos; customer",
    "finish job": "the result counts, its receipt, the day's business; customer, operator",
    "count job": "how far the batch is, and the end of waiting; customer, state machine",
    "query jobs": "refund and names in the ZIP, from the rows themselves; customer",
    "get result": "the ZIP; customer",
    "put part of ZIP": "the ZIP; customer",
}


@dataclass(frozen=True)
class Request:
    """One kind of request: how often it comes for a photo, and what of that is paid for.

    `paid` are units of DynamoDB and requests to S3 and SQS, by the names of their prices.
    """

    name: str
    a_photo: float
    paid: Mapping[str, float]

    def usd_per_1000(self, prices: Mapping[str, float]) -> float:
        """Dollars for 1,000 photos."""
        return 1000 * sum(number * prices[price] for price, number in self.paid.items())


@dataclass(frozen=True)
class Bill:
    """What one batch asks of AWS: `recorded` by the handlers, lines of its log in KB."""

    photos: int
    recorded: tuple[Request, ...]
    log_kb: float

    @property
    def requests_per_photo(self) -> float:
        """Recorded requests of the handlers for one photo, and the upload of it."""
        return sum(request.a_photo for request in self.recorded) + 1

    def requests(self, kind: str) -> list[Request]:
        """All requests, for results of that kind."""
        return [
            *self.recorded,
            _known("upload", 1, "s3_put"),
            _known("message, poll, deletion", SQS_A_PHOTO, "sqs_request"),
            _known("put part of ZIP", MB_OUT[kind] * 1e6 / PART_BYTES, "s3_put"),
        ]

    def usd_per_1000(
        self, region: str, photo_s: float, kind: str = "PNG", *, by_distribution: bool = False
    ) -> dict[str, float]:
        """Dollars by what they are for, for 1,000 photos in batches of this size."""
        price, mb_out = PRICES["regions"][region], MB_OUT[kind]
        batches, photos = 1000 / self.photos, 1000
        zip_s = self.photos * mb_out / ZIP_MB_PER_S
        gigabytes = (MB_IN + 2 * mb_out) / 1000
        costs: defaultdict[str, float] = defaultdict(float)
        sent_gb = price["cloudfront_gb" if by_distribution else "egress_gb"]
        costs["sending the ZIP"] = photos * mb_out / 1000 * sent_gb
        costs["keeping 7 days"] = (
            photos * gigabytes * price["s3_gb_month"] * KEPT_DAYS / DAYS_A_MONTH
        )
        costs["processing"] = photos * (photo_s + MORE_S[kind]) * WORKER_GB * price["lambda_gb_s"]
        for request in self.requests(kind):
            for paid, number in request.paid.items():
                costs[SERVICES[paid]] += photos * number * price[paid]
        costs["logs"] = photos * (self.log_kb / self.photos + LAMBDA_LOG_KB) / 1e6 * price["log_gb"]
        costs["everything else"] = photos * (price["lambda_request"] + TRACED * price["trace"])
        costs["everything else"] += batches * (
            len(MACHINE["States"]) * price["step_transition"]
            + API_REQUESTS * price["http_request"]
            + zip_s * ZIP_GB * price["lambda_gb_s"]
            + price["event"]
            + price["mail"]
            + by_distribution * price["cloudfront_request"]
        )
        return dict(costs)


def _known(name: str, a_photo: float, price: str) -> Request:
    return Request(name, a_photo, {price: a_photo})


def _kind(call: Call) -> str:
    """What a recorded call is for, as in `BUYS`."""
    match call.service, call.name:
        case "s3", "GetObject":
            return "get photo" if "/in/" in call.path else "get result"
        case "s3", "PutObject" if "/out/" in call.path:
            return "put thumbnail" if ".thumbnail." in call.path else "put result"
        case "dynamodb", "Query":
            return "query jobs"
        case "dynamodb", _ if b'"JOB#0' in call.body:
            if call.name != "UpdateItem":
                return "insert job"
            return "finish job" if b"outputs" in call.body else "claim job"
        case "dynamodb", "UpdateItem" if b"last_at" in call.body:
            return "count job"
    return PER_BATCH


def _request(name: str, calls: Sequence[Call], photos: int) -> Request:
    paid: Counter[str] = Counter()
    for call in calls:
        if call.service == "dynamodb":
            paid["dynamodb_write_unit"] += write_units(call)
            paid["dynamodb_read_unit"] += read_units(call)
        if call.service == "s3":
            paid["s3_get" if call.name == "GetObject" else "s3_put"] += 1
    return Request(name, len(calls) / photos, {what: n / photos for what, n in paid.items() if n})


def record(photos: int) -> Bill:
    """One batch from its order to its announcement."""
    with pytest.MonkeyPatch.context() as monkeypatch, running_stack(monkeypatch) as stack:
        stack.open_account(SELLER, 10_000)
        lane, log = Lane(stack), io.StringIO()
        with recorded(stack) as calls, redirect_stdout(log):
            stack.app("process_photo")
            for quality in RECIPES:
                monkeypatch.setitem(RECIPES, quality, Recipe(lane.find, lane.refine))
            told = whole_batch.send(lane, [photo()] * photos)
    if told["processedImages"] != photos:
        raise SystemExit(f"only {told['processedImages']} of {photos} photos were processed")
    kinds: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.name not in _OWN:
            kinds[_kind(call)].append(call)
    requests = (_request(name, these, photos) for name, these in kinds.items())
    return Bill(photos, tuple(requests), len(log.getvalue()) / 1000)


def report_requests(bill: Bill) -> None:
    """Print what each request of a photo costs and buys."""
    shown = bill.requests("PNG")
    rows = sorted(shown, key=lambda one: list(BUYS).index(one.name) if one.name in BUYS else 99)
    prices = PRICES["regions"][REGIONS[0]]
    report.table(
        {f"for a photo of a batch of {bill.photos}": "", "requests": ".2f"}
        | {"write units": ".2f", "read units": ".2f", "dollars for 1,000": ".4f", "buys": ""},
        [
            (
                one.name,
                one.a_photo,
                one.paid.get("dynamodb_write_unit"),
                one.paid.get("dynamodb_read_unit"),
                one.usd_per_1000(prices),
                BUYS.get(one.name, ""),
            )
            for one in rows
        ],
    )


def report_cost(bill: Bill, photo_s: float) -> dict[str, float]:
    """Print dollars by region and kind of result; answers those of PNGs by region."""
    for region in REGIONS:
        costs = [
            bill.usd_per_1000(region, photo_s, kind, by_distribution=by_distribution)
            for kind, by_distribution in COLUMNS.values()
        ]
        report.table(
            {f"dollars for 1,000 photos, {region}": "", **dict.fromkeys(COLUMNS, ".4f")},
            [
                *((item, *(cost[item] for cost in costs)) for item in costs[0]),
                ("all", *(sum(cost.values()) for cost in costs)),
            ],
        )
    sizes = ", ".join(f"{mb:.2f} MB out as {kind}" for kind, mb in MB_OUT.items())
    free_gb = PRICES["cloudfront_free_gb_month"]
    print(
        f"not counted: CloudFront's free {free_gb} GB a month, which sends "
        f"{free_gb * 1000 / MB_OUT['PNG']:,.0f} photos as PNG for nothing instead of "
        f"{' and '.join(_saved())} dollars"
    )
    print(
        f"prices of {PRICES['as_of']}; {MB_IN:.0f} MB in, {sizes}; {photo_s:.2f} s at "
        f"{WORKER_GB:.2f} GB; {bill.log_kb / bill.photos:.1f} KB of log a photo"
    )
    return {r: round(sum(bill.usd_per_1000(r, photo_s).values()), 3) for r in REGIONS}


def _saved() -> list[str]:
    """What the free terabyte is worth by region, at the price of sending it from S3."""
    gigabytes = PRICES["cloudfront_free_gb_month"]
    return [f"{gigabytes * prices['egress_gb']:.0f}" for prices in PRICES["regions"].values()]


def main(
    photos: Annotated[int, typer.Option(help="Photos of the batch")] = 500,
    photo_s: Annotated[float, typer.Option(help="Seconds of process_photo for one")] = 0.1,
) -> None:
    """Record, count and print."""
    bill = record(photos)
    report_requests(bill)
    usd = report_cost(bill, photo_s)
    report.figures(requests_per_photo=round(bill.requests_per_photo, 2), usd_per_1000=usd)


if __name__ == "__main__":
    typer.run(main)
