"""How far a group is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a group's jobs are over, and between when and when they ended."""

    done: int
    failed: int
    total: int
    first_at: datetime | None = None
    last_at: datetime | None = None

    def eta(self, now: datetime) -> datetime | None:
        """When all jobs will be over at the speed measured so far; None before there is one."""
        over = self.done + self.failed
        if self.first_at is None or self.last_at is None or over < 2:
            return None
        pace = (self.last_at - self.first_at) / (over - 1)
        return now + pace * (self.total - over)
