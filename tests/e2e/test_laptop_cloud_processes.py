"""The laptop cloud's own processes: what may go wrong on a laptop ends in words, not in litter."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import cloud
from local.layout import Layout, Outputs
from local.ports import free_port
from tests.e2e.commands import Ended, run


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path / "state", free_port())
    yield layout
    cloud.kill(layout)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path / "other", free_port())
    cloud.start(layout)
    yield layout
    cloud.kill(layout)


def test_a_port_in_use_is_named_and_left_alone(own: Layout) -> None:
    with socket.create_server(("127.0.0.1", own.port)):
        ended = run(own, "up")
    assert ended.code == 1
    assert f"Port {own.port} is in use by another program" in ended.said
    assert "Traceback" not in ended.said
    assert ended.left == []


def test_stop_ends_only_its_own(own: Layout, other: Layout) -> None:
    cloud.start(own)
    assert run(own, "stop").code == 0
    assert cloud.running(own) is None
    assert cloud.well(other)


def test_a_stale_process_id_never_harms_a_stranger(own: Layout) -> None:
    own.state.mkdir()
    with subprocess.Popen(["sleep", "60"]) as stranger:  # noqa: S607
        own.lock_file.write_text(f"{stranger.pid} {own.port}")
        assert "not running" in run(own, "stop").said
        assert stranger.poll() is None
        stranger.kill()


def test_one_that_does_not_answer_is_replaced(own: Layout) -> None:
    cloud.start(own)
    stuck = cloud.running(own)
    assert stuck is not None
    os.kill(stuck.pid, signal.SIGSTOP)
    assert not cloud.well(own)
    cloud.start(own)
    replaced = cloud.running(own)
    assert cloud.well(own)
    assert replaced != stuck


def test_another_port_is_refused_while_it_runs(own: Layout) -> None:
    cloud.start(own)
    ended = run(Layout(own.state, free_port()), "up")
    assert ended.code == 1
    assert f"runs already, on port {own.port}" in ended.said
    assert cloud.well(own)


def test_a_deployment_cut_short_leaves_nothing_and_is_made_good(
    cut_short: Ended | None, laptop_cloud: Outputs
) -> None:
    if cut_short is None:
        pytest.skip("the tests' laptop cloud was deployed before: delete .local/e2e")
    assert cut_short.code == 130
    assert "Interrupted" in cut_short.said
    assert "Traceback" not in cut_short.said
    assert cut_short.left == []
    assert laptop_cloud.api_url
