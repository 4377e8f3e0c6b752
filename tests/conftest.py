"""What every test may count on."""

from pathlib import Path

import pytest

UNIT = Path(__file__).parent / "unit"
E2E = Path(__file__).parent / "e2e"


def pytest_configure(config: pytest.Config) -> None:
    """Name the kinds of tests."""
    config.addinivalue_line("markers", "e2e: needs a laptop cloud, which the session starts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Unit tests open no sockets."""
    for item in items:
        if UNIT in item.path.parents:
            item.add_marker(pytest.mark.disable_socket)
        if E2E in item.path.parents:
            item.add_marker(pytest.mark.e2e)
