"""The AWS calls that functions make over moto, noted before each is sent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.component.stack import Stack


@dataclass
class Call:
    """One call, what it sends and, once there is one, what it is answered."""

    service: str
    name: str
    path: str
    body: Any
    answer: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def recorded(stack: Stack) -> Iterator[list[Call]]:
    """Calls of every client that is made meanwhile, in their order; those of the stack are older.

    Presigning is offline and makes none.
    """
    calls: list[Call] = []

    def note(model: Any, params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        service, path = model.service_model.service_name, params["url_path"]
        calls.append(Call(service, model.name, path, params["body"]))
        context["noted"] = calls[-1]

    def note_answer(parsed: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
        if "noted" in context:
            context["noted"].answer = parsed

    events = stack.session.events
    events.register("before-call", note, unique_id="calls")
    events.register("after-call", note_answer, unique_id="answers")
    try:
        yield calls
    finally:
        events.unregister("before-call", unique_id="calls")
        events.unregister("after-call", unique_id="answers")
