"""The ministack process of one state folder: start, stop, find out whether it is well."""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from local import processes
from local.layout import REGION, ROOT, ROOT_KEY, LaptopCloudError, Layout

_PYTHON = ROOT / ".venvs/cloud/bin/python"
_PAUSE_S = 0.05
# So long nothing moves before something is given up.
_QUIET_S = 30


@dataclass(frozen=True)
class Running:
    """A launcher that holds a state folder."""

    pid: int
    port: int


def running(layout: Layout) -> Running | None:
    """Who holds this state folder, on whatever port; None when nobody does.

    The lock decides, not the number in the file: a stale number never names a stranger.
    """
    try:
        descriptor = os.open(layout.lock_file, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid, _, port = os.read(descriptor, 40).decode().partition(" ")
        return Running(int(pid), int(port or 0)) if pid else None
    else:
        return None
    finally:
        os.close(descriptor)


def answers(layout: Layout, timeout_s: float = 3) -> bool:
    """Whether ministack answers on the port."""
    address = f"{layout.endpoint}/_ministack/health"
    try:
        with urllib.request.urlopen(address, timeout=timeout_s) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def well(layout: Layout) -> bool:
    """Whether the cloud of this state folder runs and answers on its port."""
    there = running(layout)
    return there is not None and there.port == layout.port and answers(layout)


def is_current(layout: Layout) -> bool:
    """Whether the state was made by ministack, launcher and patches as they are now.

    What they store is their own affair, so the state of others is not to be relied on.
    """
    try:
        return (layout.state / "cloud.code").read_text() == _code()
    except FileNotFoundError:
        return not layout.services.exists()


def _code() -> str:
    installed = sorted(
        path.name for path in ROOT.glob(".venvs/cloud/lib/*/*/ministack-*.dist-info")
    )
    files = [ROOT / "local/launcher.py", ROOT / "local/saving.py"]
    files += sorted((ROOT / "local/patches").glob("*.py"))
    parts = [*(name.encode() for name in installed), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def start(layout: Layout, without: Sequence[str] = ()) -> None:
    """Start it; one that runs but does not answer is ended first.

    `without` names patches to leave out: that is how the contract tests show what each is for.
    """
    kill(layout)
    _check_port(layout)
    _empty(layout.temporary)
    if not _PYTHON.exists():
        raise LaptopCloudError(
            "The cloud's environment is missing: run `make run` or `make serve`."
        )
    child = processes.start(
        [_PYTHON, "-m", "local.launcher", layout.lock_file, *without],
        layout.log("cloud"),
        _environment(layout),
    )
    ended = child.process.poll
    _until(
        lambda: ended() is not None or answers(layout, timeout_s=1),
        lambda: _progress(layout, child.process.pid),
    )
    if ended() is not None or not answers(layout):
        child.end()
        raise LaptopCloudError(f"The laptop cloud did not start.\n{child.last_lines()}")
    child.detach()
    (layout.state / "cloud.code").write_text(_code())


def _until(holds: Callable[[], bool], progress: Callable[[], object]) -> None:
    """Wait for something as long as there is progress."""
    seen, seen_at = progress(), time.monotonic()
    while not holds() and time.monotonic() <= seen_at + _QUIET_S:
        time.sleep(_PAUSE_S)
        if (now := progress()) != seen:
            seen, seen_at = now, time.monotonic()


def _progress(layout: Layout, pid: int) -> object:
    """What differs once the process has worked: what it has written, its seconds of CPU.

    Whole seconds, because one that only waits uses a little too.
    """
    files = layout.services.glob("*") if layout.services.exists() else ()
    written = [(file.name, _written(file)) for file in sorted(files)]
    return written, _written(layout.log("cloud")), cpu_s(pid)


def _written(file: Path) -> tuple[int, int] | None:
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_size, stat.st_mtime_ns


def cpu_s(pid: int) -> int | None:
    """Seconds of CPU that a process has used; None once it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) // os.sysconf("SC_CLK_TCK")


def _empty(folder: Path) -> None:
    """Give an empty folder at once; what was in it (many small files) is deleted meanwhile."""
    rubbish = folder.with_name(f"{folder.name}-{time.time_ns()}")
    if folder.exists():
        folder.rename(rubbish)
    folder.mkdir(parents=True)
    for left_over in folder.parent.glob(f"{folder.name}-*"):
        threading.Thread(target=shutil.rmtree, args=(left_over, True), daemon=True).start()


def stop(layout: Layout) -> bool:
    """Stop it in order, so that it saves its state. Says whether there was one."""
    there = running(layout)
    if there is None:
        return False
    _saved(layout).unlink(missing_ok=True)
    # Its workers too: a request that nobody waits for any more would hold up the end.
    os.killpg(there.pid, signal.SIGTERM)
    _until(
        lambda: running(layout) is None or _saved(layout).exists(),
        lambda: _progress(layout, there.pid),
    )
    _end(layout, there)
    return True


def kill(layout: Layout) -> None:
    """End it at once: what is on disk stays as the last checkpoint left it."""
    there = running(layout)
    if there is not None:
        _end(layout, there)


def _end(layout: Layout, there: Running) -> None:
    processes.kill_group(there.pid)
    while running(layout) is not None:
        time.sleep(_PAUSE_S)


def checkpoint(layout: Layout) -> None:
    """Have it save its state now, so that even a killed one comes back as it was here."""
    there = running(layout)
    if there is None:
        return
    _saved(layout).unlink(missing_ok=True)
    os.kill(there.pid, signal.SIGUSR1)
    _until(
        lambda: running(layout) is None or _saved(layout).exists(),
        lambda: _progress(layout, there.pid),
    )
    if not _saved(layout).exists():
        raise LaptopCloudError(
            "The laptop cloud has stopped saving its state before it was done."
            f" Its log: {layout.log('cloud')}"
        )


def saved_at(layout: Layout) -> datetime | None:
    """When it last saved its rows; None if it never did."""
    try:
        rows = layout.services / "dynamodb.json"
        return datetime.fromtimestamp(rows.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def _saved(layout: Layout) -> Path:
    return layout.services / "saved"


def wipe(layout: Layout) -> None:
    """Forget everything that the cloud held; the cloud must not run."""
    for folder in (layout.services, layout.objects, layout.temporary):
        shutil.rmtree(folder, ignore_errors=True)
    layout.deployed.unlink(missing_ok=True)


def _check_port(layout: Layout) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", layout.port))
        except OSError:
            raise LaptopCloudError(
                f"Port {layout.port} is in use by another program. "
                f"End that program, or choose another port: make run PORT={layout.port + 1}"
            ) from None


def _environment(layout: Layout) -> dict[str, str]:
    """Only what ministack needs: its workers inherit it, and no function may depend on ours."""
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return inherited | {
        "HOME": str(layout.temporary),
        "TMPDIR": str(layout.temporary),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(layout.port),
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": layout.root_secret(),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(layout.services),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(layout.objects),
        "DOCKER_HOST": "unix:///nonexistent",
    }
