"""The laptop cloud is waited for as long as it gets on, however slow the machine is."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local import cloud
from local.layout import LaptopCloudError, Layout

LONG_S = 600.0


class Clock:
    """Time passes only while somebody sleeps; `meanwhile` happens then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.meanwhile: Callable[[], None] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 100 * seconds
        self.meanwhile()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(cloud, "time", clock)
    return clock


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """That of a laptop cloud that runs, has saved its state before and now does nothing."""
    layout = Layout(tmp_path)
    layout.services.mkdir(parents=True)
    (layout.services / "saved").touch()
    monkeypatch.setattr(cloud, "running", lambda _: cloud.Running(os.getpid(), 4566))
    monkeypatch.setattr(os, "kill", lambda *_: None)
    monkeypatch.setattr(cloud, "cpu_s", lambda _: 7)
    return layout


def save(layout: Layout) -> None:
    (layout.services / "saved").touch()


def test_a_state_that_is_still_being_written_is_waited_for(layout: Layout, clock: Clock) -> None:
    part = layout.services / "dynamodb.json.tmp"

    def write() -> None:
        with part.open("a") as file:
            file.write("row")
        if clock.now > LONG_S:
            save(layout)

    clock.meanwhile = write

    cloud.checkpoint(layout)

    assert clock.now > LONG_S


def test_a_process_that_is_still_at_work_is_waited_for(
    layout: Layout, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud, "cpu_s", lambda _: clock.now // 20)
    clock.meanwhile = lambda: save(layout) if clock.now > LONG_S else None

    cloud.checkpoint(layout)

    assert clock.now > LONG_S


def test_one_in_which_nothing_moves_is_given_up(layout: Layout, clock: Clock) -> None:
    with pytest.raises(LaptopCloudError, match="stopped saving its state"):
        cloud.checkpoint(layout)

    assert clock.now < LONG_S


def test_one_that_has_ended_is_not_waited_for(
    layout: Layout, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [cloud.Running(os.getpid(), 4566)]
    monkeypatch.setattr(cloud, "running", lambda _: there.pop() if there else None)

    with pytest.raises(LaptopCloudError, match=str(layout.log("cloud"))):
        cloud.checkpoint(layout)

    assert clock.now == 0


def test_work_is_told_by_the_time_that_a_process_had() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert cloud.cpu_s(os.getpid()) is not None
    assert cloud.cpu_s(ended.pid) is None
