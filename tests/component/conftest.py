"""Functions and adapters against AWS as moto imitates it, inside this process."""

from collections.abc import Iterator

import pytest

from tests.component.lane import Lane, open_lane
from tests.component.stack import Stack, running_stack


@pytest.fixture(scope="module")
def warm_stack() -> Iterator[Stack]:
    """The stack that the tests of one file get after one another."""
    with pytest.MonkeyPatch.context() as monkeypatch, running_stack(monkeypatch) as started:
        yield started


@pytest.fixture
def stack(warm_stack: Stack) -> Stack:
    """The stack of template.yaml, empty."""
    warm_stack.empty()
    return warm_stack


@pytest.fixture
def lane(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Lane:
    """process_photo and its queue, with tiers that need no model."""
    return open_lane(stack, monkeypatch)
