"""A laptop cloud of the benchmarks' own, what is sent to it, and what it costs in CPU."""

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local import bringup, cloud
from local.layout import ROOT, Layout, Outputs
from local.ports import free_port
from lumiku_client import Client

STATE = ROOT / ".local" / "bench"


@contextmanager
def laptop_cloud(state: Path = STATE) -> Iterator[tuple[Layout, Outputs]]:
    """Have a laptop cloud that runs the sources as they are; stop it if it was not there before."""
    there = cloud.running(Layout(state))
    layout = Layout(state, there.port if there else free_port())
    try:
        yield layout, bringup.up(layout)
    finally:
        if there is None:
            cloud.stop(layout)


def send(client: Client, photo: Path, tier: str) -> float:
    """Seconds of one photo, there and back."""
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        client.remove(photo, tier, Path(folder) / "result.png")
        return time.perf_counter() - began


def send_all(
    client: Client, photos: Sequence[Path], tier: str, clients: int
) -> list[tuple[float, float]]:
    """Send photos of their own, a few at a time: moment of each one's end, and its seconds."""

    def one(photo: Path) -> tuple[float, float]:
        seconds = send(client, photo, tier)
        return time.perf_counter(), seconds

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(one, photos))


def cpu_s(layout: Layout) -> dict[str, float]:
    """CPU seconds that the cloud and its living workers have used, by the name of the function.

    What stands for AWS itself is "cloud".
    """
    there = cloud.running(layout)
    ticks: Counter[str] = Counter()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # After the name in brackets: state, parent, group, ... user and system time (proc(5)).
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if there is not None and int(fields[2]) == there.pid:
                variables = (process / "environ").read_bytes()
                found = re.search(rb"AWS_LAMBDA_FUNCTION_NAME=lumiku-[^-]+-(\w+)", variables)
                name = found[1].decode() if found else "cloud"
                ticks[name] += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return {name: used / os.sysconf("SC_CLK_TCK") for name, used in ticks.items()}
