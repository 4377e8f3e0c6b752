"""The whole local engine, upload to result, against bare inference and rembg.

`python -m benchmarks.engine [--photos FOLDER]`. Engine, inference and rembg take turns; starts and
tails do not count. Inference is the tier's models alone, on inputs made beforehand, with as many
processes and threads as the engine has workers: in int8 as the engine runs them, and as the
quantiser leaves them, which stays the same when ours become faster. rembg runs the same
models as they were published; what it does with u2net alone, which is less work than the tier's, is
measured too.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import laptop, photos, report, yardsticks
from benchmarks.yardsticks import Pace, steady_pace
from local.layout import Layout
from lumiku_client import Client
from models.build import build

TIER = "standard"
LARGE = "u2net"
WORKERS = 2
# Photos of each tier that are sent one by one.
ALONE = 20
TARGETS = {
    "engine_vs_inference": 0.75,
    "engine_vs_rembg": 1.9,
    "engine_vs_rembg_u2net_alone": 1.2,
}
MAX_P95_S = {"basic": 2.0, "standard": 3.0}
ENGINE = f"engine, {TIER}"
INFERENCE = f"inference alone, {WORKERS} x 1 thread"
AS_QUANTISED = f"inference as quantised, {WORKERS} x 1 thread"
REMBG = "rembg p, warm, the same models"
REMBG_LARGE = f"rembg p, warm, {LARGE} alone"


@dataclass(frozen=True)
class Turns:
    """The paces of each contestant, turn by turn, and what each photo of the engine's took.

    `spent` has the CPU seconds of a photo by process, for each turn.
    """

    paces: dict[str, list[Pace]]
    busy_s: list[float]
    spent: list[dict[str, float]]

    def per_minute(self, name: str) -> float:
        """Photos a minute: the median of the turns."""
        return statistics.median(pace.per_minute for pace in self.paces[name])

    def engine_to(self, name: str) -> float:
        """Median over the turns of the engine's pace to theirs."""
        pairs = zip(self.paces[ENGINE], self.paces[name], strict=True)
        return statistics.median(ours.per_minute / theirs.per_minute for ours, theirs in pairs)

    def inference_share(self) -> float:
        """CPU time of bare inference as a share of the engine's: what no other load changes."""
        pairs = zip(self.paces[ENGINE], self.paces[INFERENCE], strict=True)
        return statistics.median((bare.cpu_s or 0) / (whole.cpu_s or 1) for whole, bare in pairs)


def compete(
    layout: Layout, client: Client, chosen: list[Path], models: list[str], turns: int, clients: int
) -> Turns:
    """Let all of them take turns."""
    busy_s: list[float] = []
    spent: list[dict[str, float]] = []

    def used_s() -> dict[str, float]:
        return {**laptop.cpu_s(layout), "client": time.process_time()}

    def engine() -> Pace:
        before = used_s()
        sent = laptop.send_all(client, chosen, TIER, clients)
        used = {name: cpu_s - before.get(name, 0) for name, cpu_s in used_s().items()}
        busy_s.extend(seconds for _, seconds in sent)
        spent.append({name: cpu_s / len(chosen) for name, cpu_s in used.items()})
        return steady_pace([end for end, _ in sent], sum(used.values()))

    ours = [build(name) for name in models]
    with (
        yardsticks.as_quantised(models) as plain,
        yardsticks.bare_inference(chosen, ours, WORKERS) as inference,
        yardsticks.bare_inference(chosen, plain, WORKERS) as inference_as_quantised,
    ):
        ways: dict[str, Callable[[], Pace]] = {
            ENGINE: engine,
            INFERENCE: inference,
            AS_QUANTISED: inference_as_quantised,
            REMBG: partial(yardsticks.rembg_folder, chosen, models),
            REMBG_LARGE: partial(yardsticks.rembg_folder, chosen, [LARGE]),
        }
        return Turns(report.take_turns(ways, turns), busy_s, spent)


def tables(done: Turns, alone_s: dict[str, list[float]]) -> None:
    """Print the paces, and the time of a photo when nothing else waits."""
    cpu_s = {
        name: [pace.cpu_s / pace.photos for pace in paces if pace.cpu_s]
        for name, paces in done.paces.items()
    }
    report.table(
        {"way": "", "photos a minute": ".0f", "engine is x": ".2f", "CPU s a photo": ".2f"},
        [
            (name, done.per_minute(name), done.engine_to(name), statistics.median(s) if s else None)
            for name, s in cpu_s.items()
        ],
    )
    waits = [(f"{t}, nobody else waits", s, MAX_P95_S[t]) for t, s in alone_s.items()]
    report.table(
        {"seconds a photo": "", "p50": ".2f", "p95": ".2f", "p95 at most": ".0f"},
        [
            (name, *report.p50_p95(seconds), limit)
            for name, seconds, limit in [*waits, (f"{TIER}, several clients", done.busy_s, None)]
        ],
    )


def spending(done: Turns) -> None:
    """Print where the CPU seconds of a photo go."""
    names = ["ProcessPhoto", "JobsApi", "cloud", "client"]
    median = {n: statistics.median(turn[n] for turn in done.spent) for n in names}
    inferences = statistics.median((p.cpu_s or 0) / p.photos for p in done.paces[INFERENCE])
    rows = [
        ("the inferences alone", inferences),
        ("what else process_photo does", median["ProcessPhoto"] - inferences),
        ("jobs_api", median["JobsApi"]),
        ("what stands for AWS", median["cloud"]),
        ("the client", median["client"]),
    ]
    whole = sum(seconds for _, seconds in rows)
    report.table(
        {"a photo's CPU": "", "s": ".3f", "share": ".2f"},
        [(name, seconds, seconds / whole) for name, seconds in rows],
    )


def draw(done: Turns) -> None:
    """Plot the paces."""
    with report.plot("engine", (6.5, 4.8)) as axes:
        names = ["engine", "inference\nalone", "inference\nas quantised"]
        names += ["rembg p,\nsame models", f"rembg p,\n{LARGE} alone"]
        colours = [report.BLUE, report.GREY, report.LIGHT_GREY, report.GREY, report.LIGHT_GREY]
        drawn = axes.bar(names, [done.per_minute(name) for name in done.paces], color=colours)
        axes.bar_label(drawn, fmt="%.0f")
        axes.set_title(f"photos a minute, {TIER}, two cores", fontsize=10)


def judge(done: Turns, alone_s: dict[str, list[float]]) -> None:
    """Print the verdicts and the key figures."""
    ratios = {
        "engine_vs_inference": done.engine_to(INFERENCE),
        "engine_vs_rembg": done.engine_to(REMBG),
        "engine_vs_rembg_u2net_alone": done.engine_to(REMBG_LARGE),
    }
    for name, target in TARGETS.items():
        report.verdict(f"{name} is at least {target}", ratios[name] >= target)
    typical = {tier: report.p50_p95(seconds) for tier, seconds in alone_s.items()}
    for tier, limit in MAX_P95_S.items():
        report.verdict(f"p95 of {tier} is at most {limit} s", typical[tier][1] <= limit)
    report.figures(
        **{name: round(ratio, 2) for name, ratio in ratios.items()},
        engine_vs_inference_as_quantised=round(done.engine_to(AS_QUANTISED), 2),
        inference_share_of_cpu=round(done.inference_share(), 2),
        photos_per_minute=round(done.per_minute(ENGINE)),
        p50_s=round(typical[TIER][0], 2),
        p95_s=round(typical[TIER][1], 2),
        basic_p95_s=round(typical["basic"][1], 2),
    )


def main(
    folder: Annotated[Path | None, typer.Option("--photos", help="Folder of photos")] = None,
    count: Annotated[int, typer.Option(help="Photos a turn")] = 48,
    turns: Annotated[int, typer.Option(help="Turns of each contestant")] = 3,
    clients: Annotated[int, typer.Option(help="Clients at once")] = 4,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = laptop.STATE,
) -> None:
    """Measure the whole local engine."""
    yardsticks.set_up_rembg()
    chosen = photos.choose(folder, count)
    models = yardsticks.models_of(TIER, chosen[0])
    with (
        laptop.laptop_cloud(state) as (layout, outputs),
        Client(outputs.api_url, email=outputs.email, password=outputs.password) as client,
    ):
        laptop.send_all(client, chosen[: 2 * WORKERS], TIER, 2 * WORKERS)
        alone_s = {t: [laptop.send(client, p, t) for p in chosen[:ALONE]] for t in MAX_P95_S}
        done = compete(layout, client, chosen, models, turns, clients)
    print(f"{count} photos, {turns} turns, {clients} clients, {yardsticks.weights_of(models)}")
    tables(done, alone_s)
    spending(done)
    draw(done)
    judge(done, alone_s)


if __name__ == "__main__":
    typer.run(main)
