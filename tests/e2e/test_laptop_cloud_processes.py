"""The laptop cloud's own processes: what may go wrong on a laptop ends in words, not in litter."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local import cloud
from local.layout import ROOT, Layout
from local.ports import free_port

# Generous: the machine may be busy with other things.
_PATIENCE_S = 300


@contextmanager
def _started(layout: Layout, command: str) -> "Iterator[subprocess.Popen[str]]":
    where = ["--state", str(layout.state), "--port", str(layout.port)]
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "local", *where, command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _local(layout: Layout, command: str) -> tuple[int, str]:
    """Exit code of a command, and what it said."""
    with _started(layout, command) as process:
        said, _ = process.communicate(timeout=_PATIENCE_S)
        return process.returncode, said


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _processes_of(state: Path) -> list[str]:
    """Command lines of all processes that name this folder or were started for it."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)  # noqa: S607
    return [line for line in listed.stdout.splitlines() if str(state) in line]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path / "state", free_port())
    yield layout
    cloud.kill(layout)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path / "other", free_port())
    cloud.start(layout)
    yield layout
    cloud.kill(layout)


def test_a_port_in_use_is_named_and_left_alone(own: Layout) -> None:
    with socket.create_server(("127.0.0.1", own.port)):
        code, said = _local(own, "up")
    assert code == 1
    assert f"Port {own.port} is in use by another program" in said
    assert "Traceback" not in said
    assert _processes_of(own.state) == []


def test_stop_ends_only_its_own(own: Layout, other: Layout) -> None:
    cloud.start(own)
    code, _ = _local(own, "stop")
    assert code == 0
    assert cloud.running(own) is None
    assert cloud.well(other)


def test_a_stale_process_id_never_harms_a_stranger(own: Layout) -> None:
    own.state.mkdir()
    with subprocess.Popen(["sleep", "60"]) as stranger:  # noqa: S607
        own.lock_file.write_text(f"{stranger.pid} {own.port}")
        _, said = _local(own, "stop")
        assert "not running" in said
        assert stranger.poll() is None
        stranger.kill()


def test_one_that_does_not_answer_is_replaced(own: Layout) -> None:
    cloud.start(own)
    stuck = cloud.running(own)
    assert stuck is not None
    os.kill(stuck.pid, signal.SIGSTOP)
    assert not cloud.well(own)
    cloud.start(own)
    replaced = cloud.running(own)
    assert cloud.well(own)
    assert replaced != stuck


def test_another_port_is_refused_while_it_runs(own: Layout) -> None:
    cloud.start(own)
    code, said = _local(Layout(own.state, free_port()), "up")
    assert code == 1
    assert f"runs already, on port {own.port}" in said
    assert cloud.well(own)


def test_a_deployment_cut_short_leaves_nothing_and_is_made_good(own: Layout) -> None:
    log = own.log("sam-deploy")
    with _started(own, "up") as deploying:
        _until(lambda: log.exists() and "CREATE_IN_PROGRESS" in log.read_text("utf-8"))
        deploying.send_signal(signal.SIGINT)
        said, _ = deploying.communicate(timeout=_PATIENCE_S)
    assert deploying.returncode == 130
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert cloud.running(own) is None
    assert _processes_of(own.state) == []
    code, said = _local(own, "up")
    assert code == 0, said
