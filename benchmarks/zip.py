"""A batch's ZIP against zlib level 9 and against copying: `python -m benchmarks.zip --gb 2`.

The results are real cut-outs of 12 MP, 2 GB of them, in a folder that stands for S3. "copy" fetches
the same objects and uploads them as one, by boto3 with its own settings for parts, and makes no
ZIP. zlib writes nothing at all. Seconds are of the CPU, so that other work on the machine does not
count; the least of a few runs. Each ZIP is opened and read again.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from matplotlib import pyplot as plt

from benchmarks import plots
from benchmarks.encode import cut_out
from benchmarks.packing import ARCHIVE, Cost
from darkroom.encode import encode
from darkroom.picture import Picture

REPEATS = 5
MIN_VS_DEFLATE, MIN_VS_COPY, MAX_PEAK_MB = 5, 0.8, 300


def fill(folder: Path, size_bytes: int) -> int:
    """Write cut-outs of about that size in all; answers their size."""
    rgb, alpha = cut_out()
    turned = [(rgb, alpha), (rgb[::-1], alpha), (rgb[:, ::-1], alpha), (rgb[::-1, ::-1], alpha)]
    photos = [encode(Picture(colours.copy(), cover), "png") for colours, cover in turned]
    written = 0
    (folder / "out").mkdir()
    while written < size_bytes:
        number = len(list((folder / "out").iterdir()))
        photo = photos[number % len(photos)]
        (folder / "out" / f"{number:04d}.png").write_bytes(photo)
        written += len(photo)
    return written


def measure(way: str, folder: Path) -> Cost:
    """Go that way in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.packing", way, str(folder)],
        stdout=subprocess.PIPE,
        check=True,
    )
    return Cost.model_validate_json(done.stdout)


def check(folder: Path) -> str:
    """Read every byte of the ZIP again."""
    path = folder / ARCHIVE
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        entries = len(archive.namelist())
    if damaged or entries != len(list((folder / "out").iterdir())):
        raise SystemExit(f"the ZIP is damaged: {damaged}, {entries} entries")
    return f"opened: {entries} entries, {path.stat().st_size / 1e9:.2f} GB, no damage"


def draw(speeds: dict[str, float]) -> None:
    """Plot megabytes per second."""
    figure, axes = plt.subplots(figsize=(7, 2.6))
    bars = axes.barh(list(speeds), list(speeds.values()), color=["C0", "C7", "C3"])
    axes.bar_label(bars, fmt="%.0f", padding=4)
    axes.invert_yaxis()
    axes.set(xlabel="MB per CPU second", title="Results into one object")
    axes.set_xlim(right=max(speeds.values()) * 1.15)
    axes.grid(alpha=0.3, axis="x")
    plots.save(figure, "zip")


def main() -> None:
    """Measure, print, plot."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gb", type=float, default=2.0, help="size of all results")
    parser.add_argument("--folder", type=Path, help="where there is room for twice of that")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        megabytes = fill(folder, int(options.gb * 1e9)) / 1e6
        runs: dict[str, list[Cost]] = {"ZIP": [], "copy": [], "zlib level 9": []}
        for _ in range(REPEATS):
            runs["ZIP"].append(measure("ZIP", folder))
            checked = check(folder)
            (folder / ARCHIVE).unlink()
            runs["copy"].append(measure("copy", folder))
            (folder / ARCHIVE).unlink()
        runs["zlib level 9"].append(measure("zlib level 9", folder))
    print(checked)
    cpu_s = {way: min(cost.cpu_seconds for cost in costs) for way, costs in runs.items()}
    peak_mb = {way: max(cost.peak_mb for cost in costs) for way, costs in runs.items()}
    plots.print_table(
        (f"{megabytes / 1000:.2f} GB", "CPU s", "wall s", "MB per CPU s", "peak MB"),
        [
            (
                way,
                f"{cpu_s[way]:.1f}",
                f"{min(cost.seconds for cost in costs):.1f}",
                f"{megabytes / cpu_s[way]:.0f}",
                f"{peak_mb[way]:.0f}",
            )
            for way, costs in runs.items()
        ],
    )
    draw({way: megabytes / seconds for way, seconds in cpu_s.items()})
    figures = {
        "zip_vs_deflate9": round(cpu_s["zlib level 9"] / cpu_s["ZIP"], 2),
        "zip_vs_copy": round(cpu_s["copy"] / cpu_s["ZIP"], 2),
        "peak_mb": round(peak_mb["ZIP"]),
    }
    within = (
        figures["zip_vs_deflate9"] >= MIN_VS_DEFLATE
        and figures["zip_vs_copy"] >= MIN_VS_COPY
        and figures["peak_mb"] < MAX_PEAK_MB
    )
    print(
        f"at least {MIN_VS_DEFLATE} and {MIN_VS_COPY}, under {MAX_PEAK_MB} MB: "
        f"{'yes' if within else 'NO'}"
    )
    plots.print_figures(figures)


if __name__ == "__main__":
    main()
