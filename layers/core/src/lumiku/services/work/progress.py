"""Noticing that the last job of a group is over.

Each worker adds its job's index to a set, which may be repeated; whoever sees the set full tells
the state machine. Nothing is settled from these sets: they only say when to look.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumiku.domain.work.jobs import Job


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a group's jobs are over, between when and when, and who waits for all of them."""

    done: int
    failed: int
    total: int
    token: str | None
    first_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        """All jobs are over."""
        return self.done + self.failed >= self.total

    def eta(self, now: datetime) -> datetime | None:
        """When all jobs will be over at the speed measured so far; None before there is one."""
        over = self.done + self.failed
        if self.first_at is None or self.last_at is None or over < 2:
            return None
        pace = (self.last_at - self.first_at) / (over - 1)
        return now + pace * (self.total - over)


class Progress(Protocol):
    """The sets of a group's jobs that are over."""

    def mark(self, *jobs: Job) -> Tally:
        """Add jobs of one group that are over, as often as you like, and count."""


class Waiting(Protocol):
    """Executions that wait for a group."""

    def wake(self, token: str) -> None:
        """Tell the execution of `token` to go on; one that does not wait any more is fine."""


def mark_over(progress: Progress, waiting: Waiting, *jobs: Job) -> None:
    """Count jobs of one group that are over; does nothing for a job of its own."""
    if not jobs or jobs[0].group_id is None:
        return
    tally = progress.mark(*jobs)
    if tally.is_complete and tally.token is not None:
        waiting.wake(tally.token)
