"""Child processes that never outlive the wrapper by accident."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from local.layout import ROOT, LaptopCloudError

_SHOWN_LINES = 25
_GRACE_S = 3


def start(command: Sequence[str | Path], log: Path, environment: Mapping[str, str]) -> "Child":
    """Start a program in a process group of its own, with its output in a log file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(process, log)


class Child:
    """A running program and its log."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Take over a process that leads its own group."""
        self.process = process
        self.log = log

    def finish(self, what: str) -> None:
        """Wait for its end; failed or interrupted, nothing of it stays behind."""
        try:
            status = self.process.wait()
        finally:
            self.end()
        if status != 0:
            raise LaptopCloudError(f"{what} failed (status {status}).\n{self.last_lines()}")

    def end(self) -> None:
        """End the whole group, if it is still there: ask first, then force."""
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(_GRACE_S)
        kill_group(self.process.pid)
        self.process.wait()

    def detach(self) -> None:
        """Let it live on by itself: nobody here will wait for it."""
        self.process.returncode = 0

    def last_lines(self) -> str:
        """End of the log, for a message."""
        lines = self.log.read_text("utf-8", errors="replace").splitlines()[-_SHOWN_LINES:]
        return "\n".join([*(f"  | {line}" for line in lines), f"  (all of it: {self.log})"])


def kill_group(leader: int) -> None:
    """Kill a process group, and collect its leader should that be a child of this process."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(leader, 0)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Finish cleaning up even when Ctrl-C is pressed again."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
