"""Telling which order is being worked on, so that log lines can name the request behind it."""

from collections.abc import Callable

from lumiku.domain.groups import Group
from lumiku.domain.jobs import Job

type Follow = Callable[[Job | Group], None]


def tell_nobody(_: Job | Group) -> None:
    """Where nobody reads logs."""
