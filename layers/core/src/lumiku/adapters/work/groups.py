"""Groups: `GROUP#<id> / META`, `/ PROGRESS`, `/ JOB#0007` and `/ ZIP#0001`.

A group is in gsi1 by user and time and, until it is closed, in gsi2 by the time to look after it.
Its jobs that are over are counted in sets of at most 500, so that no row grows with the group:
`PROGRESS` has those of the first 500 and, for all others, which of their rows (`PROGRESS#0001`
and on) are full.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import batched

from lumiku.adapters.contention import transact
from lumiku.adapters.rows import (
    ConditionFailed,
    Key,
    Row,
    Table,
    Write,
    checking,
    inserting,
    updating,
)
from lumiku.adapters.work.jobs import ended, ending, job_key, job_row
from lumiku.domain.instant import iso
from lumiku.domain.work.groups import Archive, Group, Stage
from lumiku.domain.work.jobs import Failure, Job, Status
from lumiku.domain.work.pauses import Pause
from lumiku.domain.work.tallies import Tally
from lumiku.services.transactions import CloseGroup, EndJob
from lumiku.services.work.ports import GroupStore

DUE = "DUE#GROUP"
MAKE_WITHIN = timedelta(minutes=2)
KEPT = timedelta(days=90)
JOBS_AT_ONCE = 100
PER_ROW = 500
MISPLACED_SHOWN = 100
"""Characters of a name that are kept."""


def group_key(group_id: str, sort_key: str = "META") -> Key:
    """Key of a row of the group."""
    return f"GROUP#{group_id}", sort_key


def _progress_key(group_id: str, part: int) -> Key:
    return group_key(group_id, f"PROGRESS#{part:04d}" if part else "PROGRESS")


def _due(group_id: str, moment: datetime) -> str:
    return f"{iso(moment)}#{group_id}"


def insert(table: str, group: Group) -> Write:
    """Put a group that is not there yet; if nobody makes it, the sweeper does."""
    pk, sk = group_key(group.id)
    row = {
        **group.model_dump(mode="json", exclude_none=True),
        "pk": pk,
        "sk": sk,
        "gsi1pk": f"USER#{group.user_id}#GROUPS",
        "gsi1sk": group.place,
        "gsi2pk": DUE,
        "gsi2sk": _due(group.id, group.created_at + MAKE_WITHIN),
        "ttl": int((group.created_at + KEPT).timestamp()),
    }
    return inserting(table, row)


def close(table: str, change: CloseGroup) -> Write:
    """Close a group that was not closed before."""
    return updating(
        table,
        group_key(change.group.id),
        "SET stage = :closed, outcome = :outcome, closed_at = :at REMOVE gsi2pk, gsi2sk",
        {":closed": Stage.CLOSED, ":outcome": change.outcome.model_dump(), ":at": iso(change.at)},
        when="stage <> :closed",
    )


class GroupTable(Table, GroupStore):
    """Groups, their jobs and what they count."""

    def group(self, group_id: str) -> Group | None:
        row = self.rows.get(group_key(group_id))
        return Group.model_validate(row) if row else None

    def make_jobs(self, jobs: Sequence[Job]) -> None:
        """Put how many jobs there will be, and those that are not there yet.

        A slow repetition must not reset jobs that are under way, so every hundred goes in one
        conditional transaction: either none of them was there, or all are left as they are.
        """
        group_id, kept_until = jobs[0].group_id or "", jobs[0].created_at + KEPT
        for part, some in enumerate(batched(jobs, PER_ROW, strict=False)):
            self.rows.update(
                _progress_key(group_id, part),
                "SET #total = :total, parts = :parts, #ttl = :ttl",
                {
                    ":total": len(some),
                    ":parts": -(-len(jobs) // PER_ROW),
                    ":ttl": int(kept_until.timestamp()),
                },
            )
        for these in batched(jobs, JOBS_AT_ONCE, strict=False):
            items = [inserting(self.rows.table, job_row(job)) for job in these]
            transact(self.rows.client, items)

    def open(self, group: Group) -> None:
        self._change(
            group.id,
            "SET stage = :open, gsi2sk = :due",
            {
                ":open": Stage.OPEN,
                ":due": _due(group.id, group.closes_at),
                ":creating": Stage.CREATING,
            },
            when="stage = :creating",
        )

    def newest_groups(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Group]:
        found = self.rows.newest(f"USER#{user_id}#GROUPS", before=before, at_once=at_once)
        return map(Group.model_validate, found)

    def group_jobs(self, group_id: str) -> list[Job]:
        return list(self.jobs_from(group_id, 0))

    def jobs_from(self, group_id: str, index: int, *, at_once: int | None = None) -> Iterator[Job]:
        found = self.rows.query(
            "pk = :group AND sk BETWEEN :from AND :last",
            {":group": group_key(group_id)[0], ":from": f"JOB#{index:04d}", ":last": "JOB#~"},
            at_once=at_once,
        )
        return map(Job.model_validate, found)

    def end(
        self, jobs: Sequence[Job], status: Status, failure: Failure, *, at: datetime
    ) -> list[Job]:
        """Each hundred in one transaction; where one of these has moved, one by one."""
        over: list[Job | None] = []
        for some in batched(jobs, JOBS_AT_ONCE, strict=False):
            changes = [EndJob(job, status, failure, at) for job in some]
            writes = [ending(self.rows.table, change) for change in changes]
            if len(some) > 1 and not transact(self.rows.client, writes):
                update = {"status": status, "failure": failure, "completed_at": at}
                over += [job.model_copy(update=update) for job in some]
            else:
                over += map(self._end, changes)
        return [job for job in over if job is not None]

    def _end(self, change: EndJob) -> Job | None:
        key, update, values, when = ended(change)
        try:
            return Job.model_validate(self.rows.update(key, update, values, when=when))
        except ConditionFailed:
            return None

    def mark(self, *jobs: Job) -> str | None:
        group_id, head = jobs[0].group_id or "", None
        parts: dict[int, list[Job]] = {}
        for job in jobs:
            parts.setdefault((job.index or 0) // PER_ROW, []).append(job)
        for part in sorted(parts, reverse=True):
            row = self._mark(_progress_key(group_id, part), parts[part])
            if part == 0:
                head = row
            elif _is_full(row):
                head = self.rows.update(
                    _progress_key(group_id, 0), "ADD #full :part", {":part": {part}}
                )
        return head.get("token") if head and _all_over(head) else None

    def _mark(self, key: Key, jobs: list[Job]) -> Row:
        sets = {"done": set[int | None](), "failed": set[int | None]()}
        for job in jobs:
            sets["done" if job.status is Status.COMPLETED else "failed"].add(job.index)
        named = {name: indexes for name, indexes in sets.items() if indexes}
        added = ", ".join(f"#{name} :{name}" for name in named)
        last_at = max(job.completed_at or job.created_at for job in jobs)
        return self.rows.update(
            key,
            f"ADD {added} SET first_at = if_not_exists(first_at, :at), last_at = :at",
            {":at": iso(last_at), **{f":{name}": indexes for name, indexes in named.items()}},
        )

    def await_all(self, group_id: str, token: str) -> bool:
        head = self.rows.update(
            _progress_key(group_id, 0), "SET #token = :token", {":token": token}
        )
        return _all_over(head)

    def tally(self, group_id: str) -> Tally:
        found = self.rows.query(
            "pk = :group AND begins_with(sk, :progress)",
            {":group": group_key(group_id)[0], ":progress": "PROGRESS"},
        )
        return _tally(list(found))

    def note_misplaced(self, group_id: str, name: str) -> None:
        self._change(
            group_id,
            "SET misplaced = :name",
            {":name": name[:MISPLACED_SHOWN]},
            when="attribute_exists(pk) AND attribute_not_exists(misplaced)",
        )

    def keep_part(self, group: Group, number: int, archive: Archive) -> None:
        self.rows.update(
            group_key(group.id, f"ZIP#{number:04d}"),
            "SET #key = :key, size_bytes = :size, #ttl = :ttl",
            {
                ":key": archive.key,
                ":size": archive.size_bytes,
                ":ttl": int((group.created_at + KEPT).timestamp()),
            },
        )

    def archives(self, group_id: str) -> list[Archive]:
        found = self.rows.query(
            "pk = :group AND begins_with(sk, :zip)",
            {":group": group_key(group_id)[0], ":zip": "ZIP#"},
        )
        return list(map(Archive.model_validate, found))

    def keep_archive(self, group_id: str, archive: Archive) -> None:
        self._change(
            group_id,
            "SET #archive = :zip",
            {":zip": archive.model_dump()},
            when="attribute_exists(pk)",
        )

    def groups_due(self, now: datetime, *, limit: int) -> list[str]:
        rows = self.rows.due(DUE, iso(now), limit=limit)
        return [row["pk"].removeprefix("GROUP#") for row in rows]

    def turn(self, group: Group, pause: Pause, *, look_at: datetime) -> None:
        self._change(
            group.id,
            "SET #pause = :pause, gsi2sk = :due",
            {
                ":pause": pause.model_dump(mode="json", exclude_none=True),
                ":due": _due(group.id, look_at),
                ":open": Stage.OPEN,
                ":before": pause.turn - 1,
            },
            when="stage = :open AND #pause.turn = :before",
        )

    def follow(self, job: Job, status: Status, pause: Pause) -> None:
        table, is_open = self.rows.table, {":open": Stage.OPEN, ":turn": pause.turn}
        values = {":to": status, ":was": job.status, ":tries": job.tries}
        is_as_read = "#status = :was AND tries = :tries"
        moved = updating(table, job_key(job.id), "SET #status = :to", values, when=is_as_read)
        key = group_key(job.group_id or "")
        in_turn = checking(table, key, "stage = :open AND #pause.turn = :turn", is_open)
        transact(self.rows.client, [moved, in_turn])

    def followed(self, group: Group) -> None:
        values = {":yes": True, ":turn": group.pause.turn}
        self._change(group.id, "SET #pause.is_done = :yes", values, when="#pause.turn = :turn")

    def look_again(self, group: Group, at: datetime) -> None:
        self._change(
            group.id,
            "SET gsi2sk = :due",
            {":due": _due(group.id, at), ":closed": Stage.CLOSED},
            when="stage <> :closed",
        )

    def _change(self, group_id: str, update: str, values: Row, *, when: str) -> None:
        """Change the group's row, or leave it if the condition does not hold."""
        with suppress(ConditionFailed):
            self.rows.update(group_key(group_id), update, values, when=when)


def _over(row: Row) -> int:
    return len(row.get("done", ())) + len(row.get("failed", ()))


def _is_full(row: Row) -> bool:
    return _over(row) >= int(row.get("total", 0))


def _all_over(head: Row) -> bool:
    return _is_full(head) and len(head.get("full", ())) >= int(head.get("parts", 1)) - 1


def _tally(rows: list[Row]) -> Tally:
    seen = [row[name] for row in rows for name in ("first_at", "last_at") if name in row]
    at = [datetime.fromisoformat(moment) for moment in seen]
    return Tally(
        done=sum(len(row.get("done", ())) for row in rows),
        failed=sum(len(row.get("failed", ())) for row in rows),
        total=sum(int(row.get("total", 0)) for row in rows),
        first_at=min(at, default=None),
        last_at=max(at, default=None),
    )
