"""Functions and adapters against AWS as moto imitates it, inside this process."""

from collections.abc import Iterator

import pytest

from tests.component.lane import Lane, open_lane
from tests.component.stack import Stack, running_stack


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The stack of template.yaml, empty."""
    with running_stack(monkeypatch) as started:
        yield started


@pytest.fixture
def lane(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Lane:
    """process_photo and its queue, with tiers that need no model."""
    return open_lane(stack, monkeypatch)
