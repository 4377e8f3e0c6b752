"""The services' Protocols in memory, with the same refusals as AWS.

`tests/component/test_stores.py` runs the same assertions over these and over the adapters on moto,
so the fakes cannot lie.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lumiku.domain.errors import InsufficientCredits
from lumiku.domain.hosting.tickets import Submission
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import Failure, Job, KeptStep, Output, Status
from lumiku.domain.work.photos import Lane
from lumiku.domain.work.receipts import Receipt
from lumiku.services.transactions import (
    AlreadyDone,
    Change,
    CloseGroup,
    CloseInvoice,
    EndJob,
    Insert,
    InsertInvoice,
    PocketsMoved,
    Post,
    QuotaTaken,
    Record,
    ReleaseQuota,
    ReserveQuota,
    SaveSubscription,
    SetLimits,
    Spend,
    Tell,
    Unspend,
)
from lumiku.services.work.fetching import Elsewhere
from lumiku.services.work.ports import LostLease
from photo_steps import Role
from tests.fake_books import FakeBooks
from tests.fake_groups import FakeGroups, newest
from tests.fake_items import FakeItems

START = datetime(2026, 11, 21, 23, 59, 59, 999000, tzinfo=UTC)


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class FakeStore(FakeBooks, FakeGroups):
    """Rows of jobs, accounts and ledgers."""

    of_items: FakeItems = field(default_factory=FakeItems)

    # Transactions

    def commit(self, *changes: Change) -> None:
        for change in changes:
            self._check(change)
        for change in changes:
            if isinstance(change, Post) and not self._holds(change.entry):
                entry, account = change.entry, self.account(change.entry.user_id)
                if account.spendable(entry.at) >= -entry.amount:
                    raise PocketsMoved(account)
                available = account.spendable(entry.at)
                raise InsufficientCredits(needed=-entry.amount, available=available)
        for change in changes:
            if isinstance(change, ReserveQuota) and not self._fits(change):
                raise QuotaTaken
            if isinstance(change, Spend):
                self.check_spending(change.spending, change.grant)
        for change in changes:
            self._apply(change)

    def _check(self, change: Change) -> None:
        self.of_items.check(change)
        match change:
            case Post(entry) if (entry.user_id, entry.id) in self.entries:
                raise AlreadyDone
            case Post(entry) if self._is_overtaken(entry):
                raise AlreadyDone
            case Post(entry) if entry.kind is EntryKind.EXPIRY and not self._is_left(entry):
                raise AlreadyDone
            case Insert(order) if order.id in self.jobs or order.id in self.groups:
                raise AlreadyDone
            case EndJob(job):
                now = self.jobs.get(job.id)
                if now is None or (now.status, now.tries) != (job.status, job.tries):
                    raise AlreadyDone
            case CloseGroup(group) if self.groups[group.id].stage is Stage.CLOSED:
                raise AlreadyDone
            case ReleaseQuota(back):
                used = self.usage(back.user_id, back.app, back.day)
                if used.of(back.product) < back.photos:
                    raise AlreadyDone
            case InsertInvoice(invoice) if invoice.id in self.invoices:
                raise AlreadyDone
            case Tell(letter) if (letter.user_id, letter.id) in self.letters:
                raise AlreadyDone
            case Record(action) if action.id in self.actions:
                raise AlreadyDone
            case CloseInvoice(invoice):
                stored = self.invoices.get(invoice.id)
                if stored is None or stored.status is not invoice.status:
                    raise AlreadyDone
                if stored.user_id != invoice.user_id:
                    raise AlreadyDone
            case SaveSubscription(new):
                old = self.subscription(new.user_id, new.app)
                if new.version != (0 if old is None else old.version + 1):
                    raise AlreadyDone

    def _apply(self, change: Change) -> None:
        self.of_items.apply(change)
        match change:
            case Post(entry):
                self.post(entry)
            case Insert(Job() as job):
                self.jobs[job.id] = job
            case Insert(Group() as group):
                self.insert_group(group)
            case CloseGroup(group, outcome, at):
                self.close_group(group, outcome, at)
            case ReserveQuota(taken):
                self._use(taken, taken.photos)
            case ReleaseQuota(back):
                self._use(back, -back.photos)
            case Spend(spent):
                self.count_spending(spent, spent.credits)
            case Unspend(spent):
                self.count_spending(spent, -spent.credits)
            case InsertInvoice(invoice):
                self.insert_invoice(invoice)
            case Tell(letter):
                self.letters[letter.user_id, letter.id] = letter
            case SetLimits(user_id, limits):
                update = {"limits": dict(limits)}
                self.accounts[user_id] = self.account(user_id).model_copy(update=update)
            case Record(action):
                self.actions[action.id] = action
            case CloseInvoice(invoice, outcome, at):
                self.close_invoice(invoice, outcome, at)
            case SaveSubscription(new):
                self.subscriptions[new.user_id, new.app] = new
            case EndJob(job, status, failure, at):
                self._set(job.id, status=status, failure=failure, completed_at=at, lease_until=None)

    # Reads

    def get(self, job_id: str) -> Job | None:
        return self.jobs.get(job_id)

    def standing[T: (Job, Group)](
        self, user_id: str, *, app: str, day: str, kind: type[T], order_id: str
    ) -> tuple[T | None, Wallet]:
        found: Any = (self.jobs if kind is Job else self.groups).get(order_id)
        return found, self.wallet(user_id, app=app, day=day)

    def newest_jobs(self, user_id: str, *, before: str | None, at_once: int) -> Iterator[Job]:
        mine = [j for j in self.jobs.values() if j.user_id == user_id and j.group_id is None]
        return newest(mine, before)

    # Leases

    def claim(
        self,
        job_id: str,
        *,
        key: str | None = None,
        etag: str | None,
        size_bytes: int | None,
        attempt_id: str,
        now: datetime,
        lease_until: datetime,
    ) -> tuple[Job | None, bool]:
        job = self.jobs.get(job_id)
        if job is None:
            return None, False
        if key not in {None, job.source.key}:
            return job, False
        idle = job.status is Status.PROCESSING and job.lease_until and job.lease_until <= now
        if job.status is not Status.PENDING and not idle:
            return job, False
        taken = self._set(
            job_id,
            status=Status.PROCESSING,
            attempt_id=attempt_id,
            lease_until=lease_until,
            source=job.source.model_copy(
                update={} if etag is None else {"etag": etag, "size_bytes": size_bytes}
            ),
            started_at=job.started_at or now,
            tries=job.tries + 1,
        )
        return taken, True

    def release(self, job: Job, *, now: datetime) -> None:
        self._move(job, lease_until=now)

    def submit(self, job: Job, submission: Submission) -> None:
        self._move(job, submissions=(*self.jobs[job.id].submissions, submission))

    def keep(self, job: Job, kept: KeptStep) -> None:
        self._move(job, kept=kept)

    def finish(
        self, job: Job, outputs: Mapping[Role, Output], receipt: Receipt, *, now: datetime
    ) -> None:
        self._move(
            job,
            status=Status.COMPLETED,
            source=job.source,
            outputs=dict(outputs),
            receipt=receipt,
            completed_at=now,
            lease_until=None,
        )

    def fail(self, job: Job, failure: Failure, *, now: datetime) -> Job:
        self._move(job, status=Status.FAILED, failure=failure, completed_at=now, lease_until=None)
        return self.jobs[job.id]

    def condemn(self, job: Job, failure: Failure, *, settle_by: datetime) -> None:
        self._move(
            job,
            status=Status.FAILING,
            failure=failure,
            lease_until=None,
            closes_at=settle_by,
        )

    def _move(self, job: Job, **update: object) -> None:
        now = self.jobs[job.id]
        held = {Status.PROCESSING, update.get("status")}
        if now.status not in held or now.attempt_id != job.attempt_id:
            raise LostLease(job.id)
        self._set(job.id, **update)

    # Sweeping

    def due(self, now: datetime, *, limit: int) -> list[str]:
        late = [j for j in self.jobs.values() if not j.status.is_over and j.closes_at < now]
        return [j.id for j in sorted(late, key=lambda j: j.closes_at)][:limit]

    def postpone(self, job: Job, *, closes_at: datetime) -> None:
        now = self.jobs[job.id]
        if (now.status, now.tries) == (job.status, job.tries):
            self._set(job.id, closes_at=closes_at)


@dataclass
class FakeQueue:
    """The settle queue."""

    sent: list[str] = field(default_factory=list)

    def send(self, job_id: str) -> None:
        self.sent.append(job_id)


@dataclass
class FakeLanes:
    """Jobs that a message was sent for."""

    sent: list[tuple[Lane, str]] = field(default_factory=list)

    def start(self, lane: Lane, *job_ids: str) -> None:
        self.sent += [(lane, job_id) for job_id in job_ids]


@dataclass
class FakeFetches:
    """Where the photos of jobs lie that a worker is to fetch."""

    sent: dict[str, Elsewhere] = field(default_factory=dict)

    def put(self, there: Mapping[str, Elsewhere]) -> None:
        self.sent |= there
