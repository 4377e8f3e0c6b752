"""Pausing groups whose photos are stored already, and letting them go on.

What shall be is put into the group first, as its next turn; then its jobs follow, each only while
that is the group's turn. Whoever dies or is late in the middle changes nothing of a later turn, and
the sweeper lets the jobs follow that are left. A message for a job that is paused is acknowledged;
one is sent anew when the group goes on.
"""

from dataclasses import dataclass
from datetime import timedelta

from lumiku.domain.errors import BatchClosed
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import Status
from lumiku.domain.work.pauses import PAUSED_AT_MOST, Pause
from lumiku.services.clock import Clock
from lumiku.services.work.closing import Closing
from lumiku.services.work.grouping import Grouping

FOLLOW_WITHIN = timedelta(minutes=2)
"""If jobs have not followed by then, the sweeper lets them."""


@dataclass(frozen=True, slots=True)
class Pausing:
    """Use cases of pausing a group and of resuming it. Repeating either is fine."""

    grouping: Grouping
    closing: Closing
    clock: Clock

    def pause(self, group: Group) -> None:
        """Nobody begins another job of it; what has begun goes on.

        One that is half made is made first. `BatchClosed` once nothing is left to begin.
        """
        self.grouping.make(group)
        while True:
            group = self._open(group.id)
            if group.is_paused:
                self.follow(group)
                return
            jobs = self.grouping.groups.group_jobs(group.id)
            if not any(job.status.is_unbegun for job in jobs):
                raise BatchClosed(batch_id=group.id)
            self._turn(group, group.pause.begun(self.clock()))

    def resume(self, group: Group) -> None:
        """Go on with it. `BatchClosed` if it is closed, cancelled or was paused for too long."""
        self.grouping.make(group)
        while True:
            group = self._open(group.id)
            if self.is_over(group):
                self.closing.cancel(group)
                raise BatchClosed(batch_id=group.id)
            statuses = {job.status for job in self.grouping.groups.group_jobs(group.id)}
            is_left = any(status.is_unbegun for status in statuses)
            if Status.CANCELLED in statuses and not is_left:
                raise BatchClosed(batch_id=group.id)
            if not group.is_paused:
                self.follow(group)
                return
            self._turn(group, group.pause.over(self.clock()))

    def is_over(self, group: Group) -> bool:
        """It has been paused for as long as it may be."""
        return group.is_paused and group.pause.lasted(self.clock()) >= PAUSED_AT_MOST

    def follow(self, group: Group) -> None:
        """Let its jobs follow its turn, unless they do."""
        if group.pause.is_done:
            return
        groups = self.grouping.groups
        unbegun = [job for job in groups.group_jobs(group.id) if job.status.is_unbegun]
        becomes = Status.PAUSED if group.is_paused else Status.PENDING
        for job in unbegun:
            if job.status is not becomes:
                groups.follow(job, becomes, group.pause)
        if not group.is_paused:
            self.grouping.lanes.start(group.lane, *(job.id for job in unbegun))
        groups.followed(group)

    def _turn(self, group: Group, pause: Pause) -> None:
        self.grouping.groups.turn(group, pause, look_at=self.clock() + FOLLOW_WITHIN)

    def _open(self, group_id: str) -> Group:
        group = self.grouping.groups.group(group_id)
        if group is None or group.stage is not Stage.OPEN:
            raise BatchClosed(batch_id=group_id)
        return group
