"""Telling which order is being worked on, so that log lines can name the request behind it."""

from collections.abc import Callable

from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job

type Follow = Callable[[Job | Group], None]


def tell_nobody(_: Job | Group) -> None:
    """Where nobody reads logs."""
