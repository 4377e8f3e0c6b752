"""process_photo with two hosted providers, imitated on this machine, and a clock to move."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import boto3
import pytest
from PIL import Image

from darkroom.cutout import Recipe
from darkroom.steps.cut_out import RECIPES
from lumiku.adapters.hosting.breaker import BreakerTable
from lumiku.adapters.hosting.slots import SlotTable
from lumiku.adapters.rows import Rows
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.bootstrap import aws
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.receipts import Receipt
from lumiku.services.clock import utc_now
from lumiku.services.hosting import asking as hosting
from tests.component.lane import Lane, Told
from tests.component.stack import Stack
from tests.imitation_providers.imitation import KEY, Books, Imitation
from tests.imitation_providers.script import script_of
from tests.imitation_providers.server import running

# One whose answer is the result, one that gives a ticket to ask with, and the next of the chain.
DIRECT, QUEUED = "fal:birefnet-light", "fal:birefnet-heavy"
SECOND = "segmind:bg-removal-v2"
SILENCE_S = 1.0


class Killed(BaseException):
    """The sandbox died. Not an Exception: nothing may catch it."""


@dataclass
class HostedLane:
    """The lane of tier standard, whose photos go to `entry`, then to `SECOND`, then to the models.

    Waiting only moves the clock, which all of it looks at.
    """

    lane: Lane
    entry: str
    first: Imitation
    second: Imitation
    books: Books
    moved_s: float = 0
    naps: list[float] = field(default_factory=list)
    dies_at_nap: int | None = None

    def clock(self) -> datetime:
        return utc_now() + timedelta(seconds=self.moved_s)

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.moved_s += seconds
        if len(self.naps) == self.dies_at_nap:
            raise Killed

    def job(self, **changes: Any) -> Told:
        """A job whose photo came."""
        workflow = background_removal(Tier.STANDARD)
        return self.lane.job(product=Tier.STANDARD.product, workflow=workflow, price=8, **changes)

    def cut_out(self) -> Told:
        """A job that is over after one delivery."""
        told = self.job()
        assert self.lane.deliver(told.body) == []
        return told

    @property
    def submissions(self) -> tuple[int, int]:
        """How many photos each provider was sent."""
        return self.first.sent.total(), self.second.sent.total()


@contextmanager
def hosted_lane(
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
    entry: str,
    second: str | None = SECOND,
    route: str = "standard",
    **options: Any,
) -> Iterator[HostedLane]:
    """Start it; `options` are further ones of ProviderRoutes."""
    books = Books()
    with ExitStack() as servers:
        chain = [one for one in (entry, second) if one is not None]
        by_entry = {
            one: servers.enter_context(running(Imitation(script_of(one), books=books)))
            for one in chain
        }
        routes = {
            route: [*chain, "local"],
            "baseUrls": {one: imitation.url for one, imitation in by_entry.items()},
            **options,
        }
        keys = {one.partition(":")[0]: KEY for one in chain}
        secret = boto3.client("secretsmanager").create_secret(
            Name="providers", SecretString=json.dumps(keys)
        )
        app = stack.app(
            "process_photo",
            Stage="local",
            ProviderRoutes=json.dumps(routes),
            ProviderSecretArn=secret["ARN"],
        )
        made = HostedLane(Lane(stack), entry, by_entry[entry], by_entry[chain[-1]], books)
        for quality in RECIPES:
            monkeypatch.setitem(RECIPES, quality, Recipe(made.lane.find, made.lane.refine))
        monkeypatch.setattr(aws.sqs(), "change_message_visibility", made.lane.put_off)
        monkeypatch.setattr(hosting, "MAX_SUBMIT_S", SILENCE_S)
        slots = SlotTable(
            Rows(stack.dynamodb, stack.table), routes.get("concurrency", {}), made.clock
        )
        hurried = replace(
            app.hosting,
            breaker=BreakerTable(Rows(stack.dynamodb, stack.table), made.clock),
            slots=slots,
            clock=made.clock,
            sleep=made.nap,
        )
        monkeypatch.setattr(app, "hosting", hurried)
        monkeypatch.setattr(app, "processing", replace(app.processing, clock=made.clock))
        yield made


def receipt(job: Job) -> Receipt:
    assert job.status is Status.COMPLETED
    assert job.receipt is not None
    return job.receipt


def alpha(stack: Stack, job: Job) -> Image.Image:
    assert job.result is not None
    stored = stack.s3.get_object(Bucket=stack.bucket, Key=job.result.key)
    with Image.open(BytesIO(stored["Body"].read())) as result:
        return result.getchannel("A").copy()
