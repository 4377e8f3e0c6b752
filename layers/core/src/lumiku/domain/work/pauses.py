"""Pauses of a group."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from lumiku.domain.instant import Instant

PAUSED_AT_MOST = timedelta(hours=24)
"""All pauses of a group together; after that it is cancelled."""


class Pause(BaseModel, frozen=True, defer_build=True):
    """Whether a group is paused, since when, and how long it was before.

    `turn` counts how often it was paused or resumed; its jobs follow that once it `is_done`.
    """

    turn: int = 0
    since: Instant | None = None
    before_ms: int = 0
    is_done: bool = True

    def lasted(self, now: datetime) -> timedelta:
        """All pauses together, as far as they may."""
        running = now - self.since if self.since else timedelta()
        return min(timedelta(milliseconds=self.before_ms) + running, PAUSED_AT_MOST)

    @property
    def ends_at(self) -> datetime | None:
        """When it has been paused for as long as it may be; None while it goes on."""
        return self.since and self.since + PAUSED_AT_MOST - timedelta(milliseconds=self.before_ms)

    def begun(self, now: datetime) -> "Pause":
        """Paused from now on."""
        return Pause(turn=self.turn + 1, since=now, before_ms=self.before_ms, is_done=False)

    def over(self, now: datetime) -> "Pause":
        """It goes on from now on."""
        lasted_ms = self.lasted(now) // timedelta(milliseconds=1)
        return Pause(turn=self.turn + 1, before_ms=lasted_ms, is_done=False)
