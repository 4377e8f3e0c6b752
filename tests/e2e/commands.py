"""The laptop cloud's commands, as processes of their own."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.layout import ROOT, Layout

# Generous: the machine may be busy with other things.
_PATIENCE_S = 300


@dataclass(frozen=True)
class Ended:
    """A command that is over: its exit code, what it said, and the processes that it left."""

    code: int
    said: str
    left: list[str]


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


def run(layout: Layout, command: str) -> Ended:
    """Run a command to its end."""
    with _started(layout, command) as process:
        return _ended(layout, process)


def interrupted_while_deploying(layout: Layout) -> Ended:
    """Bring up a laptop cloud that was never deployed, and press Ctrl-C in the midst of that."""
    log = layout.log("sam-deploy")
    with _started(layout, "up") as process:
        _until(lambda: log.exists() and "CREATE_IN_PROGRESS" in log.read_text("utf-8"))
        process.send_signal(signal.SIGINT)
        return _ended(layout, process)


def _ended(layout: Layout, process: "subprocess.Popen[str]") -> Ended:
    said, _ = process.communicate(timeout=_PATIENCE_S)
    return Ended(process.returncode, said, _processes_of(layout.state))


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _processes_of(state: Path) -> list[str]:
    """Command lines of all processes that name this folder or were started for it."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)  # noqa: S607
    return [line for line in listed.stdout.splitlines() if str(state) in line]
