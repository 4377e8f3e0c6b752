"""Batches on the laptop cloud: `python -m benchmarks.batch [--photos 500] [--crowd 5000]`.

Batches of 10 % to 100 % of the photos and single photos from a few clients take turns, both from
the order to the result on disk, so that whatever else the machine does slows both. Then a photo
of its own is sent again and again, beside a batch and without one. Last, process_photo waits 10 ms
in the place of its step (`benchmarks/stand_in`; function, lanes and state machine are the deployed
ones) while ten people send a batch each at the same time; every row, object, ledger entry and ZIP
entry of theirs is counted. Requests are recorded over moto (`benchmarks/batch_cost.py`).
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from matplotlib import pyplot as plt

from benchmarks import batch_cost, batch_load, laptop, plots
from benchmarks.batch_load import Count, Sent
from benchmarks.stages import percentile
from benchmarks.yardsticks import Pace
from local.layout import ROOT
from tests.e2e.service import Person, Service

STATE = ROOT / ".local" / "bench-batch"
SIZES = (0.1, 0.2, 0.5, 1.0)
SIDE_PX, CROWD_SIDE_PX = 480, 64
PEOPLE = 10
ALONE = 20
SINGLES_A_TURN = 60
CREDITS = 100_000
MIN_VS_ENGINE = 0.9
WORKER_GB = 1769 / 1024


@dataclass(frozen=True)
class Turns:
    """Batches by size, single photos between them, and what was counted."""

    batches: list[Sent]
    singles: list[Pace]
    counts: list[Count]

    @property
    def engine(self) -> float:
        """Single photos a minute: the median of the turns."""
        return statistics.median(pace.per_minute for pace in self.singles)

    @property
    def ratio(self) -> float:
        """Pace of the largest batch to that of single photos."""
        return self.batches[-1].pace.per_minute / self.engine

    def line(self) -> tuple[float, float, float]:
        """Seconds per photo and to begin with, of the straight line through the batches, and r²."""
        x = np.array([sent.pace.photos for sent in self.batches], float)
        y = np.array([sent.pace.seconds for sent in self.batches])
        slope, start = np.polyfit(x, y, 1)
        left = ((y - slope * x - start) ** 2).sum() / ((y - y.mean()) ** 2).sum()
        return float(slope), float(start), float(1 - left)


def take_turns(
    service: Service, person: Person, photos: Sequence[Path], folder: Path, clients: int
) -> Turns:
    """A batch of each size, with single photos before, between and after."""
    some = photos[:SINGLES_A_TURN]
    turns = Turns([], [], [])
    for share in SIZES:
        turns.singles.append(batch_load.send_singles(person, some, folder, clients))
        number = max(2, round(share * len(photos)))
        sent = batch_load.send_batch(person, photos[:number], folder / f"{number}.zip")
        turns.batches.append(sent)
        turns.counts.append(batch_load.count(service, sent))
    turns.singles.append(batch_load.send_singles(person, some, folder, clients))
    return turns


def beside_a_batch(
    person: Person, other: Person, photos: Sequence[Path], folder: Path
) -> tuple[list[float], list[float]]:
    """Seconds of single photos, one by one: while nothing else is sent, and beside a batch."""
    one_by_one = cycle(photos)
    idle = batch_load.latencies(person, one_by_one, folder, ALONE)
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(batch_load.send_batch, other, photos, folder / "beside.zip")
        busy = list(_until(batch.done, person, one_by_one, folder))
        batch.result()
    return idle, busy


def _until(
    is_over: Callable[[], bool], person: Person, photos: Iterator[Path], folder: Path
) -> Iterator[float]:
    while not is_over():
        yield from batch_load.latencies(person, photos, folder, 1)


def report_turns(turns: Turns) -> None:
    """Print paces and the straight line."""
    rows = [
        (f"batch of {sent.pace.photos}", f"{sent.pace.seconds:.1f}", f"{sent.pace.per_minute:.0f}")
        for sent in turns.batches
    ]
    rows += [
        (f"{pace.photos} single photos", f"{pace.seconds:.1f}", f"{pace.per_minute:.0f}")
        for pace in turns.singles
    ]
    plots.print_table((f"tier {batch_load.TIER}", "seconds", "photos a minute"), rows)
    slope, start, r2 = turns.line()
    print(f"a batch takes {start:.1f} s and {1000 * slope:.0f} ms a photo (r² {r2:.4f})")
    within = "yes" if turns.ratio >= MIN_VS_ENGINE else "NO"
    print(f"batch_vs_engine is at least {MIN_VS_ENGINE}: {within}")


def report_latency(idle: list[float], busy: list[float]) -> None:
    """Print what a single photo feels of a batch."""
    rows = [
        (name, str(len(found)), f"{statistics.median(found):.2f}", f"{percentile(found, 0.95):.2f}")
        for name, found in (("nothing else", idle), ("a batch", busy))
    ]
    plots.print_table(("seconds of a single photo beside", "photos", "p50", "p95"), rows)


def report_crowd(pace: Pace, counts: list[Count], lost: int, double: int) -> None:
    """Print what came of the people who send at the same time."""
    print(
        f"{pace.photos} photos in {len(counts)} batches at once, 10 ms each: {pace.seconds:.0f} s, "
        f"{pace.per_minute:.0f} a minute, lost {lost}, double {double}, every ledger balanced"
    )


def report_cost(bill: batch_cost.Bill, photo_s: float) -> dict[str, float]:
    """Print requests and dollars; answers dollars for 1,000 photos by region."""
    plots.print_table(
        (f"AWS requests of a batch of {bill.photos}", "recorded", "a photo"),
        [(name, str(n), f"{n / bill.photos:.2f}") for name, n in bill.calls.most_common()],
    )
    costs = {
        region: bill.usd_per_1000(region, photo_s, WORKER_GB)
        for region in batch_cost.PRICES["regions"]
    }
    totals = {region: sum(cost.values()) for region, cost in costs.items()}
    rows = [
        (name, *(f"{cost[name]:.4f}" for cost in costs.values()))
        for name in next(iter(costs.values()))
    ]
    rows.append(("all", *(f"{total:.4f}" for total in totals.values())))
    plots.print_table(("dollars for 1,000 photos", *costs), rows)
    print(
        f"prices of {batch_cost.PRICES['as_of']}; {batch_cost.MB_IN:.0f} MB in, "
        f"{batch_cost.MB_OUT:.0f} MB out, {photo_s:.2f} s at {WORKER_GB:.2f} GB, "
        f"{bill.write_units / bill.photos:.1f} write and {bill.read_units / bill.photos:.1f} read "
        "units a photo"
    )
    return {region: round(total, 3) for region, total in totals.items()}


def draw(turns: Turns) -> None:
    """Plot time against photos."""
    figure, axes = plt.subplots(figsize=(7, 4.2))
    photos = [sent.pace.photos for sent in turns.batches]
    slope, start, r2 = turns.line()
    ends = [0, photos[-1]]
    axes.plot(ends, [start + slope * x for x in ends], color="#9aa5b1", label=f"line, r² {r2:.4f}")
    single_s = 60 / turns.engine
    axes.plot(ends, [single_s * x for x in ends], "--", color="#c8ced6", label="single photos")
    axes.plot(photos, [sent.pace.seconds for sent in turns.batches], "o", color="#2563eb")
    axes.set(
        xlabel="photos",
        ylabel="seconds from the order to the ZIP on disk",
        title=f"A batch on the laptop cloud, tier {batch_load.TIER}, two cores",
    )
    axes.legend()
    axes.grid(alpha=0.3)
    plots.save(figure, "batch")


def main(
    photos: Annotated[int, typer.Option(help="Photos of the largest batch")] = 500,
    crowd: Annotated[int, typer.Option(help="Photos of the ten batches at once")] = 5000,
    clients: Annotated[int, typer.Option(help="Clients that send single photos")] = 4,
    folder: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = STATE,
) -> None:
    """Measure, print, plot."""
    with (
        laptop.laptop_cloud(state) as (layout, outputs),
        TemporaryDirectory() as name,
    ):
        work, service = Path(name), Service(layout, outputs)
        batch_load.use_real_step(service)
        chosen = laptop.photos(folder, layout, photos)
        small = batch_load.shrunk(chosen, work / "small", SIDE_PX)
        tiny = batch_load.shrunk(chosen[: crowd // PEOPLE], work / "tiny", CROWD_SIDE_PX)
        people = [service.newcomer(CREDITS) for _ in range(PEOPLE)]
        batch_load.send_singles(people[0], small[:8], work, clients)
        batch_load.send_batch(people[0], small[:4], work / "warm.zip")
        turns = take_turns(service, people[0], small, work, clients)
        idle, busy = beside_a_batch(people[0], people[1], small, work)
        with batch_load.ten_ms_step(service):
            pace, counts = batch_load.at_once(service, people, tiny, work)
        service.close()
    bill = batch_cost.record(photos)
    everything = [*turns.counts, *counts]
    lost, double = sum(c.lost for c in everything), sum(c.double for c in everything)
    report_turns(turns)
    report_latency(idle, busy)
    report_crowd(pace, counts, lost, double)
    photo_s = statistics.median(s for count in turns.counts for s in count.processing_s)
    usd = report_cost(bill, photo_s)
    draw(turns)
    plots.print_figures(
        {
            "batch_vs_engine": round(turns.ratio, 2),
            "lost": lost,
            "double": double,
            "requests_per_photo": round(bill.requests_per_photo, 2),
            "usd_per_1000": usd,
            "r2": round(turns.line()[2], 4),
            "single_p95_s": {
                "idle": round(percentile(idle, 0.95), 2),
                "beside_a_batch": round(percentile(busy, 0.95), 2),
            },
        }
    )


if __name__ == "__main__":
    typer.run(main)
