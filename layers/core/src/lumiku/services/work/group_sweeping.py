"""Looking after groups: finishing half-made ones, ending the wait for photos, closing lost ones."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lumiku.apps.remover.batches import Batches
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import STRAGGLER_TIME
from lumiku.services.clock import Clock
from lumiku.services.following import Follow, tell_nobody
from lumiku.services.work.closing import Closing
from lumiku.services.work.sweeping import look_at_each

# The state machine waits for two hours; what is open an hour later, it may never close.
ABANDONED = timedelta(hours=3)


class DueGroups(Protocol):
    """Groups that somebody must look after."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""

    def groups_due(self, now: datetime, *, limit: int) -> list[str]:
        """Ids of up to `limit` such groups, the longest due first."""

    def look_again(self, group: Group, at: datetime) -> None:
        """Look after the group again at that time, unless it is closed."""


@dataclass(frozen=True, slots=True)
class GroupSweeping:
    """The use case of sweep for groups; running it twice at once is harmless."""

    groups: DueGroups
    batches: Batches
    closing: Closing
    clock: Clock
    follow: Follow = tell_nobody

    def sweep(self, *, limit: int = 20) -> Counter[str]:
        """Look at up to `limit` due groups; answers how many had which outcome."""
        return look_at_each(self.groups.groups_due(self.clock(), limit=limit), self._look)

    def _look(self, group_id: str) -> str | None:
        group, now = self.groups.group(group_id), self.clock()
        if group is None or group.stage is Stage.CLOSED:
            return None
        self.follow(group)
        # First of all: what fails for ever must not stay ahead of the others.
        self.groups.look_again(group, now + STRAGGLER_TIME)
        if group.stage is Stage.CREATING:
            self.batches.make(group)
            return "batch_made"
        if now - group.created_at > ABANDONED:
            self.closing.close(group.id)
            return "batch_closed"
        if now < group.closes_at:
            return "batch_open"
        self.closing.finish(group)
        return "batch_finished"
