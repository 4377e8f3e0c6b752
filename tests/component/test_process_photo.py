"""process_photo as Lambda calls it: messages in, what must come back out.

Only the models are left out: every tier gives every picture a hole in the middle.
"""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from darkroom.cutout import Recipe
from darkroom.picture import Bytes
from darkroom.steps.cut_out import RECIPES
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.bootstrap import stores
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.clock import utc_now
from lumiku.services.hosting.asking import Asked
from tests.component.lane import (
    HEIGHT_PX,
    USER,
    WIDTH_PX,
    Flaky,
    Lane,
    Told,
    message,
    photo,
    refused,
)
from tests.component.stack import Context


def claimed(lane: Lane, told: Told, etag: str) -> Job:
    """The job in the hands of another worker for 90 seconds."""
    now = utc_now()
    job, taken = lane.stack.jobs.claim(
        told.id,
        etag=etag,
        size_bytes=1,
        attempt_id="other",
        now=now,
        lease_until=now + timedelta(seconds=90),
    )
    assert taken
    assert job is not None
    return job


# Outcomes


@pytest.mark.parametrize(("chains", "loaded"), [((), ["u2netp"]), (("basic",), [])])
def test_models_are_loaded_ahead_where_no_provider_is_asked_first(
    lane: Lane, monkeypatch: pytest.MonkeyPatch, chains: tuple[str, ...], loaded: list[str]
) -> None:
    app = lane.stack.app("process_photo")
    asked: list[str] = []
    monkeypatch.setattr(app.models, "load_ahead", asked.extend)
    monkeypatch.setattr(app, "hosting", SimpleNamespace(chains=dict.fromkeys(chains)))
    monkeypatch.setattr(app, "ask", lambda *_: Asked[Bytes]("basic"))
    monkeypatch.setitem(RECIPES, "basic", Recipe(lane.find, lane.refine, ("u2netp",)))
    told = lane.job(tier=Tier.BASIC, workflow=background_removal(Tier.BASIC))
    assert lane.deliver(told.body) == []
    assert told.now().status is Status.COMPLETED
    assert asked == loaded


def test_a_photo_is_cut_out(lane: Lane, capsys: pytest.CaptureFixture[str]) -> None:
    told = lane.job()
    context = Context("process_photo")

    assert lane.deliver(told.body, context=context) == []

    job = told.now()
    assert (job.status, job.tries, job.attempt_id) == (
        Status.COMPLETED,
        1,
        f"{context.aws_request_id}-0",
    )
    assert job.result is not None
    assert job.result.key == f"out/{USER}/{told.id}/{context.aws_request_id}-0.png"
    assert (job.result.width_px, job.result.height_px) == (WIDTH_PX, HEIGHT_PX)
    stored = lane.stack.s3.get_object(Bucket=lane.stack.bucket, Key=job.result.key)
    data = stored["Body"].read()
    assert (stored["ContentType"], len(data)) == ("image/png", job.result.size_bytes)
    with Image.open(BytesIO(data)) as result:
        assert (result.mode, result.size) == ("RGBA", (WIDTH_PX, HEIGHT_PX))
        assert result.getpixel((15, 15)) == (0, 0, 0, 0)
    thumbnail = job.outputs["thumbnail"]
    assert thumbnail.key == job.result.key.removesuffix(".png") + ".thumbnail.webp"
    stored = lane.stack.s3.get_object(Bucket=lane.stack.bucket, Key=thumbnail.key)
    assert stored["ContentType"] == "image/webp"
    with Image.open(BytesIO(stored["Body"].read())) as small:
        assert (small.format, small.mode, small.size) == ("WEBP", "RGBA", (WIDTH_PX, HEIGHT_PX))
    assert lane.to_settle() == []
    said = capsys.readouterr().out
    assert '"Photo_completed":[1.0]' in said
    assert "Photo_failed" not in said


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"a letter", "unsupported_format"), (photo()[:200], "damaged_photo")],
)
def test_what_is_no_photo_goes_to_be_refunded(
    lane: Lane, data: bytes, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lane.job(data)

    assert lane.deliver(told.body) == []

    job = told.now()
    assert job.status is Status.FAILING
    assert job.failure is not None
    assert job.failure.code == code
    assert lane.to_settle() == [told.id]
    assert lane.keys("out/") == []
    said = capsys.readouterr().out
    assert f'"Photo_{code}":[1.0]' in said
    assert '"Photo_failed":[1.0]' in said


def test_a_photo_that_is_gone_goes_to_be_refunded(lane: Lane) -> None:
    told = lane.job()
    lane.stack.s3.delete_object(Bucket=lane.stack.bucket, Key=told.now().source.key)

    assert lane.deliver(told.body) == []

    failure = told.now().failure
    assert failure is not None
    assert failure.code == "photo_missing"
    assert lane.to_settle() == [told.id]


def test_a_photo_that_was_replaced_is_left_to_its_own_event(lane: Lane) -> None:
    told = lane.job()
    newer = lane.put(told.now().source.key, photo() + b" ")

    assert lane.deliver(told.body) == []
    assert told.now().status is Status.PROCESSING
    assert lane.deliver(message(newer)) == []
    assert told.now().status is Status.COMPLETED


@pytest.mark.parametrize(
    "key",
    ["in/single/u1/job_unknown", "in/single/u1", "in/single/a b+c/ä/x", "elsewhere/x"],
)
def test_an_object_of_no_job_is_deleted(lane: Lane, key: str) -> None:
    record = lane.put(key, photo())

    assert lane.deliver(message(record)) == []
    assert lane.keys("") == []


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.EXPIRED])
def test_news_of_a_closed_job_changes_nothing(lane: Lane, status: Status) -> None:
    told = lane.job(status=status, completed_at=utc_now())
    before = told.now()

    assert lane.deliver(told.body) == []

    assert told.now() == before
    assert lane.keys("out/") == []
    assert lane.put_off_s == []


def test_news_of_a_job_that_waits_for_its_refund_reminds_of_it(lane: Lane) -> None:
    told = lane.job(status=Status.FAILING)

    assert lane.deliver(told.body) == []
    assert lane.to_settle() == [told.id]


def test_a_job_in_work_is_left_until_its_lease_is_over(lane: Lane) -> None:
    told = lane.job()
    taken = claimed(lane, told, told.etag)

    assert lane.deliver(told.body) == ["m0"]

    assert 85 <= lane.put_off_s[0] <= 91
    assert lane.handles == ["handle of m0"]
    assert told.now() == taken


def test_a_newer_photo_waits_only_until_the_worker_has_seen_it(lane: Lane) -> None:
    told = lane.job()
    taken = claimed(lane, told, "of an older photo")

    assert lane.deliver(told.body) == ["m0"]

    assert lane.put_off_s == [5]
    assert told.now() == taken


# Tries


def test_a_passing_problem_is_tried_again_after_5_10_and_20_seconds(lane: Lane) -> None:
    told = lane.job()
    lane.problems = [Flaky() for _ in range(4)]

    for count in (1, 2, 3):
        assert lane.deliver(told.body) == ["m0"]
        assert (told.now().status, told.now().tries) == (Status.PROCESSING, count)
    for waited, wanted in zip(lane.put_off_s, (5, 10, 20), strict=True):
        assert wanted * 0.8 <= waited <= wanted * 1.2
    assert lane.deliver(told.body) == []

    job = told.now()
    assert (job.status, job.tries) == (Status.FAILING, 4)
    assert job.failure is not None
    assert job.failure.code == "processing_failed"
    assert lane.to_settle() == [told.id]


def test_the_wait_has_jitter(lane: Lane) -> None:
    waits = set()
    for _ in range(30):
        told = lane.job(tries=2)
        lane.problems = [Flaky()]
        lane.deliver(told.body)
        waits.add(lane.put_off_s[-1])
    assert len(waits) > 2
    assert min(waits) >= 16
    assert max(waits) <= 24


def test_a_photo_that_works_at_the_second_try_is_completed(lane: Lane) -> None:
    told = lane.job()
    lane.problems = [Flaky()]

    assert lane.deliver(told.body) == ["m0"]
    assert lane.deliver(told.body) == []
    assert (told.now().status, told.now().tries) == (Status.COMPLETED, 2)


def test_a_thumbnail_that_cannot_be_stored_leaves_the_result(
    lane: Lane, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = lane.job()
    bucket = stores.photos()
    write = bucket.write

    def only_results(key: str, data: bytes, *, content_type: str) -> None:
        if "thumbnail" in key:
            raise refused("PutObject")
        write(key, data, content_type=content_type)

    with monkeypatch.context() as patch:
        patch.setattr(bucket, "write", only_results)
        assert lane.deliver(told.body) == []

    job = told.now()
    assert job.status is Status.COMPLETED
    assert job.outputs.keys() == {"result"}
    said = capsys.readouterr().out
    assert '"Photo_without_thumbnail":[1.0]' in said
    assert '"Photo_completed":[1.0]' in said


def test_a_result_that_cannot_be_stored_is_tried_again_soon(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lane.job()
    bucket = stores.photos()

    def full(*arguments: Any, **named: Any) -> None:
        raise refused("PutObject")

    with monkeypatch.context() as patch:
        patch.setattr(type(bucket), "write", full)
        assert lane.deliver(told.body) == ["m0"]
    assert 4 <= lane.put_off_s[0] <= 6
    assert lane.deliver(told.body) == []
    assert told.now().status is Status.COMPLETED
