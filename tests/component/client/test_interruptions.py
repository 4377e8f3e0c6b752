import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lumiku_client import Client
from tests.component.client.conftest import Photos, Run
from tests.component.client.imitation import PRICE, P, Refusal, Service
from tests.component.client.imitation_http import running

LUMIKU = [sys.executable, "-c", "from lumiku_client.commands.cli import main; main()"]


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def started(folder: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        [*LUMIKU, "remove", str(folder), "--out", str(out), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_ctrl_c_keeps_what_is_done_and_says_what_is_pending(
    service: Service, photos: Photos, tmp_path: Path
) -> None:
    service.stuck = {"b.jpg", "c.jpg"}
    out = tmp_path / "out"
    process = started(photos("a.jpg", "b.jpg", "c.jpg", "d.jpg"), out, "--parallel", "2")
    eventually(lambda: sum(job.status == "processing" for job in service.jobs.values()) == 2)
    eventually((out / "a.png").exists)

    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    told, notes = process.communicate(timeout=20)

    assert process.returncode == 130
    assert time.monotonic() - begun < 3
    assert sorted(p.name for p in out.iterdir()) == ["a.png", "contact-sheet.png"]
    assert "1 of 4 photos done" in told
    assert "Traceback" not in notes
    assert "1 photo not sent yet." in notes
    assert service.balance == 1000 - 3 * PRICE

    service.stuck = set()
    stuck = next(job for job in service.jobs.values() if job.file_name == "b.jpg")
    line = next(line for line in notes.splitlines() if line.startswith("b.jpg: on the server"))
    command = line.split("fetch it with: lumiku ")[1].split()
    assert command[:2] == ["download", stuck.job_id]
    with Client(service.url, token="a-token") as client:
        client.wait(stuck.job_id)
    subprocess.run([*LUMIKU, *command], check=True, capture_output=True)  # noqa: S603
    assert (out / "b.png").exists()


def test_ctrl_c_while_the_server_asks_to_wait(
    service: Service, photos: Photos, tmp_path: Path
) -> None:
    busy = Refusal(f"POST {P}/remove", 429, {"message": "Too Many Requests"}, {"Retry-After": "60"})
    service.refusals += [busy] * 2
    process = started(photos("a.jpg", "b.jpg"), tmp_path / "out")
    eventually(lambda: service.calls[f"POST {P}/remove"] == 2)

    process.send_signal(signal.SIGINT)
    _, notes = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Traceback" not in notes
    assert service.balance == 1000


def test_a_service_that_begins_nothing_is_given_up(
    run: Run, service: Service, photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumiku_client._client._LONG_POLLS_S", (0,))
    monkeypatch.setattr("lumiku_client.commands.removal._STALL_S", 0.5)
    service.unbegun = {"a.jpg"}

    result = run(photos("a.jpg", "b.jpg"), options=["--parallel", "1"])

    assert result.exit_code == 2
    told = "The photo was uploaded, but the service does not begin with it. Nothing has moved"
    assert re.search(rf"a\.jpg +failed .*{told}", result.stdout)
    assert re.search(rf"b\.jpg +not sent .*Not sent. {told}", result.stdout)
    (job_id,) = service.jobs
    assert f"lumiku download {job_id}" in result.stderr


def test_bars_on_a_terminal(service: Service, photos: Photos, tmp_path: Path) -> None:
    service.work_s = 0.5
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603
        [*LUMIKU, "remove", str(photos("a.jpg", "b.jpg")), "--out", str(tmp_path / "out")],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)

    assert process.wait(20) == 0
    for word in (b"all photos", b"a.jpg", b"2/2", b"queued", b"2 of 2 photos done"):
        assert word in shown


def test_a_server_that_restarts_costs_nothing_twice(photos: Photos, tmp_path: Path) -> None:
    photo = photos("a.jpg") / "a.jpg"
    done: list[Path] = []
    with running() as service:
        service.work_s = 0.4
        port = int(service.url.rsplit(":", 1)[1])
        client = Client(service.url, token="a-token")
        worker = threading.Thread(
            target=lambda: done.append(client.remove(photo, "basic", tmp_path / "a.png").path)
        )
        worker.start()
        eventually(lambda: any(job.photo for job in service.jobs.values()))
    time.sleep(0.5)
    with running(service, port):
        worker.join(20)

    assert done == [tmp_path / "a.png"]
    assert service.balance == 1000 - PRICE
    client.close()
