"""Who waits for whom: `python -m benchmarks.studio_lanes [--photo-s 4]`, a simulation.

A premium single, a batch of 20 of pay per photo, one of 50 of professional and one of 100 of
premium, all at the same moment. Each lane has its workers of `template.yaml`, which take what is
first in line; nothing else is on the machine. What is told of each order is the seconds until its
photos are done, as the last in its lane, behind everybody else there.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from benchmarks import report
from lumiku.apps.studio.plans import StudioPlanName
from lumiku.apps.studio.priorities import lane
from lumiku.domain.work.photos import Lane
from scripts.template import template

ORDERS = {
    "premium, single": (StudioPlanName.PREMIUM, 1),
    "payg, 20": (StudioPlanName.PAYG, 20),
    "professional, 50": (StudioPlanName.PROFESSIONAL, 50),
    "premium, 100": (StudioPlanName.PREMIUM, 100),
}


def ends(line: Sequence[str], workers: int, photo_s: float) -> dict[str, list[float]]:
    """When the photos of each order are done, where they stand in line so."""
    free = [0.0] * workers
    found: dict[str, list[float]] = defaultdict(list)
    for order in line:
        end = heapq.heappop(free) + photo_s
        found[order].append(end)
        heapq.heappush(free, end)
    return found


def behind_all(workers: Mapping[Lane, int], photo_s: float) -> dict[str, list[float]]:
    """When the photos of each order are done if it comes last in its lane."""
    lanes = {name: lane(plan, items) for name, (plan, items) in ORDERS.items()}
    found = {}
    for name, mine in lanes.items():
        others = [one for one in ORDERS if lanes[one] is mine and one != name]
        line = [one for one in [*others, name] for _ in range(ORDERS[one][1])]
        found[name] = ends(line, workers[mine], photo_s)[name]
    return found


def main(
    photo_s: Annotated[float, typer.Option(help="Seconds that a worker takes for a photo")] = 4,
) -> None:
    """Simulate and print."""
    told = template()["Parameters"]
    workers = {one: int(told[f"{one.capitalize()}LaneConcurrency"]["Default"]) for one in Lane}
    found = behind_all(workers, photo_s)
    p95 = {name: report.p50_p95(seconds)[1] for name, seconds in found.items()}
    rows = []
    for name, (plan, items) in ORDERS.items():
        mine = lane(plan, items)
        rows.append((name, mine.value, workers[mine], found[name][0], p95[name]))
    columns = {"order": "", "lane": "", "workers": "", "first s": ".1f", "p95 s": ".1f"}
    report.table(columns, rows)
    single = p95["premium, single"]
    report.verdict("a single waits for no batch", single == photo_s)
    report.figures(photo_s=photo_s, p95_s=p95)


if __name__ == "__main__":
    typer.run(main)
