"""A laptop cloud of the tests' own, beside the one that `make serve` may be running."""

from collections.abc import Iterator

import pytest

from local import bringup, cloud
from local.layout import ROOT, Layout, Outputs
from local.ports import free_port
from tests.e2e.service import Service

_STATE = ROOT / ".local" / "e2e"


@pytest.fixture(scope="session")
def layout() -> Layout:
    """Where it keeps its things, so that the next test run need not deploy again."""
    left_over = cloud.running(Layout(_STATE))
    return Layout(_STATE, left_over.port if left_over else free_port())


@pytest.fixture(scope="session")
def laptop_cloud(layout: Layout) -> Iterator[Outputs]:
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
