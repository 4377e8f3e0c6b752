"""What the laptop cloud holds survives its end, in order or not."""

import os
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from local import bringup, cloud, resuming, samples
from local.layout import ROOT, Layout, Outputs
from local.ports import free_port
from lumiku.domain.work.jobs import Status
from lumiku.services.clock import utc_now
from tests.e2e.service import Person, Photo, Service, in_the_past, until

_PHOTOS, _PRICE = 8, 3
_RECOVERED_S = 120


def _balance(outputs: Outputs) -> int:
    log_in = httpx.post(
        f"{outputs.api_url}/api/auth/login",
        json={"email": outputs.email, "password": outputs.password},
        timeout=30,
    )
    token = log_in.raise_for_status().json()["data"]["token"]
    credits = httpx.get(
        f"{outputs.api_url}/api/credits", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    return int(credits.raise_for_status().json()["data"]["balance"])


@pytest.mark.parametrize("end", [cloud.stop, cloud.kill], ids=["stopped", "killed"])
def test_an_ended_cloud_comes_back_without_a_deployment(
    laptop_cloud: Outputs, layout: Layout, end: object
) -> None:
    assert callable(end)
    cloud.checkpoint(layout)
    balance = _balance(laptop_cloud)
    deployed = layout.deployed.stat().st_mtime_ns
    end(layout)
    assert not cloud.well(layout)
    again = bringup.up(layout)
    assert again == laptop_cloud
    assert layout.deployed.stat().st_mtime_ns == deployed
    assert _balance(again) == balance


def test_state_of_other_patches_is_not_relied_on(tmp_path: Path) -> None:
    layout = Layout(tmp_path, free_port())
    assert cloud.is_current(layout)
    cloud.start(layout)
    try:
        assert cloud.is_current(layout)
        (layout.state / "cloud.code").write_text("another")
        assert not cloud.is_current(layout)
    finally:
        cloud.kill(layout)


def _batch(outputs: Outputs, person: Person, folder: Path) -> "subprocess.Popen[str]":
    """The command that sends a folder of photos as one order, or goes on with that."""
    command = [ROOT / ".venv/bin/lumiku", "batch", "--yes", "--tier", "basic", folder]
    return subprocess.Popen(  # noqa: S603
        [*map(str, command), "--out", str(folder / "out")],
        env=os.environ
        | {
            "LUMIKU_API_URL": outputs.api_url,
            "LUMIKU_EMAIL": person.email,
            "LUMIKU_PASSWORD": person.password,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _come_back(service: Service, person: Person) -> None:
    """Let photos return from dead workers now; their messages would take three minutes."""
    lying = service.s3.list_objects_v2(
        Bucket=service.bucket, Prefix=f"in/standard/{person.user_id}/"
    )["Contents"]
    for job in service.groups.group_jobs(lying[0]["Key"].split("/")[3]):
        if job.status is Status.PROCESSING:
            service.lease(job.id, in_the_past())
    photos = (Photo(e["Key"], e["ETag"].strip('"'), e["Size"]) for e in lying)
    service.tell("StandardLane", *photos)


def test_after_a_kill_a_batch_goes_on_charged_once_and_what_was_answered_is_there(
    service: Service, layout: Layout, tmp_path: Path
) -> None:
    person, other = service.newcomer(credits=100), service.newcomer()
    photo = samples.write(layout) / "rocket.jpg"
    for number in range(_PHOTOS):
        shutil.copy(photo, tmp_path / f"{number}.jpg")

    def some_results() -> int:
        listed = service.s3.list_objects_v2(Bucket=service.bucket, Prefix=f"out/{person.user_id}/")
        return int(listed["KeyCount"]) >= 2

    with _batch(service.outputs, person, tmp_path) as first:
        until(some_results)
        answered = other.client.submit(photo, "basic")
        cloud.kill(layout)
        first.kill()
        first.communicate()
    bringup.up(layout)
    assert service.job(answered.job_id).status is Status.PENDING
    assert service.moved(other, answered.job_id) == [-_PRICE]
    _come_back(service, person)
    with _batch(service.outputs, person, tmp_path) as again:
        said, _ = again.communicate(timeout=_RECOVERED_S)
    assert again.returncode == 0, said
    assert len(list((tmp_path / "out").glob("[0-9].png"))) == _PHOTOS
    assert 150 - service.balance(person) == _PHOTOS * _PRICE


def test_a_photo_that_came_after_the_last_save_is_announced_again(
    service: Service, layout: Layout
) -> None:
    person = service.newcomer()
    photo = samples.write(layout) / "rocket.jpg"
    submission = person.client.submit(photo, "basic")
    with service.held_back():
        saved_at = utc_now()
        person.client.upload(photo, submission)
        until(lambda: service.waiting("SingleLane"))
        service.sqs.purge_queue(QueueUrl=service.names["SingleLane"])
    assert service.job(submission.job_id).status is Status.PENDING
    resuming.go_on(layout, service.outputs, saved_at)
    service.becomes(submission.job_id, Status.COMPLETED)
    assert service.moved(person, submission.job_id) == [-_PRICE]
