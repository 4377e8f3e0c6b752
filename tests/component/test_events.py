"""Each file under events/ is handled by its function, so that none of them rots."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lumiku.apps.remover.http import REMOVER_ALIAS
from lumiku.domain.work.jobs import Status
from lumiku.services.clock import utc_now
from scripts.template import ROOT, functions
from tests.component.attempts import made, rejected
from tests.component.desk import put_item
from tests.component.http_events import SELLER
from tests.component.stack import Stack

PENDING, SECOND, DONE, FAILING, ODD, STORED = (
    "job_3f2a9c5e7b1d4e60a8c2f4d6b8e0a1c3",
    "job_51c0d7e94a2b4f8f9be3d6a7c8f90e12",
    "job_7d40b6f1c3a94e52b1f8a6d2e4c0975b",
    "job_90ab12cd34ef4567a89b0c1d2e3f4a5b",
    "job_c0ffee00c0ffee00c0ffee00c0ffee00",
    "job_57a57ed057a57ed057a57ed057a57ed0",
)
BATCH = "batch_061b5dcc0e5f5dc1a147e64fe640006a"
EVENTS = {f"{path.parent.name}/{path.stem}": path for path in ROOT.glob("events/*/*.json")}

STATUSES = {
    "admin_api/find_account": 200,
    "admin_api/find_account_as_seller": 403,
    "admin_api/grant_to_nobody": 404,
    "admin_api/limits_of_nobody": 404,
    "admin_api/overview": 200,
    "auth_api/account": 200,
    "auth_api/change_account": 200,
    "auth_api/confirm": 200,
    "auth_api/forgot": 202,
    "auth_api/login": 200,
    "auth_api/login_wrong_password": 401,
    "auth_api/refresh": 401,
    "auth_api/register": 202,
    "auth_api/resend": 202,
    "auth_api/reset": 200,
    "billing_api/cancel": 404,
    "billing_api/checkout": 404,
    "billing_api/notification": 404,
    "billing_api/packages": 200,
    "billing_api/payment": 404,
    "billing_api/studio_cancel": 404,
    "billing_api/studio_subscribe": 201,
    "billing_api/studio_subscription": 200,
    "billing_api/subscribe": 201,
    "billing_api/subscription": 200,
    "billing_api/top_up": 201,
    "batches_api/cancel": 200,
    "batches_api/download_too_early": 409,
    "batches_api/finish": 200,
    "batches_api/items": 200,
    "batches_api/list": 200,
    "batches_api/renew_policy": 200,
    "batches_api/retry_too_early": 409,
    "batches_api/show": 200,
    "batches_api/submit": 201,
    "batches_api/submit_with_options": 201,
    "batches_api/wait": 200,
    "credits_api/calculate": 200,
    "credits_api/calculate_studio": 200,
    "credits_api/credits": 200,
    "credits_api/ledger": 200,
    "credits_api/stats": 200,
    "credits_api/stats_studio": 200,
    "credits_api/usage_studio": 200,
    "generations_api/apply_template": 202,
    "generations_api/delete": 404,
    "generations_api/download": 404,
    "generations_api/list": 200,
    "generations_api/process": 202,
    "generations_api/select": 404,
    "generations_api/show": 404,
    "generations_api/variations": 200,
    "health_api/health": 200,
    "health_api/preflight": 204,
    "health_api/unknown_route": 404,
    "health_api/wrong_method": 405,
    "items_api/bulk": 200,
    "items_api/change": 404,
    "items_api/delete": 404,
    "items_api/import_csv": 200,
    "items_api/list": 200,
    "items_api/show": 404,
    "jobs_api/download": 200,
    "jobs_api/download_redirect": 302,
    "jobs_api/download_too_early": 409,
    "jobs_api/job_of_nobody": 404,
    "jobs_api/list_jobs": 200,
    "jobs_api/list_photos_of_a_batch": 404,
    "jobs_api/remove": 202,
    "jobs_api/remove_alias": 202,
    "jobs_api/remove_bad_body": 400,
    "jobs_api/remove_form": 202,
    "jobs_api/remove_mask_on_white": 400,
    "jobs_api/remove_with_options": 202,
    "jobs_api/show_job": 200,
    "jobs_api/wait_for_job": 200,
    "preview_api/preview": 404,
    "projects_api/change": 200,
    "projects_api/change_of_an_old_version": 412,
    "projects_api/create": 201,
    "projects_api/delete": 200,
    "projects_api/delete_while_uploading": 409,
    "projects_api/finish_upload": 200,
    "projects_api/import": 200,
    "projects_api/list": 200,
    "projects_api/renew_policy": 200,
    "projects_api/replace": 200,
    "projects_api/show": 200,
    "projects_api/show_template": 200,
    "projects_api/show_upload": 200,
    "projects_api/templates": 200,
    "projects_api/upload": 201,
    "webhooks_api/delete": 404,
    "webhooks_api/list": 200,
    "webhooks_api/register": 201,
    "webhooks_api/register_inside": 400,
    "webhooks_api/rotate": 404,
}
"""What the HTTP functions answer, with moto's Cognito that takes any code."""

OUTCOMES: dict[str, dict[str, Status]] = {
    "deliver_webhook/closed": {},
    "deliver_webhook/endpoint_deleted": {},
    "keep_items/schedule": {},
    "notify_batch/closed": {},
    "process_photo/encoded_key": {ODD: Status.COMPLETED},
    "process_photo/event_of_a_finished_job": {DONE: Status.COMPLETED},
    "process_photo/photo_arrived": {PENDING: Status.COMPLETED, SECOND: Status.PENDING},
    "process_photo/several_messages": {PENDING: Status.COMPLETED, SECOND: Status.COMPLETED},
    "process_photo/several_records": {PENDING: Status.COMPLETED, SECOND: Status.COMPLETED},
    "process_photo/stored_photo": {STORED: Status.COMPLETED, PENDING: Status.PENDING},
    "process_photo/stray_object": {PENDING: Status.PENDING},
    "process_photo/test_event": {PENDING: Status.PENDING},
    "settle_job/dead_letter": {PENDING: Status.FAILED, SECOND: Status.PENDING},
    "settle_job/dead_letter_of_a_stored_photo": {STORED: Status.FAILED, PENDING: Status.PENDING},
    "settle_job/failed_job": {FAILING: Status.FAILED, PENDING: Status.PENDING},
    "settle_job/job_of_nobody": {FAILING: Status.FAILING},
    "sweep/schedule": {SECOND: Status.EXPIRED, PENDING: Status.PENDING},
}
"""What the other functions do to the jobs."""

STEPS: dict[str, dict[str, object]] = {
    "await_photos/token": {},
    "close_batch/close": {"completed": 2, "failed": 0, "refund": 0, "hasResults": True},
    "zip_batch/zip": {"files": 2},
    "announce_batch/announce": {"batchId": BATCH},
}
"""What the steps of a batch answer, among other things."""

COME_BACK = {"process_photo/several_messages": ["19dd0b57-b21e-4ac1-bd88-01bbb068cb71"]}
"""Messages that are reported as failed."""


@pytest.fixture
def world(stack: Stack) -> Stack:
    """A seller with credits and the jobs that the events are about."""
    stack.open_account(SELLER, 100)
    for job_id in (PENDING, DONE, FAILING):
        stack.put_job(job_id, SELLER)
    stack.put_job(ODD, "toko+sepatu & tas")
    stack.put_job(STORED, SELLER, source={"kind": "item", "key": f"in/single/{SELLER}/{PENDING}"})
    stack.put_job(SECOND, SELLER, closes_at=utc_now() - timedelta(minutes=1))
    stack.work(DONE)
    stack.work(FAILING, rejected)
    return stack


def handle(stack: Stack, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the event to its function: without pixels, without waiting, with one login."""
    folder = Path(name).parent.name
    match folder:
        case "admin_api":
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
        case "generations_api":
            put_item(stack, load("generations_api/process")["pathParameters"]["item_id"])
        case "process_photo":
            app = stack.app(folder)
            monkeypatch.setattr(app, "processing", replace(app.processing, develop=made))
    return stack.call(folder, load(name))


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
    if name.startswith("batches_api/"):
        handle(world, "batches_api/submit", monkeypatch)
    if name.startswith(("projects_api/", "items_api/")):
        handle(world, "projects_api/create", monkeypatch)
        handle(world, "projects_api/upload", monkeypatch)

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

    if not name.startswith(("sweep/", "keep_items/")):
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


def test_every_event_is_tried() -> None:
    assert EVENTS.keys() == STATUSES.keys() | OUTCOMES.keys() | STEPS.keys()


def test_every_function_has_its_events() -> None:
    assert {name.split("/")[0] for name in EVENTS} == {function.folder for function in functions()}


def test_every_route_has_its_event() -> None:
    keys = {load(name)["routeKey"] for name in STATUSES}

    routes = {
        route.path if route.method == route.path else f"{route.method} {route.path}"
        for function in functions()
        for route in function.routes
        if route.method != "HEAD"  # a GET without its body
    }

    assert {route for route in routes if REMOVER_ALIAS not in route} <= keys <= routes
