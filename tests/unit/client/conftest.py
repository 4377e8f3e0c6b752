import time
from pathlib import Path

import pytest

from lumiku_client import Client
from tests.unit.client.wire import API, Wire


@pytest.fixture(autouse=True)
def _no_network(socket_disabled: None) -> None:
    pass


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire, clock: Clock) -> Client:
    return Client(API, token="secret", sleep=clock.sleep, transport=wire.transport)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "mug.jpg"
    path.write_bytes(b"\xff\xd8\xff" + b"photo" * 40_000)
    return path
