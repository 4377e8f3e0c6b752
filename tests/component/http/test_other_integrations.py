"""Slides, poses and pipelines of other apps."""

from collections.abc import Iterator

import pytest

from lumiku.apps.remover.http import REMOVER_PREFIX as P
from tests.component.connected import Connected, pictures
from tests.component.http.conftest import Api
from tests.component.lane import photo
from tests.imitation_apps.app import Wrong, imitated


@pytest.fixture
def mix(seller: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    with imitated("carousel-mix") as started:
        started.projects["c1"] = pictures(3)
        yield Connected(seller, started, monkeypatch)


@pytest.fixture
def poses(seller: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    with imitated("pose-generator") as started:
        started.projects["c1"] = {"pose-1": photo()}
        yield Connected(seller, started, monkeypatch)


@pytest.fixture
def upscaler(seller: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    with imitated("image-upscaler") as started:
        started.projects["c1"] = {"image-1": photo()}
        yield Connected(seller, started, monkeypatch)


def test_slides_of_a_carousel_are_a_batch(mix: Connected) -> None:
    path = f"{P}/integrations/carousel-mix/batch"

    got = mix("POST", path, {"projectId": "c1", "tier": "standard"})

    assert (got.status, got.data["totalSlides"], got.data["totalCredits"]) == (201, 3, 24)


def test_a_pose_is_waited_for(poses: Connected) -> None:
    poses.while_waiting(poses.fetch)
    path = f"{P}/integrations/pose-generator/auto-remove"

    got = poses("POST", path, {"generatedImageId": "pose-1"})

    assert (got.status, got.data["status"], got.data["creditsUsed"]) == (200, "completed", 8)
    assert got.data["processedUrl"].startswith("https://")
    [told] = poses.close()
    assert (told["data"]["processedImages"], told["data"]["about"]) == (1, "pose-1")


def test_a_picture_that_is_no_photo_costs_nothing(poses: Connected) -> None:
    poses.app.projects["c1"]["pose-1"] = b"<html>" * 99
    poses.while_waiting(poses.fetch)
    path = f"{P}/integrations/pose-generator/auto-remove"

    got = poses("POST", path, {"generatedImageId": "pose-1"})
    poses.close()

    assert (got.data["status"], got.data["error"]["code"]) == ("failed", "unsupported_format")
    assert (poses.balance(), poses.spent()) == (1000, 0)


@pytest.mark.parametrize(
    ("way", "steps"),
    [
        ("remove-then-upscale", ["cut-out", "upscale"]),
        ("upscale-then-remove", ["upscale", "cut-out"]),
    ],
)
@pytest.mark.parametrize(("factor", "credits"), [(2, 25), (4, 35)])
def test_a_pipeline_goes_either_way(
    upscaler: Connected, way: str, steps: list[str], factor: int, credits: int
) -> None:
    upscaler.while_waiting(lambda: None)
    body = {"imageId": "image-1", "pipeline": way, "removalTier": "professional"}

    got = upscaler(
        "POST",
        f"{P}/integrations/image-upscaler/pipeline",
        {**body, "upscaleFactor": factor},
    )

    assert (got.status, got.data["creditsUsed"]) == (200, credits)
    assert (got.data["status"], got.data["processedUrl"]) == ("pending", None)
    job = upscaler.api.stack.jobs.get(got.data["jobId"])
    assert job is not None
    assert [step.name for step in job.workflow] == steps


def test_a_pipeline_that_fails_gives_both_prices_back(upscaler: Connected) -> None:
    upscaler.while_waiting(upscaler.fetch)
    upscaler.app.wrong["pictures/image-1/file"] = Wrong(status=500)
    body = {"imageId": "image-1", "pipeline": "remove-then-upscale", "upscaleFactor": 4}

    got = upscaler(
        "POST",
        f"{P}/integrations/image-upscaler/pipeline",
        {**body, "removalTier": "professional"},
    )
    upscaler.close()

    assert got.data["error"]["code"] == "photo_unreachable"
    assert (upscaler.balance(), upscaler.spent()) == (1000, 0)


def test_a_picture_that_the_app_does_not_have_costs_nothing(poses: Connected) -> None:
    path = f"{P}/integrations/pose-generator/auto-remove"

    got = poses("POST", path, {"generatedImageId": "pose-2"})

    assert (got.status, got.json["code"]) == (502, "app_failed")
    assert poses.balance() == 1000
