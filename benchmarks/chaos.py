"""Batches under chaos for some minutes: `python -m benchmarks.chaos [--minutes 10] [--seed 1]`.

First all days of `tests/faults/test_chaos.py`, of which `make test` takes some. Then lives of the
studio's batches, which are paused and resumed at any moment, and of its exports. Then days with
seeds of its own, most of them larger, every twentieth over DynamoDB as moto imitates it. The first
batch that does not end closed, settled once and told of ends the run, and its seed is shown.
"""

import logging
import time
from collections import Counter
from typing import Annotated

import typer
from hypothesis import Phase

from benchmarks import report
from tests.faults.batches import Batches
from tests.faults.chaos import live, small_day
from tests.faults.execution import Executions
from tests.faults.machine import run
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.storm import ODDS
from tests.faults.test_exports import fake_desk as export_desk
from tests.faults.test_studio_batches import fake_desk as paused_desk

SMALL_DAYS, DAYS = 20_000, 300
# Lives of the studio, so many a run of the state machine, each of up to so many moves.
RUNS, LIVES, MOVES = 40, 50, 25
ON_DYNAMODB_EVERY = 20


def studio_lives(seed: int) -> Counter[str]:
    """Batches and exports of the studio from order to end, whatever comes in between."""
    lived: Counter[str] = Counter()
    for run_seed in range(seed, seed + RUNS):
        for what, desk in (("batches", paused_desk), ("exports", export_desk)):
            run(
                Batches,
                desk,
                examples=LIVES,
                steps=MOVES,
                phases=(Phase.generate,),
                begin_at=run_seed,
            )
            lived[f"life of the studio's {what}"] += LIVES
    return lived


def day(number: int, seed: int) -> Counter[str]:
    """One day; they differ in how many orders there are, and how large."""
    batches, photos = 1 + number % 7, 4 + 6 * (number % 5)
    if number % ON_DYNAMODB_EVERY == 0:
        with dynamodb_world(executions=Executions()) as world:
            return live(world, seed, batches=2, photos=6) + Counter({"day on DynamoDB": 1})
    with fake_world(executions=Executions()) as world:
        return live(world, seed, batches=batches, photos=photos)


def main(
    minutes: Annotated[float, typer.Option(help="How long")] = 10,
    seed: Annotated[int, typer.Option(help="Of the first day; the others count on")] = 1_000_000,
) -> None:
    """Go on until the time is up."""
    logging.disable(logging.INFO)
    ends, days = time.monotonic() + 60 * minutes, 0
    happened: Counter[str] = Counter()
    for test_seed in range(SMALL_DAYS):
        with fake_world(executions=Executions()) as world:
            happened += small_day(world, test_seed)
    for test_seed in range(DAYS):
        with fake_world(executions=Executions()) as world:
            happened += live(world, test_seed)
    happened += studio_lives(seed)
    while days == 0 or time.monotonic() < ends:
        happened += day(days, seed + days)
        days += 1
    report.table({"what": "", "times": ","}, sorted(happened.items()))
    print(f"every batch of {days:,} days closed, settled once and told of; every ledger balanced")
    report.figures(
        seed=seed,
        days=days,
        faults=sum(happened[fault] for fault in ODDS),
        batches_closed=happened["batch closed"],
        ledgers_balanced=days,
    )


if __name__ == "__main__":
    typer.run(main)
