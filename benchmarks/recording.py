"""The AWS calls that functions make over moto, noted before each is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.component.stack import Stack


@dataclass(frozen=True)
class Call:
    """One call, and what it sends."""

    service: str
    name: str
    body: Any


@contextmanager
def recorded(stack: Stack) -> Iterator[list[Call]]:
    """Calls of every client that is made meanwhile, in their order; those of the stack are older.

    Presigning is offline and makes none.
    """
    calls: list[Call] = []

    def note(model: Any, params: dict[str, Any], **_: object) -> None:
        calls.append(Call(model.service_model.service_name, model.name, params["body"]))

    events = stack.session.events
    events.register("before-call", note, unique_id="recorder")
    try:
        yield calls
    finally:
        events.unregister("before-call", unique_id="recorder")
