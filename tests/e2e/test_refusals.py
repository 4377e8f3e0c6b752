"""What is refused on the way to a result: clear words, and credits as they were."""

import base64
import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from lumiku.domain.instant import iso
from lumiku.domain.work.jobs import Status
from lumiku.domain.work.photos import MAX_PHOTO_BYTES
from lumiku.services.clock import utc_now
from lumiku_client import ApiProblem, Client, Submission
from tests.e2e.service import Person, Service, in_the_past

APP = "/api/apps/background-remover"
FREE = 50


@pytest.fixture(scope="module")
def person(service: Service) -> Person:
    return service.newcomer()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small photo with a subject that nobody can miss."""
    path = tmp_path / "disc.png"
    path.write_bytes(disc(160))
    return path


def disc(side: int) -> bytes:
    picture = Image.new("RGB", (side, side), "white")
    picture.paste("darkred", (side // 4, side // 4, 3 * side // 4, 3 * side // 4))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def send_form(submission: Submission, data: bytes, **changes: str) -> httpx.Response:
    """Fill in the form, or a changed one, and send it."""
    fields = {**submission.upload.fields, **changes}
    return httpx.post(submission.upload.url, data=fields, files={"file": ("x", data)}, timeout=60)


def s3_code(response: httpx.Response) -> tuple[int, str]:
    found = re.search(r"<Code>(\w+)</Code>", response.text)
    return response.status_code, found[1] if found else ""


def never_came(service: Service, person: Person, submission: Submission) -> None:
    """Nothing is at the job's key; once its time is up the sweeper gives everything back."""
    job_id = submission.job_id
    assert not service.exists(submission.upload.fields["key"])
    assert service.job(job_id).status is Status.PENDING
    past = iso(in_the_past())
    service.set_job(job_id, closes_at=past, gsi2sk=f"{past}#{job_id}")
    service.invoke("Sweep")
    assert service.job(job_id).status is Status.EXPIRED
    assert service.moved(person, job_id) == [-submission.credits_used, submission.credits_used]
    assert service.balance(person) == FREE


# Before anything is charged


def test_a_wrong_login(service: Service, person: Person) -> None:
    with (
        Client(service.outputs.api_url, email=person.email, password="not-the-one") as stranger,
        pytest.raises(ApiProblem) as told,
    ):
        stranger.login()
    assert (told.value.status, told.value.code) == (401, "wrong_credentials")
    assert "password is wrong" in told.value.detail
    assert told.value.request_id


@pytest.mark.parametrize("token", [None, "", "Bearer x", "Bearer a.b.c"])
def test_no_token_or_no_token_of_ours(service: Service, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": token}
    body = {"fileName": "a.png", "fileSize": 1, "contentType": "", "tier": "basic"}
    url = f"{service.outputs.api_url}{APP}/remove"
    assert httpx.post(url, json=body, headers=headers, timeout=30).status_code == 401


def test_a_file_that_is_too_large_is_not_even_sent(
    service: Service, person: Person, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(MAX_PHOTO_BYTES + 1)
    with pytest.raises(ApiProblem) as told:
        person.client.remove(large, "basic", tmp_path / "out.png")
    assert (told.value.status, told.value.code) == (0, "photo_too_large")
    with pytest.raises(ApiProblem) as told:
        person.client.submit(large, "basic")
    assert (told.value.status, told.value.code) == (413, "photo_too_large")
    assert told.value.extra["allowed"] == MAX_PHOTO_BYTES
    assert service.balance(person) == FREE


def test_too_few_credits(service: Service, photo: Path) -> None:
    poor = service.newcomer()
    for _ in range(2):
        poor.client.submit(photo, "industry")
    with pytest.raises(ApiProblem) as told:
        poor.client.submit(photo, "basic")
    assert (told.value.status, told.value.code) == (402, "insufficient_credits")
    assert (told.value.extra["needed"], told.value.extra["available"]) == (3, 0)
    assert service.balance(poor) == 0


def test_another_price_than_expected(service: Service, person: Person, photo: Path) -> None:
    with pytest.raises(ApiProblem) as told:
        person.client.submit(photo, "standard", expected_credits=1)
    assert (told.value.status, told.value.code) == (409, "price_changed")
    assert told.value.extra["price"] == 8
    assert service.balance(person) == FREE


# Somebody else's


def test_another_users_job_is_like_none(service: Service, person: Person, photo: Path) -> None:
    owner = service.newcomer()
    job_id = owner.client.submit(photo, "basic").job_id

    def refusal(call: Any, *arguments: Any) -> tuple[int, str, str]:
        with pytest.raises(ApiProblem) as told:
            call(*arguments)
        return told.value.status, told.value.code, told.value.detail

    for call in (person.client.job, lambda job_id: person.client.download(job_id, photo)):
        theirs = refusal(call, job_id)
        assert theirs == (404, "not_found", f"There is no job {job_id}.")
        none = refusal(call, "job_0")
        assert none[:2] == theirs[:2]
    assert job_id not in {job.job_id for job in person.client.jobs()}


# The upload form


def test_more_bytes_than_the_form_allows(service: Service, photo: Path) -> None:
    person = service.newcomer()
    submission = person.client.submit(photo, "basic")
    large = send_form(submission, bytes(MAX_PHOTO_BYTES + 1))
    assert s3_code(large) == (400, "EntityTooLarge")
    assert s3_code(send_form(submission, b"")) == (400, "EntityTooSmall")
    never_came(service, person, submission)


def test_a_forged_or_changed_form(service: Service, person: Person, photo: Path) -> None:
    submission = person.client.submit(photo, "standard")
    key = submission.upload.fields["key"]
    policy = json.loads(base64.b64decode(submission.upload.fields["policy"]))
    policy["expiration"] = "2999-01-01T00:00:00Z"
    forged = base64.b64encode(json.dumps(policy).encode()).decode()
    changes: list[dict[str, str]] = [
        {"policy": forged},
        {"x-amz-signature": "0" * 64},
        {"key": f"{key}2"},
        {"key": f"out/{person.user_id}/{submission.job_id}/x.png"},
        {"success_action_status": "200"},
        {"acl": "public-read"},
    ]
    for change in changes:
        status, code = s3_code(send_form(submission, photo.read_bytes(), **change))
        assert status == 403, (change, code)
        assert code in {"AccessDenied", "SignatureDoesNotMatch"}
    assert not service.exists(f"{key}2")
    never_came(service, person, submission)


def test_a_form_that_is_too_old(service: Service, person: Person, photo: Path) -> None:
    submission = person.client.submit(photo, "basic")
    old = service.s3.generate_presigned_post(
        service.bucket, submission.upload.fields["key"], ExpiresIn=-60
    )
    ticket = submission.upload.model_copy(update={"url": old["url"], "fields": old["fields"]})
    late = submission.model_copy(update={"upload": ticket})
    assert s3_code(send_form(late, photo.read_bytes())) == (403, "AccessDenied")
    never_came(service, person, submission)


# The photo


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"This is a letter, not a photo.", "unsupported_format"),
        (disc(600)[:300], "damaged_photo"),
        (disc(4), "photo_too_small"),
    ],
)
def test_what_is_no_photo(
    service: Service, person: Person, tmp_path: Path, data: bytes, code: str
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    with pytest.raises(ApiProblem) as told:
        person.client.remove(path, "industry", tmp_path / "out.png")
    assert (told.value.code, told.value.extra["creditsRefunded"]) == (code, 25)
    assert len(told.value.title) > 20
    assert service.moved(person, told.value.extra["jobId"]) == [-25, 25]
    assert service.balance(person) == FREE


def test_declared_size_and_type_are_only_a_claim(
    service: Service, photo: Path, tmp_path: Path
) -> None:
    person = service.newcomer()
    submission = person.client.submit(photo, "basic")
    larger = disc(640)
    assert len(larger) != photo.stat().st_size
    assert send_form(submission, larger, **{"Content-Type": "text/plain"}).status_code == 201
    job = person.client.wait(submission.job_id, timeout_s=60)
    assert job.status == "completed"
    assert job.metadata is not None
    assert (job.metadata.width, job.metadata.height) == (640, 640)
    assert job.metadata.original_size == len(larger)
    assert service.moved(person, job.job_id) == [-3]


def test_no_result_yet_and_no_result_any_more(
    service: Service, photo: Path, tmp_path: Path
) -> None:
    person = service.newcomer()
    submission = person.client.submit(photo, "basic")
    with pytest.raises(ApiProblem) as told:
        person.client.download(submission.job_id, tmp_path / "out.png")
    assert (told.value.status, told.value.code) == (409, "job_not_completed")
    person.client.upload(photo, submission)
    service.becomes(submission.job_id, Status.COMPLETED)
    service.set_job(submission.job_id, created_at=iso(utc_now() - timedelta(days=8)))
    with pytest.raises(ApiProblem) as told:
        person.client.download(submission.job_id, tmp_path / "out.png")
    assert (told.value.status, told.value.code) == (410, "result_expired")
    assert not (tmp_path / "out.png").exists()
