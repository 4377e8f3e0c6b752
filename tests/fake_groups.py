"""Groups, their jobs and who waits for them, in memory; part of `tests.fakes.FakeStore`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lumiku.adapters.work.groups import MAKE_WITHIN, MISPLACED_SHOWN
from lumiku.domain.work.groups import Archive, Group, Outcome, Stage
from lumiku.domain.work.jobs import Failure, Job, Status
from lumiku.domain.work.pauses import Pause
from lumiku.domain.work.tallies import Tally


def newest[T: (Job, Group)](found: list[T], before: str | None) -> Iterator[T]:
    """Those from before a place on, newest first."""
    earlier = [one for one in found if before is None or one.place < before]
    return iter(sorted(earlier, key=lambda one: one.place, reverse=True))


@dataclass
class FakeGroups:
    """`looks` holds when the sweeper looks after each group next."""

    jobs: dict[str, Job] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    done: dict[str, set[int]] = field(default_factory=dict)
    failed: dict[str, set[int]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    looks: dict[str, datetime] = field(default_factory=dict)
    parts: dict[str, dict[int, Archive]] = field(default_factory=dict)

    def group(self, group_id: str) -> Group | None:
        return self.groups.get(group_id)

    def make_jobs(self, jobs: list[Job]) -> None:
        for job in jobs:
            self.jobs.setdefault(job.id, job)

    def open(self, group: Group) -> None:
        if self.groups[group.id].stage is Stage.CREATING:
            self._set_group(group.id, stage=Stage.OPEN)
            self.looks[group.id] = group.closes_at

    def group_jobs(self, group_id: str) -> list[Job]:
        mine = [job for job in self.jobs.values() if job.group_id == group_id]
        return sorted(mine, key=lambda job: job.id)

    def newest_groups(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Group]:
        return newest([g for g in self.groups.values() if g.user_id == user_id], before)

    def jobs_from(self, group_id: str, index: int, *, at_once: int) -> Iterator[Job]:
        return iter(self.group_jobs(group_id)[index:])

    def end(
        self, jobs: Sequence[Job], status: Status, failure: Failure, *, at: datetime
    ) -> list[Job]:
        over = {"status": status, "failure": failure, "completed_at": at, "lease_until": None}
        return [
            self._set(job.id, **over)
            for job in jobs
            for now in [self.jobs[job.id]]
            if (now.status, now.tries) == (job.status, job.tries)
        ]

    def mark(self, *jobs: Job) -> str | None:
        group_id = jobs[0].group_id or ""
        for job in jobs:
            sets = self.done if job.status is Status.COMPLETED else self.failed
            sets.setdefault(group_id, set()).add(job.index or 0)
        return self.tokens.get(group_id) if self._all_over(group_id) else None

    def await_all(self, group_id: str, token: str) -> bool:
        self.tokens[group_id] = token
        return self._all_over(group_id)

    def _all_over(self, group_id: str) -> bool:
        tally = self.tally(group_id)
        return tally.done + tally.failed >= tally.total

    def tally(self, group_id: str) -> Tally:
        return Tally(
            done=len(self.done.get(group_id, ())),
            failed=len(self.failed.get(group_id, ())),
            total=self.groups[group_id].total,
        )

    def note_misplaced(self, group_id: str, name: str) -> None:
        if group_id in self.groups and self.groups[group_id].misplaced is None:
            self._set_group(group_id, misplaced=name[:MISPLACED_SHOWN])

    def keep_part(self, group: Group, number: int, archive: Archive) -> None:
        self.parts.setdefault(group.id, {})[number] = archive

    def archives(self, group_id: str) -> list[Archive]:
        return [archive for _, archive in sorted(self.parts.get(group_id, {}).items())]

    def keep_archive(self, group_id: str, archive: Archive) -> None:
        self._set_group(group_id, archive=archive)

    def groups_due(self, now: datetime, *, limit: int) -> list[str]:
        due = sorted((at, group_id) for group_id, at in self.looks.items() if at < now)
        return [group_id for _, group_id in due][:limit]

    def turn(self, group: Group, pause: Pause, *, look_at: datetime) -> None:
        now = self.groups[group.id]
        if now.stage is Stage.OPEN and now.pause.turn == pause.turn - 1:
            self._set_group(group.id, pause=pause)
            self.looks[group.id] = look_at

    def follow(self, job: Job, status: Status, pause: Pause) -> None:
        now, group = self.jobs[job.id], self.groups[job.group_id or ""]
        is_in_turn = group.stage is Stage.OPEN and group.pause.turn == pause.turn
        if is_in_turn and (now.status, now.tries) == (job.status, job.tries):
            self._set(job.id, status=status)

    def followed(self, group: Group) -> None:
        now = self.groups[group.id].pause
        if now.turn == group.pause.turn:
            self._set_group(group.id, pause=now.model_copy(update={"is_done": True}))

    def look_again(self, group: Group, at: datetime) -> None:
        if group.id in self.looks:
            self.looks[group.id] = at

    def insert_group(self, group: Group) -> None:
        self.groups[group.id] = group
        self.looks[group.id] = group.created_at + MAKE_WITHIN

    def close_group(self, group: Group, outcome: Outcome, at: datetime) -> None:
        self._set_group(group.id, stage=Stage.CLOSED, outcome=outcome, closed_at=at)
        self.looks.pop(group.id, None)

    def _set(self, job_id: str, **update: object) -> Job:
        self.jobs[job_id] = self.jobs[job_id].model_copy(update=update)
        return self.jobs[job_id]

    def _set_group(self, group_id: str, **update: object) -> None:
        self.groups[group_id] = self.groups[group_id].model_copy(update=update)


@dataclass
class FakeExecutions:
    """Executions by group: started, and woken how often."""

    started: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    def start(self, group: Group) -> None:
        if group.id not in self.started:
            self.started.append(group.id)

    def wake(self, token: str) -> None:
        self.woken.append(token)
