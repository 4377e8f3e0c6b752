from email.parser import BytesParser
from pathlib import Path
from types import ModuleType

import httpx
import pytest

import lumiku_client
from lumiku_client import ApiProblem, Client, JobStatus, Progress, Stage
from tests.unit.client.conftest import Clock
from tests.unit.client.imitation import (
    API,
    S3,
    P,
    Wire,
    job,
    ok,
    s3_refused,
    submission,
    whole_run,
)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire, clock: Clock) -> Client:
    return Client(API, token="secret", sleep=clock.sleep, transport=wire.transport)


def test_exported_names() -> None:
    public = {
        name
        for name, value in vars(lumiku_client).items()
        if not (name.startswith("_") or isinstance(value, ModuleType))
    }

    assert public == set(lumiku_client.__all__)
    assert lumiku_client.__all__ == sorted(lumiku_client.__all__)


def test_remove_does_everything(client: Client, wire: Wire, photo: Path, tmp_path: Path) -> None:
    whole_run(wire, b"cut-out" * 50_000, ["pending", "processing", "completed"])
    seen: list[Progress] = []

    result = client.remove(photo, "standard", tmp_path / "new/out.png", on_progress=seen.append)

    assert result.path.read_bytes() == b"cut-out" * 50_000
    assert result.job.status is JobStatus.COMPLETED
    stages = list(dict.fromkeys(step.stage for step in seen))
    assert stages == list(Stage)
    uploaded = [s.done_bytes for s in seen if s.stage is Stage.UPLOADING]
    assert uploaded == sorted(uploaded)
    assert uploaded[-1] == photo.stat().st_size
    assert next(s.credits_used for s in seen if s.stage is Stage.QUEUED) == 8


def test_s3_never_sees_the_token(client: Client, wire: Wire, photo: Path, tmp_path: Path) -> None:
    whole_run(wire, b"png")

    client.remove(photo, "standard", tmp_path / "out.png")

    to_s3 = [r for r in wire.requests if r.url.host != "api.example.com"]
    assert [r.method for r in to_s3] == ["POST", "GET"]
    assert all("Authorization" not in request.headers for request in to_s3)
    assert all(b"secret" not in request.content for request in to_s3)
    to_api = [r for r in wire.requests if r.url.host == "api.example.com"]
    assert {r.headers["Authorization"] for r in to_api} == {"Bearer secret"}


def test_the_form_has_the_file_last_and_a_length(client: Client, wire: Wire, photo: Path) -> None:
    whole_run(wire, b"")
    client.upload(photo, client.submit(photo, "basic"))

    request = wire.sent("POST S3/")[0]
    kind = request.headers["Content-Type"]
    form = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content)
    parts = form.get_payload()
    assert isinstance(parts, list)
    names = [part.get_param("name", header="content-disposition") for part in parts]  # type: ignore[union-attr]
    assert names == ["key", "policy", "x-amz-signature", "file"]
    assert parts[-1].get_payload(decode=True) == photo.read_bytes()  # type: ignore[union-attr]
    assert request.headers["Content-Length"] == str(len(request.content))


def test_names_no_json_could_carry_are_sent_readable(
    client: Client, wire: Wire, tmp_path: Path
) -> None:
    wire.on(f"POST {P}/remove", submission())
    photo = tmp_path / "a\nb\udcff\u202e.jpg"
    photo.write_bytes(b"x")

    client.submit(photo, "basic")

    assert '"a\ufffdb\ufffd\ufffd.jpg"' in wire.requests[0].content.decode()


def test_an_expired_form_is_renewed_with_the_same_key(
    client: Client, wire: Wire, photo: Path, tmp_path: Path
) -> None:
    whole_run(wire, b"png")
    wire.on("POST S3/", s3_refused(403, "AccessDenied"), httpx.Response(201))

    client.remove(photo, "standard", tmp_path / "out.png")

    submits = wire.sent(f"POST {P}/remove")
    assert len(submits) == 2
    assert len({r.headers["Idempotency-Key"] for r in submits}) == 1


def test_an_upload_that_s3_refuses_is_told(client: Client, wire: Wire, photo: Path) -> None:
    whole_run(wire, b"")
    wire.on("POST S3/", s3_refused(400, "EntityTooLarge"))

    with pytest.raises(ApiProblem) as caught:
        client.upload(photo, client.submit(photo, "basic"))

    assert (caught.value.code, caught.value.title) == ("EntityTooLarge", "Told by S3")
    assert caught.value.request_id == "S3-1"


@pytest.mark.parametrize(("size", "code"), [(0, "empty_file"), (10_485_761, "photo_too_large")])
def test_hopeless_files_are_refused_before_anything_is_sent(
    client: Client, wire: Wire, tmp_path: Path, size: int, code: str
) -> None:
    photo = tmp_path / "x.jpg"
    photo.write_bytes(b"")
    with photo.open("r+b") as file:
        file.truncate(size)

    with pytest.raises(ApiProblem) as caught:
        client.remove(photo, "basic", tmp_path / "out.png")

    assert caught.value.code == code
    assert wire.requests == []


def test_a_job_that_fails_is_a_problem_that_says_what_came_back(
    client: Client, wire: Wire, photo: Path, tmp_path: Path
) -> None:
    whole_run(wire, b"")
    error = {"code": "damaged_file", "message": "The file is damaged"}
    wire.on(f"GET {P}/jobs/job-1", job("failed", error=error, creditsUsed=0, creditsRefunded=8))

    with pytest.raises(ApiProblem) as caught:
        client.remove(photo, "standard", tmp_path / "out.png")

    assert (caught.value.code, caught.value.title) == ("damaged_file", "The file is damaged")
    assert caught.value.extra == {"jobId": "job-1", "creditsUsed": 0, "creditsRefunded": 8}
    assert list(tmp_path.iterdir()) == [photo]


@pytest.mark.parametrize(
    "address", ["", "example.com", "ftp://example.com", "http://", "//x", "ä://"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ApiProblem) as caught:
        Client(address)

    assert caught.value.code == "invalid_address"


@pytest.mark.parametrize("ending", ["", "/", "/api", "/api/"])
def test_the_address_may_be_given_in_several_ways(wire: Wire, ending: str) -> None:
    wire.on("GET /api/credits", ok(balance=1))

    with Client(API + ending, token="t", transport=wire.transport) as client:
        assert client.credits().balance == 1


def test_an_answer_that_is_not_understood(client: Client, wire: Wire) -> None:
    for odd in ("<html>", "[]", '{"data": {}}', "{}"):
        wire.on("GET /api/credits", httpx.Response(200, text=odd))
        with pytest.raises(ApiProblem) as caught:
            client.credits()
        assert caught.value.code == "unexpected_answer"


def test_secrets_are_not_shown() -> None:
    shown = repr(lumiku_client.Session(token="secret", expires_in=1))
    ticket = lumiku_client.UploadTicket.model_validate(
        {"url": S3, "fields": {"policy": "secret"}, "expiresAt": "2026-01-01T00:00:00Z"}
    )

    assert "secret" not in shown + repr(ticket)
