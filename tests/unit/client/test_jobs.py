from pathlib import Path

import httpx
import pytest

from lumiku_client import ApiProblem, Client, Progress
from tests.unit.client.conftest import Clock
from tests.unit.client.wire import (
    P,
    Wire,
    job,
    link,
    ok,
    s3_refused,
)


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
    assert waits == ["5", "10", "20", "20", "20", "20"]
    # This server answers at once, so the client must not ask again at once.
    assert clock.sleeps == [1] * 5


def test_waiting_ends(client: Client, wire: Wire) -> None:
    wire.on(f"GET {P}/jobs/job-1", job("pending"))

    with pytest.raises(ApiProblem) as caught:
        client.wait("job-1", timeout_s=30)

    assert caught.value.code == "still_running"
