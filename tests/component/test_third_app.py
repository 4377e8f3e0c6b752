"""A third app is added beside the others without touching the platform, and all of it works."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom.errors import PhotoRefused
from darkroom.models import Models
from darkroom.steps.operation import OPERATIONS, operation
from darkroom.workflow import Tools, run
from lumiku.adapters.money.business import BusinessTable
from lumiku.adapters.money.ledger import LedgerTable
from lumiku.adapters.rows import Rows
from lumiku.adapters.work.queues import SettleQueueSqs
from lumiku.apps.remover.prices import APP as REMOVER
from lumiku.domain.money.business import business
from lumiku.domain.money.statistics import Figures
from lumiku.domain.people.callers import person
from lumiku.domain.work.groups import PlannedPhoto
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import utc_now
from lumiku.services.money.statistics import UsageStatistics
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Developed, PhotoRejected
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping
from lumiku.services.work.ordering import Ordering
from lumiku.services.work.processing import Arrival, Done, Processing
from models.build import build
from photo_steps import Parameters
from tests.component.http_events import SELLER, Answer, answer, request
from tests.component.stack import Context, Stack
from tests.fakes import FakeFetches, FakeLanes
from tests.faults.stores import Adapters

CALLER = person(SELLER)


@pytest.fixture
def echo(stack: Stack) -> Iterator[Any]:
    """The app, as a function of the stack; its step is known for as long as the test runs."""
    stack.app("jobs_api")  # its environment is the one that any app with jobs has
    stack.open_account(SELLER, 100)
    from tests.component.echo import app

    Parameters.kinds["negative"] = app.Negative
    operation(app.Negative)(app.negative)
    yield app
    del Parameters.kinds["negative"], OPERATIONS["negative"]


def post(echo: Any, body: object, **headers: str) -> Answer:
    path = "/api/apps/echo/negatives"
    event = request("POST", path, route=path, body=body, headers=headers)
    return answer(echo.handler(event, Context("echo_api")))


def develop(attempt: Attempt) -> Developed:
    try:
        made = run(attempt.photo, attempt.job.workflow, Tools(Models(build, 1), Stopwatch()))
    except PhotoRefused as refused:
        raise PhotoRejected(refused.code, refused.message, refused.facts) from refused
    return Developed(made.files)


def work(stack: Stack, key: str, photo: bytes) -> str:
    put = stack.s3.put_object(Bucket=stack.bucket, Key=key, Body=photo)
    queue = SettleQueueSqs(lambda: stack.sqs, stack.queue_urls["SettleQueue"])
    done = Processing(
        stack.jobs, stack.photos, queue, stack.groups, stack.executions, develop, utc_now
    ).process(Arrival(key, put["ETag"].strip('"'), len(photo)), attempt_id="a1", time_left_s=120)
    assert isinstance(done, Done)
    return done.outcome


def grey(level: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (20, 10), (level, level, level)).save(file, "PNG")
    return file.getvalue()


def figures(stack: Stack, app: str) -> Figures:
    ledger = LedgerTable(Rows(stack.dynamodb, stack.table))
    return UsageStatistics(app, ledger, utc_now).months(CALLER, count=1).total


def test_a_photo_goes_all_the_way(echo: Any, stack: Stack) -> None:
    got = post(echo, {"name": "a.png", "white": 200}, **{"idempotency-key": "k"})
    again = post(echo, {"name": "a.png", "white": 200}, **{"idempotency-key": "k"})

    assert (got.status, again.data) == (202, got.data)
    assert (got.headers["x-credits-used"], got.headers["x-credits-remaining"]) == ("2", "98")
    assert work(stack, got.data["key"], grey(50)) == "completed"
    job = stack.jobs.get(got.data["jobId"])
    assert job is not None
    assert job.result is not None
    data = stack.s3.get_object(Bucket=stack.bucket, Key=job.result.key)["Body"].read()
    with Image.open(io.BytesIO(data)) as image:
        assert set(np.asarray(image)[..., 0].ravel()) == {150}


def test_what_cannot_be_run_is_refused_before_it_costs_anything(echo: Any, stack: Stack) -> None:
    refused = post(echo, {"name": "a.png", "white": 999})

    assert (refused.status, refused.json["code"]) == (400, "invalid_request")
    assert [error["field"] for error in refused.json["errors"]] == ["workflow.0.white"]
    assert figures(stack, "echo") == Figures()


def test_its_failures_are_given_back_and_all_of_it_is_counted(echo: Any, stack: Stack) -> None:
    key = post(echo, {"name": "b.png"}).data["key"]
    assert work(stack, key, b"no photo") == "unsupported_format"
    stack.settle(key.rsplit("/", 1)[-1])
    post(echo, {"name": "c.png"})

    expected = Figures(photos=2, failed=1, credits_used=2, credits_refunded=2)
    assert figures(stack, "echo") == expected
    assert figures(stack, REMOVER) == Figures()
    day, days = utc_now().date(), BusinessTable(Rows(stack.dynamodb, stack.table))
    found = business(days.entries(day), days.incomes(day), days.made(day))
    assert found.products == {echo.PRODUCT: expected}
    assert found.credits_in == {}


def test_its_plans_pay(echo: Any, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    now = utc_now()
    plan = echo.PLANS["loud"]
    rows = Rows(stack.dynamodb, stack.table)
    store = Adapters(rows, {"echo": echo.PLANS})
    rows.put(
        {
            "pk": f"USER#{SELLER}",
            "sk": "SUBSCRIPTION#echo",
            "user_id": SELLER,
            "app": "echo",
            "plan_name": plan.name,
            "subscribed_at": now.isoformat(),
            "period_start": now.isoformat(),
            "period_end": f"{now.year + 1}-01-01T00:00:00Z",
        }
    )
    ordering = Ordering(store, store, store, utc_now)
    monkeypatch.setattr(echo.work, "ordering", lambda: ordering)

    placed = echo.order_one(CALLER, "d.png", 255, None)

    assert (placed.order.price, placed.order.pricing_type) == (0, "subscription")
    assert store.usage(SELLER, "echo", f"{now:%Y-%m-%d}").of(echo.PRODUCT) == 1


def test_a_group_of_it_closes_at_its_own_worth(echo: Any, stack: Stack) -> None:
    store = Adapters(Rows(stack.dynamodb, stack.table), {})
    ordering = Ordering(store, store, store, utc_now)
    grouping = Grouping(
        ordering, store, stack.photos, stack.executions, FakeLanes(), FakeFetches(), utc_now
    )
    photos = tuple(PlannedPhoto(name=f"{n}.png", size_bytes=9) for n in range(3))

    group = echo.order_many(grouping, CALLER, photos)
    for index, photo in enumerate([grey(10), b"no photo"]):
        work(stack, str(group.photo_key(index)), photo)
    closing = Closing(store, stack.photos, stack.executions, store, echo.worth, utc_now)
    outcome = closing.close(group.id)

    assert (outcome.completed, outcome.failed, outcome.expired) == (1, 1, 1)
    assert outcome.refund == 4
    assert store.account(SELLER).balance == 98
    statuses = [Job.model_validate(job).status for job in store.group_jobs(group.id)]
    assert statuses == [Status.COMPLETED, Status.FAILED, Status.EXPIRED]
