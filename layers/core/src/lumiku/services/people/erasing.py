"""Erasing accounts whose deletion was asked for, step by step.

    asked for  -->  nobody can log in, work is called off and settled  -->  an hour of silence
               -->  objects, then rows  -->  nothing is left

Each look begins anew and ends what an earlier one left, so that it may die at any line.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumiku.domain.people.leaving import SETTLED, Leaver
from lumiku.domain.people.own_files import all_prefixes
from lumiku.domain.telling.mails import Letter, Occasion
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import CANCELLED, Job, Status
from lumiku.services.clock import Clock
from lumiku.services.people.ports import AccountFiles, Belongings, Directory, Leavers
from lumiku.services.transactions import AlreadyDone, Tell, Transactions
from lumiku.services.work.closing import Closing
from lumiku.services.work.ports import GroupStore, JobStore
from lumiku.services.work.settlement import end
from lumiku.services.work.sweeping import look_at_each

AGAIN = timedelta(minutes=1)
AFTER_A_CRASH = timedelta(minutes=16)
"""Longer than one run of the function lives."""
# Whoever makes a group has ended by then, and nobody goes on with it.
MADE_BY_THEN = timedelta(minutes=5)
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Erasing:
    """The use case of release_accounts; running it twice at once is harmless."""

    leavers: Leavers
    directory: Directory
    jobs: JobStore
    groups: GroupStore
    closing: Closing
    transactions: Transactions
    files: AccountFiles
    belongings: Belongings
    clock: Clock

    def erase_due(self, *, limit: int = 20) -> Counter[str]:
        """Go on with up to `limit` accounts; answers how many had which outcome."""
        return look_at_each(self.leavers.due(self.clock(), limit=limit), self._look)

    def _look(self, user_id: str) -> str:
        now = self.clock()
        leaver = self.leavers.claim(user_id, now, until=now + AFTER_A_CRASH)
        if leaver is None:
            return "account_with_another"
        self.directory.remove(user_id)
        if now < leaver.settles_at:
            self._write(leaver)
        running, quiet_at = self._call_off(user_id, now)
        if running:
            self.leavers.look_again(user_id, now + AGAIN)
            return "account_busy"
        settles_at = max(leaver.settles_at, quiet_at)
        if now < settles_at:
            self.leavers.look_again(user_id, settles_at, settles_at=settles_at)
            return "account_settling"
        left = sum(
            self.files.erase(prefix)
            for prefix in all_prefixes(user_id, self.belongings.own_templates(user_id))
        )
        left += self.belongings.erase(leaver, now)
        if left:  # until a look finds nothing
            self.leavers.look_again(user_id, now + AGAIN)
            return "account_erased"
        self.leavers.gone(user_id, now)
        return "account_gone"

    def _write(self, leaver: Leaver) -> None:
        letter = Letter(
            user_id=leaver.user_id,
            occasion=Occasion.LEAVING,
            about=leaver.alias,
            due=leaver.asked_at,
        )
        with suppress(AlreadyDone):
            self.transactions.commit(Tell(letter))

    def _call_off(self, user_id: str, now: datetime) -> tuple[int, datetime]:
        """Call off what nobody has begun: how many orders still run, and when all is quiet.

        Whoever ended an order may still be writing that down; an upload form is good until its
        group would have closed, whatever became of it.
        """
        running, quiet_at = 0, now
        for job in self.jobs.newest_jobs(user_id, before=None, at_once=AT_ONCE):
            if not job.status.is_over:
                running += not self._cancel(job, now)
            quiet_at = max(quiet_at, (job.completed_at or now) + SETTLED)
        for group in self.groups.newest_groups(user_id, before=None, at_once=AT_ONCE):
            if group.stage is not Stage.CLOSED:
                running += not self._close(group, now)
            quiet_at = max(quiet_at, group.closes_at, (group.closed_at or now) + SETTLED)
        return running, quiet_at

    def _cancel(self, job: Job, now: datetime) -> bool:
        """End a job that nobody has begun; answers whether it is over."""
        if not job.status.is_unbegun:
            return False
        try:
            end(self.transactions, job, Status.CANCELLED, CANCELLED, now)
        except AlreadyDone:
            return False
        return True

    def _close(self, group: Group, now: datetime) -> bool:
        """Settle a group once no worker is at it; answers whether it is closed."""
        if group.stage is Stage.CREATING:
            if now < group.created_at + MADE_BY_THEN:
                return False
        else:
            self.closing.cancel(group)
            if not all(job.status.is_over for job in self.groups.group_jobs(group.id)):
                return False
        self.closing.close(group.id)
        return True
