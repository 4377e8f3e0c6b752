"""Stages of a photo."""

import time

import pytest

from lumiku.services.stopwatch import Stopwatch


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that shows what is in the list, one after the other."""
    shown: list[float] = []
    monkeypatch.setattr(time, "perf_counter", lambda: shown.pop(0))
    return shown


def test_a_stage_within_another_is_not_counted_twice(seconds: list[float]) -> None:
    seconds += [0.0, 0.1, 0.9, 1.0]
    watch = Stopwatch()
    with watch.stage("edges"), watch.stage("find"):
        pass

    assert watch.ms == {"find": 800, "edges": 200}
    assert list(watch.ms) == ["find", "edges"]


def test_a_stage_that_comes_again_adds_up_and_one_that_fails_counts(seconds: list[float]) -> None:
    seconds += [0.0, 0.25, 5.0, 5.5]
    watch = Stopwatch()
    with watch.stage("read"):
        pass
    with pytest.raises(KeyError), watch.stage("read"):
        raise KeyError

    assert watch.ms == {"read": 750}
