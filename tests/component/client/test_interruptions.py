import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.component.client.conftest import Photos, Run, client_of
from tests.component.client.port import Fault, Port, opened
from tests.component.client.service import CREDITS, PRICE, PRICE_OF_BASIC, P, Service

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


def read(terminal: int, watch: Callable[[bytes], None]) -> None:
    """Tells of all that was shown so far, until the program has ended."""
    shown = b""
    with suppress(OSError):
        while chunk := os.read(terminal, 65536):
            shown += chunk
            watch(shown)
    os.close(terminal)


def test_ctrl_c_keeps_what_is_done_and_says_what_is_pending(
    port: Port, service: Service, photos: Photos, tmp_path: Path
) -> None:
    service.rest(after=1)
    out = tmp_path / "out"
    process = started(photos("a.jpg", "b.jpg", "c.jpg", "d.jpg"), out, "--parallel", "2")
    eventually(lambda: port.calls["POST /bucket/"] == 3)
    eventually(lambda: len(list(out.glob("?.png"))) == 1)

    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    told, notes = process.communicate(timeout=20)

    assert process.returncode == 130
    assert time.monotonic() - begun < 3
    (done,) = out.glob("?.png")
    assert sorted(p.name for p in out.iterdir()) == [done.name, "contact-sheet.png"]
    assert "1 of 4 photos done" in told
    assert "Traceback" not in notes
    assert "1 photo not sent yet." in notes
    assert service.balance == CREDITS - 3 * PRICE

    service.work()
    pending = next(job for job in service.jobs if job["fileName"] != f"{done.stem}.jpg")
    said = f"{pending['fileName']}: on the server; fetch it with: lumiku "
    command = next(line for line in notes.splitlines() if said in line).removeprefix(said).split()
    assert command[:2] == ["download", pending["jobId"]]
    with client_of(port) as client:
        client.wait(pending["jobId"])
    subprocess.run([*LUMIKU, *command], check=True, capture_output=True)  # noqa: S603
    assert len(list(out.glob("?.png"))) == 2


def test_ctrl_c_while_the_server_asks_to_wait(
    port: Port, service: Service, photos: Photos, tmp_path: Path
) -> None:
    busy = Fault(f"POST {P}/remove", 429, {"message": "Too Many Requests"}, {"Retry-After": "60"})
    port.faults += [busy] * 2
    process = started(photos("a.jpg", "b.jpg"), tmp_path / "out")
    eventually(lambda: port.calls[f"POST {P}/remove"] == 2)

    process.send_signal(signal.SIGINT)
    _, notes = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "Traceback" not in notes
    assert service.balance == CREDITS


def test_a_service_that_begins_nothing_is_given_up(
    run: Run, service: Service, photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumiku_client._client._LONG_POLLS_S", (0,))
    monkeypatch.setattr("lumiku_client.commands.making._STALL_S", 0.5)
    service.rest(after=0)

    result = run(photos("a.jpg", "b.jpg"), options=["--parallel", "1"])

    assert result.exit_code == 2
    told = "The photo was uploaded, but the service does not begin with it. Nothing has moved"
    assert re.search(rf"a\.jpg +failed .*{told}", result.stdout)
    assert re.search(rf"b\.jpg +not sent .*Not sent. {told}", result.stdout)
    (job,) = service.jobs
    assert f"lumiku download {job['jobId']}" in result.stderr


def test_bars_on_a_terminal(port: Port, service: Service, photos: Photos, tmp_path: Path) -> None:
    service.rest(after=1)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603
        [*LUMIKU, "remove", str(photos("a.jpg", "b.jpg")), "--out", str(tmp_path / "out")],
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(theirs)
    shown = [b""]

    def watch(so_far: bytes) -> None:
        shown.append(so_far)
        if b"1/2" in so_far:
            service.work()

    read(ours, watch)

    assert process.wait(20) == 0
    for word in (b"all photos", b"a.jpg", b"2/2", b"queued", b"2 of 2 photos done"):
        assert word in shown[-1]


def test_a_server_that_restarts_costs_nothing_twice(
    service: Service, photos: Photos, tmp_path: Path
) -> None:
    photo = photos("a.jpg") / "a.jpg"
    done: list[Path] = []
    service.rest(after=0)
    port = Port(service)
    with opened(port):
        client = client_of(port)
        worker = threading.Thread(
            target=lambda: done.append(client.remove(photo, "basic", tmp_path / "a.png").path)
        )
        worker.start()
        eventually(lambda: port.calls["POST /bucket/"] == 1)
    service.work()
    with opened(port):
        worker.join(20)
    client.close()

    assert done == [tmp_path / "a.png"]
    assert service.balance == CREDITS - PRICE_OF_BASIC
