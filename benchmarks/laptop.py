"""A laptop cloud of the benchmarks' own, the photos to send, and what the cloud costs in CPU."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from local import bringup, cloud, samples
from local.layout import ROOT, Layout, Outputs
from local.ports import free_port

STATE = ROOT / ".local" / "bench"
OPEN_PHOTOS = ROOT.parent / "shared" / "photos"
_PHOTO_ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


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


def photos(folder: Path | None, layout: Layout, count: int) -> list[Path]:
    """Choose `count` photos of a folder, again from the start when it holds fewer.

    Without a folder those beside the checkout (or in PHOTOS_DIR), else scikit-image's samples.
    """
    beside = Path(os.environ.get("PHOTOS_DIR", OPEN_PHOTOS)) / "open"
    chosen = folder or (beside if beside.is_dir() else samples.write(layout))
    found = sorted(p for p in chosen.iterdir() if p.suffix.lower() in _PHOTO_ENDINGS)
    if not found:
        raise SystemExit(f"No photos in {chosen}")
    return list(islice(cycle(found), count))


def cpu_s(layout: Layout) -> float | None:
    """CPU seconds that the cloud and its living workers have used; None where there is no /proc."""
    there = cloud.running(layout)
    if there is None or not Path("/proc/self/stat").exists():
        return None
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name in brackets: state, parent, group, ... user and system time (proc(5)).
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == there.pid:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
