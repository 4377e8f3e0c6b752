"""Chaos by seeds: whatever happens, every batch ends closed, settled once and told of.

`make bench B=chaos` lives through ten times as many, and goes on with other seeds for minutes.
"""

from collections import Counter

from tests.faults.chaos import live, small_day
from tests.faults.execution import Executions
from tests.faults.machine import assert_caught
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.storm import ODDS
from tests.faults.test_batches import SettlesFromTheSets

SMALL_DAYS, DAYS, DAYS_ON_DYNAMODB = 2_000, 100, 2


def test_two_thousand_interleavings_of_one_small_batch() -> None:
    happened: Counter[str] = Counter()
    for seed in range(SMALL_DAYS):
        with fake_world(executions=Executions()) as world:
            happened += small_day(world, seed)
    assert happened["batch closed"] == SMALL_DAYS
    assert set(ODDS) <= set(happened)


def test_days_of_several_batches() -> None:
    for seed in range(DAYS):
        with fake_world(executions=Executions()) as world:
            live(world, seed)


def test_days_on_dynamodb() -> None:
    for seed in range(DAYS_ON_DYNAMODB):
        with dynamodb_world(executions=Executions()) as world:
            live(world, seed)


def test_settling_from_the_progress_sets_is_caught() -> None:
    def settle_from_the_sets(seed: int) -> None:
        with fake_world(executions=Executions(), closing_class=SettlesFromTheSets) as world:
            small_day(world, seed)

    assert_caught(settle_from_the_sets, 881)
