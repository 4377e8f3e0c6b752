"""The whole local engine, upload to result, against bare inference and rembg.

`python -m benchmarks.engine [--photos FOLDER]`. Engine, inference and rembg take turns, so that
whatever else the machine does slows all of them; starts and tails do not count. Inference is the
tier's models alone, on inputs made beforehand, with as many processes and threads as the engine has
workers. rembg runs the same models; what it does with u2net alone, which is less work than the
tier's, is printed beside it.
"""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from matplotlib import pyplot as plt

from benchmarks import laptop, plots, stages, yardsticks
from benchmarks.stages import Seconds, percentile
from benchmarks.yardsticks import Inference, Pace, steady_pace
from local.layout import Layout, Outputs
from lumiku.apps.remover.prices import Tier
from lumiku_client import Client

TIER = "standard"
LARGE = "u2net"
WORKERS, THREADS = 2, 1
# Photos sent one by one, and photos looked at from inside, of each tier.
ALONE, PROBED = 20, 10
TARGETS = {"engine_vs_inference": 0.75, "engine_vs_rembg": 1.3}
MAX_P95_S = {"basic": 2.0, "standard": 3.0}


@dataclass
class Turns:
    """What each contestant did, turn by turn."""

    engine: list[Pace] = field(default_factory=list)
    inference: list[Pace] = field(default_factory=list)
    rembg: list[Pace] = field(default_factory=list)
    rembg_large: list[Pace] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)

    def ratio(self, others: list[Pace]) -> float:
        """Median over the turns of the engine's pace to theirs."""
        pairs = zip(self.engine, others, strict=True)
        return statistics.median(e.per_minute / o.per_minute for e, o in pairs)

    def cpu_ratio(self) -> float | None:
        """CPU time of bare inference as a share of the engine's: what no other load changes."""
        pairs = [(e.cpu_s, i.cpu_s) for e, i in zip(self.engine, self.inference, strict=True)]
        known = [bare / whole for whole, bare in pairs if whole and bare]
        return statistics.median(known) if known else None


@dataclass(frozen=True)
class Service:
    """The laptop cloud and a client of it."""

    layout: Layout
    client: Client
    results: Path

    def send(self, tier: str, number: int, photo: Path) -> Seconds:
        """One photo, there and back."""
        return stages.send(self.client, photo, tier, self.results / f"{number}.png")

    def all_at_once(self, photos: list[Path], clients: int) -> tuple[Pace, list[float]]:
        """Send the photos from a few clients; also the seconds that each photo took."""
        cpu_before, own_before = laptop.cpu_s(self.layout), time.process_time()
        ends_s: list[float] = []

        def send(number: int, photo: Path) -> float:
            spent = self.send(TIER, number, photo)
            ends_s.append(time.perf_counter())
            return spent["all"]

        with ThreadPoolExecutor(clients) as pool:
            spent_s = list(pool.map(send, range(len(photos)), photos))
        cpu_after, own = laptop.cpu_s(self.layout), time.process_time() - own_before
        known = cpu_before is not None and cpu_after is not None
        cpu_s = own + (cpu_after or 0) - (cpu_before or 0) if known else None
        return steady_pace(ends_s, cpu_s), spent_s


def compete(
    service: Service,
    inference: Inference,
    photos: list[Path],
    models: list[str],
    turns: int,
    clients: int,
) -> Turns:
    """Let all of them take turns."""
    done = Turns()
    for number in range(turns):
        order = [service.all_at_once, inference.run]
        for contestant in order if number % 2 == 0 else reversed(order):
            if contestant == inference.run:
                done.inference.append(inference.run())
            else:
                pace, latencies = service.all_at_once(photos, clients)
                done.engine.append(pace)
                done.latencies_s += latencies
        done.rembg.append(yardsticks.rembg_folder(photos, models))
        done.rembg_large.append(yardsticks.rembg_folder(photos, [LARGE]))
    return done


def report_paces(done: Turns) -> None:
    """Print the paces."""
    rows = []
    for name, paces in (
        (f"engine, {TIER}", done.engine),
        (f"inference alone, {WORKERS} x {THREADS} thread", done.inference),
        ("rembg p, warm, the same models", done.rembg),
        (f"rembg p, warm, {LARGE} alone", done.rembg_large),
    ):
        cpu = [pace.cpu_s / pace.photos for pace in paces if pace.cpu_s]
        rows.append(
            (
                name,
                f"{statistics.median(pace.per_minute for pace in paces):.0f}",
                f"{done.ratio(paces):.2f}",
                f"{statistics.median(cpu):.2f}" if cpu else "",
            )
        )
    plots.print_table(("way", "photos a minute", "engine is x", "CPU s a photo"), rows)


def report_latency(sent: dict[str, list[Seconds]], busy_s: list[float]) -> dict[str, float]:
    """Print the time of a photo when nothing else waits; answers p95 by tier."""
    p95 = {}
    rows = []
    for tier, runs in sent.items():
        seconds = [run["all"] for run in runs]
        p95[tier] = percentile(seconds, 0.95)
        rows.append(
            (
                f"{tier}, nobody else waits",
                f"{statistics.median(seconds):.2f}",
                f"{p95[tier]:.2f}",
                f"{MAX_P95_S[tier]:.0f}",
            )
        )
    rows.append(
        (
            f"{TIER}, several clients",
            f"{statistics.median(busy_s):.2f}",
            f"{percentile(busy_s, 0.95):.2f}",
            "",
        )
    )
    plots.print_table(("seconds a photo", "p50", "p95", "p95 at most"), rows)
    return p95


def draw(done: Turns, parts: dict[str, Seconds]) -> None:
    """Plot the paces, and where a photo's time goes."""
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(13, 4.8), width_ratios=(1, 1.5), layout="constrained"
    )
    bars = {
        "engine": done.engine,
        "inference\nalone": done.inference,
        "rembg p,\nsame models": done.rembg,
        f"rembg p,\n{LARGE} alone": done.rembg_large,
    }
    heights = [statistics.median(pace.per_minute for pace in paces) for paces in bars.values()]
    drawn = left.bar(list(bars), heights, color=["#2563eb", "#9aa5b1", "#9aa5b1", "#d3d9df"])
    left.bar_label(drawn, fmt="%.0f")
    left.set_title(f"photos a minute, {TIER}, two cores", fontsize=10)
    for offset, (tier, colour) in enumerate((("basic", "#93c5fd"), ("standard", "#2563eb"))):
        places = [place + 0.2 - 0.4 * offset for place in range(len(parts[tier]))]
        drawn = right.barh(
            places, [1000 * s for s in parts[tier].values()], 0.38, color=colour, label=tier
        )
        right.bar_label(drawn, fmt="%.0f", padding=2, fontsize=7)
    right.set_yticks(range(len(parts["standard"])), list(parts["standard"]), fontsize=8)
    right.invert_yaxis()
    right.set_title("milliseconds of one photo when nobody else waits (medians)", fontsize=10)
    right.legend()
    right.margins(x=0.08)
    plots.save(figure, "engine")


def measure(
    layout: Layout, outputs: Outputs, folder: Path | None, count: int, turns: int, clients: int
) -> None:
    """Measure, print, plot."""
    photos = laptop.photos(folder, layout, count)
    models = yardsticks.models_of(TIER, photos[0])
    with (
        TemporaryDirectory() as results,
        Client(outputs.api_url, email=outputs.email, password=outputs.password) as client,
    ):
        service = Service(layout, client, Path(results))
        service.all_at_once(photos[: 2 * WORKERS], 2 * WORKERS)
        alone = {
            tier: [service.send(tier, n, p) for n, p in enumerate(photos[:ALONE])]
            for tier in MAX_P95_S
        }
        probe = stages.Probe(layout, outputs, THREADS)
        parts = {
            tier: stages.breakdown(
                stages.medians(alone[tier]),
                stages.medians(
                    [probe.run(p, Tier(tier), n) for n, p in enumerate(photos[:PROBED])][1:]
                ),
            )
            for tier in MAX_P95_S
        }
        with yardsticks.bare_inference(photos, models, WORKERS) as inference:
            done = compete(service, inference, photos, models, turns, clients)
    print(f"{count} photos, {turns} turns, {clients} clients, {yardsticks.weights_of(models)}")
    report_paces(done)
    p95 = report_latency(alone, done.latencies_s)
    plots.print_table(
        ("ms of one photo", *parts),
        [
            (name, *(f"{1000 * parts[tier][name]:.0f}" for tier in parts))
            for name in parts["standard"]
        ],
    )
    draw(done, parts)
    figures = {
        "engine_vs_inference": done.ratio(done.inference),
        "engine_vs_rembg": done.ratio(done.rembg),
    }
    for name, target in TARGETS.items():
        print(f"{name} is at least {target}: {'yes' if figures[name] >= target else 'NO'}")
    for tier, target in MAX_P95_S.items():
        print(f"p95 of {tier} is at most {target} s: {'yes' if p95[tier] <= target else 'NO'}")
    plots.print_figures(
        {name: round(value, 2) for name, value in figures.items()}
        | {
            "engine_vs_rembg_u2net_alone": round(done.ratio(done.rembg_large), 2),
            "inference_share_of_cpu": round(done.cpu_ratio() or 0, 2),
            "photos_per_minute": round(statistics.median(p.per_minute for p in done.engine)),
            "p50_s": round(statistics.median(run["all"] for run in alone[TIER]), 2),
            "p95_s": round(p95[TIER], 2),
            "basic_p95_s": round(p95["basic"], 2),
        }
    )


def main(
    photos: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
    count: Annotated[int, typer.Option(help="Photos a turn")] = 48,
    turns: Annotated[int, typer.Option(help="Turns of each contestant")] = 3,
    clients: Annotated[int, typer.Option(help="Clients at once")] = 4,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = laptop.STATE,
) -> None:
    """Measure the whole local engine."""
    yardsticks.set_up_rembg()
    with laptop.laptop_cloud(state) as (layout, outputs):
        measure(layout, outputs, photos, count, turns, clients)


if __name__ == "__main__":
    typer.run(main)
