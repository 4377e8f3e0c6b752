from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Client, Progress
from tests.unit.client.conftest import Clock
from tests.unit.client.imitation import (
    API,
    P,
    Wire,
    job,
    job_data,
    link,
    ok,
    refused,
    s3_refused,
)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire, clock: Clock) -> Client:
    return Client(API, token="secret", sleep=clock.sleep, transport=wire.transport)


def test_a_short_download_is_repeated(client: Client, wire: Wire, tmp_path: Path) -> None:
    wire.on(f"GET {P}/jobs/job-1/download", link(6))
    wire.on(
        "GET S3/out",
        httpx.Response(200, content=b"abc"),
        httpx.Response(200, content=b"abcdef"),
    )

    assert client.download("job-1", tmp_path / "out.png").read_bytes() == b"abcdef"


def test_an_expired_link_is_renewed(client: Client, wire: Wire, tmp_path: Path) -> None:
    wire.on(f"GET {P}/jobs/job-1/download", link(3, "old"), link(3, "new"))
    wire.on("GET S3/old", s3_refused(403, "AccessDenied"))
    wire.on("GET S3/new", httpx.Response(200, content=b"abc"))

    assert client.download("job-1", tmp_path / "out.png").read_bytes() == b"abc"


def test_what_was_there_stays_until_the_new_file_is_whole(
    client: Client, wire: Wire, tmp_path: Path
) -> None:
    target = tmp_path / "out.png"
    target.write_bytes(b"before")
    wire.on(f"GET {P}/jobs/job-1/download", link(6))
    wire.on("GET S3/out", httpx.Response(200, content=b"abc"))

    with pytest.raises(ApiProblem):
        client.download("job-1", target)

    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_watcher_may_break_it_off(client: Client, wire: Wire, tmp_path: Path) -> None:
    wire.on(f"GET {P}/jobs/job-1/download", link(3))
    wire.on("GET S3/out", httpx.Response(200, content=b"abc"))

    def enough(_: Progress) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        client.download("job-1", tmp_path / "out.png", enough)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("status", "code"), [(409, "job_not_completed"), (410, "expired")])
def test_refusals(client: Client, wire: Wire, tmp_path: Path, status: int, code: str) -> None:
    wire.on(f"GET {P}/jobs/job-1/download", refused(status, code))

    with pytest.raises(ApiProblem) as caught:
        client.download("job-1", tmp_path / "out.png")

    assert (caught.value.status, caught.value.code) == (status, code)


def test_pages_are_fetched_as_they_are_needed(client: Client, wire: Wire) -> None:
    first = ok(jobs=[job_data("completed", "a"), job_data("failed", "b")], nextCursor="c1")
    wire.on(f"GET {P}/jobs", first, ok(jobs=[job_data("pending", "c")], nextCursor=None))

    jobs = client.jobs(status="completed", page_size=2)
    assert [next(jobs).job_id, next(jobs).job_id] == ["a", "b"]
    assert len(wire.requests) == 1
    assert [job.job_id for job in jobs] == ["c"]
    assert [str(r.url.query, "ascii") for r in wire.requests] == [
        "limit=2&status=completed",
        "limit=2&status=completed&cursor=c1",
    ]


def test_a_cursor_that_repeats_ends_it(client: Client, wire: Wire) -> None:
    wire.on(f"GET {P}/jobs", ok(jobs=[], nextCursor="same"))

    assert list(client.jobs()) == []
    assert len(wire.requests) == 2


def test_a_status_of_a_newer_server_is_readable(client: Client, wire: Wire) -> None:
    wire.on(f"GET {P}/jobs/job-1", job("paused"))

    assert client.job("job-1").status == "paused"


def test_waiting_polls_longer_and_longer(client: Client, wire: Wire, clock: Clock) -> None:
    wire.on(f"GET {P}/jobs/job-1", *[job("processing")] * 5, job("completed"))

    assert client.wait("job-1").is_over

    waits = [r.url.params["wait"] for r in wire.requests]
    assert waits == ["2", "5", "10", "20", "20", "20"]
    # This server answers at once, so the client must not ask again at once.
    assert clock.sleeps == [1] * 5


def test_waiting_ends(client: Client, wire: Wire) -> None:
    wire.on(f"GET {P}/jobs/job-1", job("pending"))

    with pytest.raises(ApiProblem) as caught:
        client.wait("job-1", timeout_s=30)

    assert caught.value.code == "still_running"
