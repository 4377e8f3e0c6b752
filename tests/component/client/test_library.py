from itertools import islice
from pathlib import Path

import pytest
from PIL import Image

from lumiku_client import (
    ApiProblem,
    BatchPhoto,
    BatchStatus,
    Client,
    JobStatus,
    PhotoUpload,
    Progress,
    Stage,
)
from tests.component.client.conftest import Photos, client_of
from tests.component.client.port import Port
from tests.component.client.service import CREDITS, PRICE_OF_BASIC, P


@pytest.fixture
def photo(photos: Photos) -> Path:
    return photos("mug.jpg") / "mug.jpg"


def test_remove_does_everything(port: Port, photo: Path, tmp_path: Path) -> None:
    seen: list[Progress] = []

    with client_of(port) as client:
        result = client.remove(photo, "basic", tmp_path / "new/out.png", on_progress=seen.append)

    with Image.open(result.path) as cut_out:
        assert (cut_out.mode, cut_out.size) == ("RGBA", (60, 40))
    assert result.job.status is JobStatus.COMPLETED
    assert result.job.receipt is not None
    assert result.job.receipt.entry == "local"
    stages = [stage for stage in dict.fromkeys(s.stage for s in seen) if stage != "processing"]
    assert stages == [stage for stage in Stage if stage is not Stage.PROCESSING]
    uploaded = [s.done_bytes for s in seen if s.stage is Stage.UPLOADING]
    assert uploaded == sorted(uploaded)
    assert uploaded[-1] == photo.stat().st_size
    assert {s.credits_used for s in seen if s.stage is Stage.QUEUED} == {PRICE_OF_BASIC}


def test_an_order_with_the_same_key_is_the_same_job(port: Port, photo: Path) -> None:
    with client_of(port) as client:
        first, second = (client.submit(photo, "basic", idempotency_key="mine") for _ in range(2))
        other = client.submit(photo, "basic")

    assert first.job_id == second.job_id != other.job_id
    assert port.service.balance == CREDITS - 2 * PRICE_OF_BASIC


def test_a_price_that_is_not_todays_is_refused(port: Port, photo: Path) -> None:
    with client_of(port) as client, pytest.raises(ApiProblem) as caught:
        client.submit(photo, "basic", expected_credits=2)

    assert (caught.value.status, caught.value.code) == (409, "price_changed")
    assert caught.value.extra["price"] == PRICE_OF_BASIC


def test_names_no_json_could_carry_are_taken(port: Port, photo: Path) -> None:
    odd = photo.rename(photo.with_name("a\nb\udcff\u202e.jpg"))

    with client_of(port) as client:
        client.submit(odd, "basic")

    (job,) = port.service.jobs
    assert job["fileName"] == "a\ufffdb\ufffd\ufffd.jpg"


def test_a_job_that_fails_is_a_problem_that_says_what_came_back(
    port: Port, photo: Path, tmp_path: Path
) -> None:
    photo.write_text("no photo")

    with client_of(port) as client, pytest.raises(ApiProblem) as caught:
        client.remove(photo, "basic", tmp_path / "out.png")

    assert caught.value.code == "unsupported_format"
    (job,) = port.service.jobs
    assert caught.value.extra == {
        "jobId": job["jobId"],
        "creditsUsed": 0,
        "creditsRefunded": PRICE_OF_BASIC,
    }
    assert not (tmp_path / "out.png").exists()


def test_a_result_that_is_not_there_yet(port: Port, photo: Path, tmp_path: Path) -> None:
    with client_of(port) as client, pytest.raises(ApiProblem) as caught:
        client.download(client.submit(photo, "basic").job_id, tmp_path / "out.png")

    assert (caught.value.status, caught.value.code) == (409, "job_not_completed")
    assert not (tmp_path / "out.png").exists()


def test_pages_are_fetched_as_they_are_needed(port: Port, photo: Path) -> None:
    with client_of(port) as client:
        made = [client.submit(photo, "basic").job_id for _ in range(3)]
        jobs = client.jobs(status="pending", page_size=2)
        newest = [job.job_id for job in islice(jobs, 2)]
        assert port.calls[f"GET {P}/jobs"] == 1
        assert [*newest, *(job.job_id for job in jobs)] == made[::-1]
        assert list(client.jobs(status="completed")) == []


def uploads(client: Client, photo: Path, count: int) -> tuple[str, list[PhotoUpload]]:
    names = ["é" * 200 + ".jpeg", *(f"{number}.jpg" for number in range(1, count))]
    batch = client.batches.submit([BatchPhoto(n, photo.stat().st_size) for n in names], "basic")
    assert batch.files[0].name == "é" * 145 + ".jpeg"
    return batch.batch_id, [PhotoUpload(file.index, photo, file.key) for file in batch.files]


def test_an_expired_form_is_renewed_once_for_all(port: Port, photo: Path) -> None:
    with client_of(port) as client:
        batch_id, photos = uploads(client, photo, 8)
        form = client.batches.renew_form(batch_id)
        port.policies.clear()

        client.batches.upload(batch_id, photos, form)

        assert port.calls[f"POST {P}/batch/{batch_id}/upload-policy"] == 2
        assert all(item.uploaded for item in client.batches.items(batch_id))


def test_one_photo_does_not_stop_the_others(port: Port, photo: Path) -> None:
    told = {}
    with client_of(port) as client:
        batch_id, photos = uploads(client, photo, 4)
        large = photo.with_name("large.jpg")
        large.write_bytes(bytes(10 * 2**20 + 1))
        photos[1] = PhotoUpload(1, large, photos[1].key)
        photos[2] = PhotoUpload(2, photo.with_name("gone.jpg"), photos[2].key)

        client.batches.upload(
            batch_id,
            photos,
            on_over=lambda upload, problem: told.update({upload.index: problem and problem.code}),
        )

    assert told == {0: None, 1: "EntityTooLarge", 2: "photo_not_read", 3: None}


def test_a_batch_can_be_cancelled(port: Port, photo: Path) -> None:
    with client_of(port) as client:
        batch_id, photos = uploads(client, photo, 2)
        client.batches.cancel(batch_id)

        assert client.batches.wait(batch_id).status is BatchStatus.CANCELLED
        assert client.credits().balance == CREDITS
        with pytest.raises(ApiProblem) as caught:
            client.batches.upload(batch_id, photos)

    assert caught.value.code == "batch_closed"
