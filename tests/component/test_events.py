"""Each file under events/ is handled by its function, so that none of them rots."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_ALIAS
from lumiku.services.clock import utc_now
from scripts.template import ROOT, functions
from tests.component.attempts import made, rejected
from tests.component.desk import put_item
from tests.component.expected_events import (
    AUTHORIZED,
    BATCH,
    COME_BACK,
    DONE,
    FAILING,
    ODD,
    OUTCOMES,
    PENDING,
    SECOND,
    STATUSES,
    STEPS,
    STORED,
)
from tests.component.http_events import SELLER
from tests.component.moment import moment
from tests.component.stack import Stack

EVENTS = {f"{path.parent.name}/{path.stem}": path for path in ROOT.glob("events/*/*.json")}


@pytest.fixture(scope="module")
def begun(warm_stack: Stack) -> Callable[[], None]:
    """Goes back to a seller with credits and the jobs that the events are about."""
    stack = warm_stack
    stack.empty()
    stack.open_account(SELLER, 100)
    for job_id in (PENDING, DONE, FAILING):
        stack.put_job(job_id, SELLER)
    stack.put_job(ODD, "toko+sepatu & tas")
    stack.put_job(STORED, SELLER, source={"kind": "item", "key": f"in/single/{SELLER}/{PENDING}"})
    stack.put_job(SECOND, SELLER, closes_at=utc_now() - timedelta(minutes=1))
    stack.work(DONE)
    stack.work(FAILING, rejected)
    return moment()


@pytest.fixture
def world(stack: Stack, begun: Callable[[], None]) -> Stack:
    """That seller, who did nothing since."""
    begun()
    return stack


def handle(stack: Stack, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the event to its function: without pixels, without waiting, with one login."""
    folder = Path(name).parent.name
    match folder:
        case "admin_api" | "release_accounts":
            stack.create_user()
            stack.app(folder, UserPool=stack.user_pool)
        case "auth_api":
            app = stack.app(folder, UserPoolClient=stack.create_user())
            cognito = app.people.identity._client
            monkeypatch.setattr(
                cognito, "resend_confirmation_code", lambda **_: {}
            )  # moto has none
        case "jobs_api" | "batches_api":
            app = stack.app(folder)
            naps: list[float] = []
            use_case = "jobs" if folder == "jobs_api" else "groups"
            hurried = replace(getattr(app, use_case), sleep=naps.append, clock=ticking(naps))
            monkeypatch.setattr(app, use_case, hurried)
        case "process_photo":
            app = stack.app(folder)
            monkeypatch.setattr(app, "processing", replace(app.processing, develop=made))
    return stack.call(folder, load(name))


def prepare(stack: Stack, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be what the event is about, besides the world's jobs."""
    before = {
        "batches_api": ["batches_api/submit"],
        "projects_api": ["projects_api/create", "projects_api/upload"],
    }
    folder = Path(name).parent.name
    for event in before.get(folder, []):
        if event == name:
            return
        handle(stack, event, monkeypatch)
    if folder in {
        "items_api",
        "generations_api",
        "preview_api",
        "studio_batches_api",
        "handovers_api",
    }:
        put_item(stack, load("generations_api/process")["pathParameters"]["item_id"])


def ticking(naps: list[float]) -> Callable[[], Any]:
    """A clock that moves only by naps."""
    start = utc_now()
    return lambda: start + timedelta(seconds=sum(naps))


def load(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(EVENTS[name].read_text(encoding="utf-8"))
    return event


def upload(stack: Stack, *job_ids: str) -> None:
    for job_id in job_ids:
        job = stack.jobs.get(job_id)
        assert job is not None
        stack.s3.put_object(Bucket=stack.bucket, Key=job.source.key, Body=b"a photo")


@pytest.mark.parametrize("name", sorted(STATUSES))
def test_an_http_event_is_answered(
    world: Stack, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(world, name, monkeypatch)

    raw = handle(world, name, monkeypatch)

    assert raw["statusCode"] == STATUSES[name], raw["body"]
    assert isinstance(raw["body"], str)


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_an_event_of_a_queue_or_a_schedule_is_handled(
    world: Stack, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.startswith("process_photo/"):
        upload(world, PENDING, SECOND, ODD)

    answer = handle(world, name, monkeypatch)

    if not name.startswith(("sweep/", "keep_items/", "release_accounts/")):
        failed = [item["itemIdentifier"] for item in answer["batchItemFailures"]]
        assert failed == COME_BACK.get(name, [])
    for job_id, status in OUTCOMES[name].items():
        job = world.jobs.get(job_id)
        assert job is not None
        assert job.status is status


@pytest.fixture
def batch(world: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The batch that the other events are about."""
    assert handle(world, "batches_api/submit", monkeypatch)["statusCode"] == 201
    return world


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_a_batch_is_taken(
    batch: Stack, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name != "await_photos/token":
        for index in range(2):
            batch.work(f"{BATCH}_{index:04d}")
    if name not in {"await_photos/token", "close_batch/close"}:
        handle(batch, "close_batch/close", monkeypatch)

    answer = handle(batch, name, monkeypatch) or {}

    assert {key: answer.get(key) for key in STEPS[name]} == STEPS[name]


def test_a_stray_object_is_deleted(world: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    event = load("process_photo/stray_object")
    key = json.loads(event["Records"][0]["body"])["Records"][0]["s3"]["object"]["key"]
    world.s3.put_object(Bucket=world.bucket, Key=key, Body=b"a photo")

    handle(world, "process_photo/stray_object", monkeypatch)

    assert not world.photos.exists(key)


@pytest.mark.parametrize("name", sorted(AUTHORIZED))
def test_an_event_of_the_authorizer_is_answered(
    world: Stack, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert handle(world, name, monkeypatch)["isAuthorized"] is AUTHORIZED[name]


def test_every_event_is_tried() -> None:
    tried = STATUSES.keys() | OUTCOMES.keys() | STEPS.keys() | AUTHORIZED.keys()
    assert EVENTS.keys() == tried


def test_every_function_has_its_events() -> None:
    assert {name.split("/")[0] for name in EVENTS} == {function.folder for function in functions()}


def test_every_route_has_its_event() -> None:
    keys = {load(name)["routeKey"] for name in STATUSES}

    routes = {
        route.path if route.method == route.path else f"{route.method} {route.path}"
        for function in functions()
        for route in (*function.routes, *(r for r in function.key_routes if r.is_open))
        if route.method != "HEAD"  # a GET without its body
    }

    assert {route for route in routes if REMOVER_ALIAS not in route} <= keys <= routes
