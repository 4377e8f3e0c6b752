"""A laptop cloud of the tests' own, beside the one that `make serve` may be running."""

import os
from collections.abc import Iterator

import pytest

from local import bringup, cloud
from local.layout import ROOT, Layout, Outputs
from local.ports import free_port
from tests.e2e.commands import Ended, interrupted_while_deploying
from tests.e2e.service import Service

# Each worker has its own: the tests of the page and those of the API go on side by side.
_STATE = ROOT / ".local" / "e2e" / os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(scope="session")
def layout() -> Layout:
    """Where it keeps its things, so that the next test run need not deploy again."""
    left_over = cloud.running(Layout(_STATE))
    return Layout(_STATE, left_over.port if left_over else free_port())


@pytest.fixture(scope="session")
def cut_short(layout: Layout) -> Ended | None:
    """The first deployment here of all, interrupted; None when there has been one before."""
    return None if layout.deployed.exists() else interrupted_while_deploying(layout)


@pytest.fixture(scope="session")
def laptop_cloud(layout: Layout, cut_short: Ended | None) -> Iterator[Outputs]:
    """The whole service, deployed as the sources are now, with a demo account that has credits."""
    outputs = bringup.up(layout)
    try:
        yield outputs
    finally:
        cloud.stop(layout)


@pytest.fixture(scope="session")
def service(layout: Layout, laptop_cloud: Outputs) -> Iterator[Service]:
    """The same, as its operator sees it."""
    opened = Service(layout, laptop_cloud)
    yield opened
    opened.close()
