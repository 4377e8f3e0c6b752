"""Chaos by seeds: whatever happens, every batch ends closed, settled once and told of.

`make bench B=chaos` goes on with other seeds for ten minutes.
"""

from collections import Counter

import pytest

from tests.faults.chaos import live
from tests.faults.execution import Executions
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.storm import ODDS
from tests.faults.test_batches import SettlesFromTheSets

SMALL_DAYS, DAYS, DAYS_ON_DYNAMODB = 20_000, 300, 2


def test_twenty_thousand_interleavings_of_one_small_batch() -> None:
    happened: Counter[str] = Counter()
    for seed in range(SMALL_DAYS):
        with fake_world(executions=Executions()) as world:
            happened += live(world, seed, batches=1, photos=4)
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
    def live_on() -> None:
        for seed in range(SMALL_DAYS):
            with fake_world(executions=Executions(), closing_class=SettlesFromTheSets) as world:
                live(world, seed, batches=1, photos=4)

    with pytest.raises(AssertionError):
        live_on()
