"""A batch's ZIP against zlib level 9 and against copying: `python -m benchmarks.zip --gb 2`.

The results are real cut-outs of 12 MP, 2 GB of them, in a folder that stands for S3. "copy" fetches
the same objects and uploads them as one, by boto3 with its own settings for parts, and makes no
ZIP. zlib writes nothing at all. Seconds are of the CPU, so that other work on the machine does not
count; the least of a few turns. Each ZIP is opened and read again.
"""

import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import own_process, report
from benchmarks.encode import cut_out
from benchmarks.packing import ARCHIVE, Cost
from darkroom.encode import encode
from darkroom.picture import Picture

TURNS = 5
MIN_VS_DEFLATE, MIN_VS_COPY, MAX_PEAK_MB = 5, 0.8, 300


def fill(folder: Path, size_bytes: int) -> int:
    """Write cut-outs of about that size in all; answers their size."""
    rgb, alpha = cut_out()
    turned = [(rgb, alpha), (rgb[::-1], alpha), (rgb[:, ::-1], alpha), (rgb[::-1, ::-1], alpha)]
    photos = [encode(Picture(colours.copy(), cover), "png") for colours, cover in turned]
    written = number = 0
    (folder / "out").mkdir()
    while written < size_bytes:
        photo = photos[number % len(photos)]
        written += (folder / "out" / f"{number:04d}.png").write_bytes(photo)
        number += 1
    return written


def go(way: str, folder: Path) -> Cost:
    """Go that way in a process of its own."""
    (folder / ARCHIVE).unlink(missing_ok=True)
    return Cost(**own_process.run("packing", way, folder))


def go_and_check(folder: Path) -> Cost:
    """Make the ZIP, and read every byte of it again."""
    cost = go("ZIP", folder)
    with zipfile.ZipFile(folder / ARCHIVE) as archive:
        damaged, entries = archive.testzip(), len(archive.namelist())
    if damaged or entries != len(list((folder / "out").iterdir())):
        raise SystemExit(f"the ZIP is damaged: {damaged}, {entries} entries")
    return cost


def main(
    gb: Annotated[float, typer.Option(help="Size of all results")] = 2.0,
    folder: Annotated[Path | None, typer.Option(help="Where there is room for twice that")] = None,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        place = Path(name)
        megabytes = fill(place, int(gb * 1e9)) / 1e6
        ways = {"ZIP": partial(go_and_check, place), "copy": partial(go, "copy", place)}
        runs = report.take_turns(ways, TURNS)
        runs["zlib level 9"] = [go("zlib level 9", place)]
        print(f"every ZIP opened: {len(list((place / 'out').iterdir()))} entries, no damage")
    cpu_s = {way: min(cost.cpu_seconds for cost in costs) for way, costs in runs.items()}
    wall_s = {way: min(cost.seconds for cost in costs) for way, costs in runs.items()}
    peak_mb = {way: max(cost.peak_mb for cost in costs) for way, costs in runs.items()}
    speeds = {way: megabytes / seconds for way, seconds in cpu_s.items()}
    report.table(
        {
            f"{megabytes / 1000:.2f} GB": "",
            "CPU s": ".1f",
            "wall s": ".1f",
            "MB per CPU s": ".0f",
            "peak MB": ".0f",
        },
        [(way, cpu_s[way], wall_s[way], speeds[way], peak_mb[way]) for way in runs],
    )
    vs_deflate = round(cpu_s["zlib level 9"] / cpu_s["ZIP"], 2)
    vs_copy = round(cpu_s["copy"] / cpu_s["ZIP"], 2)
    report.verdict(
        f"at least {MIN_VS_DEFLATE} and {MIN_VS_COPY}, under {MAX_PEAK_MB} MB",
        vs_deflate >= MIN_VS_DEFLATE and vs_copy >= MIN_VS_COPY and peak_mb["ZIP"] < MAX_PEAK_MB,
    )
    report.figures(zip_vs_deflate9=vs_deflate, zip_vs_copy=vs_copy, peak_mb=round(peak_mb["ZIP"]))


if __name__ == "__main__":
    typer.run(main)
