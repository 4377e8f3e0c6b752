"""What every test may count on."""

import signal
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.scheduler.protocol import Scheduling

from darkroom.models import Models
from models.build import build

pytest_plugins = ["tests.laptop_cloud"]

HERE = Path(__file__).parent
UNIT = HERE / "unit"
_ON_THE_CLOUD = ("tests/e2e/", "tests/browser/")


def pytest_configure(config: pytest.Config) -> None:
    """Name the kinds of tests; let programs that they start be interrupted."""
    # Whatever a shell starts in the background ignores Ctrl-C, and so do its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "e2e: needs a laptop cloud, which the session starts")


class ByFile(LoadFileScheduling):  # type: ignore[misc]
    """A worker runs whole files, and whole folders of those that need a laptop cloud."""

    def _split_scope(self, nodeid: str) -> str:
        of_cloud = next((path for path in _ON_THE_CLOUD if nodeid.startswith(path)), None)
        return of_cloud or super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Files are handed out as they are collected."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a laptop cloud comes first: it takes longest. Unit tests open no sockets."""
    on_the_cloud = {item: item.nodeid.startswith(_ON_THE_CLOUD) for item in items}
    items.sort(key=lambda item: not on_the_cloud[item])
    for item in items:
        if UNIT in item.path.parents:
            item.add_marker(pytest.mark.disable_socket)
        if on_the_cloud[item]:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def models() -> Models:
    """The real models; files that are not on this machine yet are made at their first use."""
    return Models(build, threads=2)
