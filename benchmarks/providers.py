"""Photos through a chain of hosted providers in bad weather: `python -m benchmarks.providers`.

Real use case, router, breaker, transport and normaliser, over HTTP servers that imitate three
providers and over job rows and breakers in DynamoDB as moto imitates it. Each worker is a sandbox
of its own: its breaker counts alone, and all share the table. What stands in for something else:
the bucket is a dictionary, the embedded models are a threshold, so that `local` costs next to
nothing, and providers answer after 0.2 to 0.6 s.

First without a fault; then with the first provider of the chain wholly down, and 5 % errors and 2 %
silence at the others: cut-outs, then scenes that are painted, each with words of its own. Waits
are those of the service: silence lasts 20 s.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Annotated, Any, cast

import numpy as np
import typer

from benchmarks import report
from benchmarks.hosted_worker import CUT_OUTS, SCENES, Steps, Worker
from lumiku.domain.work.receipts import Receipt
from tests.dynamodb import TABLE, moto_table
from tests.imitation_providers.imitation import Books, Choice, Imitation, always, weather
from tests.imitation_providers.script import script_of
from tests.imitation_providers.server import running

MAKERS = (*CUT_OUTS.chain, *SCENES.chain, "local")
LATENCY_S = (0.2, 0.6)
STORM = weather(6, {"html-page-of-a-proxy": 0.05, "silence": 0.02})
RUNS = {"fine": CUT_OUTS, "storm": CUT_OUTS, "scenes, fine": SCENES, "scenes, storm": SCENES}


def choices(name: str, steps: Steps) -> dict[str, Choice]:
    """How each provider of a run's chain behaves."""
    if name.endswith("fine"):
        return dict.fromkeys(steps.chain, always("works"))
    first, *others = steps.chain
    return {first: always("out-of-order"), **dict.fromkeys(others, STORM)}


@dataclass(frozen=True)
class Measured:
    """One run: seconds and receipts of photos, how long all took, photos billed more than once."""

    seconds: list[float]
    receipts: list[Receipt]
    all_s: float
    submitted: int
    billed_twice: int

    @property
    def a_minute(self) -> float:
        """Photos a minute."""
        return len(self.seconds) / self.all_s * 60

    @property
    def made_by(self) -> Counter[str]:
        """Photos by the entry that made them."""
        return Counter(receipt.entry for receipt in self.receipts)


class OneAtATime:
    """A client whose calls wait for each other: moto checks a condition and writes in two steps."""

    def __init__(self, client: object) -> None:
        self._client = client
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not callable(found):
            return found

        def call(**request: Any) -> Any:
            with self._lock:
                return found(**request)

        return call


@contextmanager
def providers(chosen: dict[str, Choice], books: Books) -> Iterator[dict[str, str]]:
    """Run the imitations; their URLs by entry."""
    with ExitStack() as servers:
        yield {
            entry: servers.enter_context(
                running(Imitation(script_of(entry), choice, books, latency_s=LATENCY_S))
            ).url
            for entry, choice in chosen.items()
        }


def measure(name: str, steps: Steps, photos: int, workers: int) -> Measured:
    """Put the photos through; raises for one that does not end well."""
    books = Books()
    with moto_table() as client, providers(choices(name, steps), books) as urls:
        shared = cast("Any", OneAtATime(client))
        idle: SimpleQueue[Worker] = SimpleQueue()
        for _ in range(workers):
            idle.put(Worker(shared, TABLE, steps, urls))

        def one(number: int) -> tuple[float, Receipt]:
            worker = idle.get()
            try:
                return worker.process(name, number)
            finally:
                idle.put(worker)

        began = time.perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            done = list(pool.map(one, range(photos)))
        all_s = time.perf_counter() - began
    return Measured(
        seconds=[seconds for seconds, _ in done],
        receipts=[receipt for _, receipt in done],
        all_s=all_s,
        submitted=books.submitted.total(),
        billed_twice=len(books.billed_twice),
    )


def print_table(runs: dict[str, Measured]) -> None:
    """Print a column for each run."""
    all_runs = list(runs.values())
    report.table(
        dict.fromkeys(("", *runs), ""),
        [
            ("photos that ended well", *(len(run.receipts) for run in all_runs)),
            ("billed twice", *(run.billed_twice for run in all_runs)),
            ("submissions", *(run.submitted for run in all_runs)),
            *((f"made by {entry}", *(run.made_by[entry] for run in all_runs)) for entry in MAKERS),
            ("p50, s", *(f"{report.p50_p95(run.seconds)[0]:.2f}" for run in all_runs)),
            ("p95, s", *(f"{report.p50_p95(run.seconds)[1]:.2f}" for run in all_runs)),
            ("longest, s", *(f"{max(run.seconds):.1f}" for run in all_runs)),
            ("photos a minute", *(f"{run.a_minute:.0f}" for run in all_runs)),
        ],
    )


def draw(runs: dict[str, Measured]) -> None:
    """Plot who made the photos, and how many were done after how long."""
    with report.plot("providers", (10, 3.6), 2) as (left, right):
        for name, run in runs.items():
            left.ecdf(run.seconds, label=f"{name}: {run.a_minute:.0f} photos a minute")
        left.set(xscale="log", xlabel="seconds per photo", title="Share of photos done within")
        left.grid(alpha=0.3)
        left.legend(loc="lower right")
        below = np.zeros(len(runs))
        for entry in MAKERS:
            counts = [run.made_by[entry] for run in runs.values()]
            right.barh(list(runs), counts, left=below, label=entry)
            below += counts
        right.invert_yaxis()
        right.set(xlabel="photos", title="Made by")
        right.legend(fontsize=8, loc="lower center", bbox_to_anchor=(0.5, -0.5), ncols=2)


def main(
    photos: Annotated[int, typer.Option(help="Photos of each run")] = 1_000,
    workers: Annotated[int, typer.Option(help="Sandboxes at once")] = 12,
) -> None:
    """Measure, print, plot."""
    runs = {name: measure(name, steps, photos, workers) for name, steps in RUNS.items()}
    print_table(runs)
    fine, storm, scenes = runs["fine"], runs["storm"], runs["scenes, storm"]
    met = [fault for run in (storm, scenes) for receipt in run.receipts for fault in receipt.faults]
    faults = Counter(f"{fault.entry} {fault.kind}" for fault in met)
    print("faults met:", ", ".join(f"{name} {n}" for name, n in faults.items()))
    draw(runs)
    p50, p95 = report.p50_p95(storm.seconds)
    scenes_p50, scenes_p95 = report.p50_p95(scenes.seconds)
    report.figures(
        photos=len(storm.receipts),
        billed_twice=sum(run.billed_twice for run in runs.values()),
        scenes=len(scenes.receipts),
        scenes_p50_s=round(scenes_p50, 2),
        scenes_p95_s=round(scenes_p95, 2),
        p50_s=round(p50, 2),
        p95_s=round(p95, 2),
        photos_a_minute=round(storm.a_minute),
        of_the_fault_free_run=round(storm.a_minute / fine.a_minute, 2),
    )


if __name__ == "__main__":
    typer.run(main)
