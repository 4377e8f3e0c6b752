"""Waiting for something that goes on by itself."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from ._errors import ApiProblem


class Underway(Protocol):
    """A job, a batch, an upload or a generation."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""

    @property
    def status(self) -> str:
        """Where it stands."""


def until_over[M: Underway](
    look: Callable[[], tuple[M, float]],
    on_look: Callable[[M], None],
    *,
    named: Mapping[str, str],
    timeout_s: float,
    sleep: Callable[[float], None],
) -> M:
    """What `look` sees once it is over; looks again after as many seconds as each look says.

    Raises ApiProblem `still_running` after `timeout_s`, with the id by which it is `named`.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        asked = time.monotonic()
        seen, pause_s = look()
        on_look(seen)
        if seen.is_over:
            return seen
        if time.monotonic() >= deadline:
            break
        sleep(max(0.0, asked + pause_s - time.monotonic()))
    raise ApiProblem(
        code="still_running",
        title="It is still running",
        detail=f"It was {seen.status} after {timeout_s:.0f} s.",
        extra=named,
    )
