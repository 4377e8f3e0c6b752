"""Batches on the laptop cloud: `python -m benchmarks.batch [--photos 500] [--crowd 5000]`.

Batches of 10 % to 100 % of the photos and single photos from a few clients take turns, both from
the order to the result on disk, so that whatever else the machine does slows both. Then a photo
of its own is sent again and again, beside a batch and without one. Last, process_photo waits 10 ms
in the place of its step (`benchmarks/stand_in`; function, lanes and state machine are the deployed
ones) while ten people send a batch each at the same time; every row, object, ledger entry and ZIP
entry of theirs is counted. Requests are recorded over moto (`benchmarks/batch_cost.py`).
"""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from benchmarks import batch_cost, batch_load, laptop, report
from benchmarks import photos as photo_files
from benchmarks.batch_load import TIER, Count, Sent
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

# Sends photos of their own.
type SendSingles = Callable[[Sequence[Path]], Pace]


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

    @cached_property
    def line(self) -> tuple[float, float, float]:
        """Seconds per photo and to begin with, of the straight line through the batches, and r²."""
        x = np.array([sent.pace.photos for sent in self.batches], float)
        y = np.array([sent.pace.seconds for sent in self.batches])
        slope, start = np.polyfit(x, y, 1)
        return float(slope), float(start), float(np.corrcoef(x, y)[0, 1] ** 2)


def take_turns(
    service: Service, person: Person, send: SendSingles, photos: Sequence[Path], folder: Path
) -> Turns:
    """A batch of each size, with single photos before, between and after."""
    singles, batches = [send(photos[:SINGLES_A_TURN])], []
    for share in SIZES:
        number = max(2, round(share * len(photos)))
        batches.append(batch_load.send_batch(person, photos[:number], folder / f"{number}.zip"))
        singles.append(send(photos[:SINGLES_A_TURN]))
    return Turns(batches, singles, [batch_load.count(service, sent) for sent in batches])


def beside_a_batch(
    person: Person, other: Person, photos: Sequence[Path], folder: Path
) -> dict[str, list[float]]:
    """Seconds of single photos, one by one: while nothing else is sent, and beside a batch."""
    seconds = (laptop.send(person.client, photo, TIER) for photo in cycle(photos))
    idle = list(islice(seconds, ALONE))
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(batch_load.send_batch, other, photos, folder / "beside.zip")
        busy = []
        while not batch.done():
            busy.append(next(seconds))
        batch.result()
    return {"nothing else": idle, "a batch": busy}


def report_turns(turns: Turns) -> None:
    """Print paces and the straight line."""
    batches = [(f"batch of {sent.pace.photos}", sent.pace) for sent in turns.batches]
    singles = [(f"{pace.photos} single photos", pace) for pace in turns.singles]
    report.table(
        {f"tier {TIER}": "", "seconds": ".1f", "photos a minute": ".0f"},
        [(name, pace.seconds, pace.per_minute) for name, pace in [*batches, *singles]],
    )
    slope, start, r2 = turns.line
    print(f"a batch takes {start:.1f} s and {1000 * slope:.0f} ms a photo (r² {r2:.4f})")
    report.verdict(f"batch_vs_engine is at least {MIN_VS_ENGINE}", turns.ratio >= MIN_VS_ENGINE)


def measure(
    service: Service, photos: Sequence[Path], crowd: int, clients: int, work: Path
) -> tuple[Turns, dict[str, list[float]], Pace, list[Count]]:
    """Turns, waits of single photos, and the crowd's pace and counts."""
    batch_load.use_real_step(service)
    small = batch_load.shrunk(photos, work / "small", SIDE_PX)
    tiny = batch_load.shrunk(photos[: crowd // PEOPLE], work / "tiny", CROWD_SIDE_PX)
    people = [service.newcomer(CREDITS) for _ in range(PEOPLE)]

    def send_singles(some: Sequence[Path]) -> Pace:
        began = time.perf_counter()
        laptop.send_all(people[0].client, some, TIER, clients)
        return Pace(len(some), time.perf_counter() - began)

    send_singles(small[:8])
    batch_load.send_batch(people[0], small[:4], work / "warm.zip")
    turns = take_turns(service, people[0], send_singles, small, work)
    waits = beside_a_batch(people[0], people[1], small, work)
    with batch_load.ten_ms_step(service):
        pace, counts = batch_load.at_once(service, people, tiny, work)
    return turns, waits, pace, counts


def main(
    photos: Annotated[int, typer.Option(help="Photos of the largest batch")] = 500,
    crowd: Annotated[int, typer.Option(help="Photos of the ten batches at once")] = 5000,
    clients: Annotated[int, typer.Option(help="Clients that send single photos")] = 4,
    folder: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = STATE,
) -> None:
    """Measure and print."""
    with (
        laptop.laptop_cloud(state) as (layout, outputs),
        TemporaryDirectory() as name,
    ):
        service, chosen = Service(layout, outputs), photo_files.choose(folder, photos)
        turns, waits, pace, counts = measure(service, chosen, crowd, clients, Path(name))
        service.close()
    everything = [*turns.counts, *counts]
    lost, double = sum(c.lost for c in everything), sum(c.double for c in everything)
    report_turns(turns)
    typical = {name: report.p50_p95(seconds) for name, seconds in waits.items()}
    report.table(
        {"seconds of a single photo beside": "", "photos": "", "p50": ".2f", "p95": ".2f"},
        [(name, len(seconds), *typical[name]) for name, seconds in waits.items()],
    )
    print(
        f"{pace.photos} photos in {len(counts)} batches at once, 10 ms each: {pace.seconds:.0f} s, "
        f"{pace.per_minute:.0f} a minute, lost {lost}, double {double}, every ledger balanced"
    )
    bill = batch_cost.record(photos)
    photo_s = statistics.median(s for count in turns.counts for s in count.processing_s)
    batch_cost.report_requests(bill)
    usd = batch_cost.report_cost(bill, photo_s)
    report.figures(
        batch_vs_engine=round(turns.ratio, 2),
        lost=lost,
        double=double,
        requests_per_photo=round(bill.requests_per_photo, 2),
        usd_per_1000=usd,
        r2=round(turns.line[2], 4),
        single_p95_s={
            "idle": round(typical["nothing else"][1], 2),
            "beside_a_batch": round(typical["a batch"][1], 2),
        },
    )


if __name__ == "__main__":
    typer.run(main)
