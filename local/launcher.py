"""Runs ministack with the patches, holding a lock on its state folder for as long as it lives.

Runs in the `cloud` environment, because ministack runs the functions on its own interpreter.
usage: python -m local.launcher LOCK_FILE [PATCH TO LEAVE OUT]...
"""

import fcntl
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from ministack import app
from ministack.core import persistence

from local import patches
from local.saving import lasting


def hold(lock_file: Path) -> int:
    """Lock the file, write this process's id and port into it, and keep it open."""
    descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit("a laptop cloud already uses this state folder") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()} {os.environ['GATEWAY_PORT']}".encode())
    return descriptor


def tell_when_saved() -> None:
    """Leave a sign in the state folder each time the state has been saved."""
    upstream = app.save_all

    def save_all(services: dict[str, Any]) -> None:
        upstream(services)
        folder = Path(persistence.STATE_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "saved").touch()

    app.save_all = save_all


def checkpoint(_signal: int, _frame: FrameType | None) -> None:
    """Save everything now; ministack itself does that only when it is stopped in order."""
    app.save_all(app._build_persistence_save_dict())


def main(arguments: list[str]) -> None:
    """Apply every patch that is not switched off, then serve until a signal comes."""
    lock_file, *left_out = arguments
    _held = hold(Path(lock_file))
    for name, patch in patches.ALL.items():
        if name not in left_out:
            patch()
    tell_when_saved()
    signal.signal(signal.SIGUSR1, checkpoint)
    app.app = lasting(app.app, Path(lock_file).with_name("deployed"))
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main(sys.argv[1:])
