"""Functions and adapters against AWS as moto imitates it, inside this process."""

from collections.abc import Iterator

import pytest

from darkroom.cutout import Recipe
from darkroom.steps.cut_out import RECIPES
from lumiku.bootstrap import aws
from tests.component.lane import Lane
from tests.component.stack import Stack, running_stack


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The stack of template.yaml, empty."""
    with running_stack(monkeypatch) as started:
        yield started


@pytest.fixture
def lane(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Lane:
    """process_photo and its queue, with tiers that need no model."""
    opened = Lane(stack)
    stack.app("process_photo")
    for quality in RECIPES:
        monkeypatch.setitem(RECIPES, quality, Recipe(opened.find, opened.refine))
    monkeypatch.setattr(aws.sqs(), "change_message_visibility", opened.put_off)
    return opened
