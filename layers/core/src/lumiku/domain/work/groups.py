"""A group: photos that were ordered together, are paid for together and close together.

    creating --rows made--> open --all over, or out of time--> closed (settled)

Job rows are the truth; what a group counts only tells when to look at them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.quotas import Reservation
from lumiku.domain.work.jobs import NEVER_UPLOADED, Job, PricingType, Source, Status
from lumiku.domain.work.photos import Lane, PhotoKey
from lumiku.domain.work.workflows import background_removal


class Stage(StrEnum):
    """How far a group has come."""

    CREATING = "creating"
    OPEN = "open"
    CLOSED = "closed"


class Outcome(BaseModel):
    """How a closed group ended; the counts add up to all its photos."""

    model_config = ConfigDict(frozen=True)

    completed: int
    failed: int
    expired: int
    cancelled: int
    refund: int


class Archive(BaseModel):
    """The ZIP of a group's results."""

    model_config = ConfigDict(frozen=True)

    key: str
    size_bytes: int


class PlannedPhoto(BaseModel):
    """A photo that will be uploaded."""

    model_config = ConfigDict(frozen=True)

    name: str
    size_bytes: int


class Group(BaseModel):
    """One order of several photos, for `price` whole credits in all."""

    model_config = ConfigDict(frozen=True)

    id: str
    user_id: str
    app: str
    tier: Tier
    options: Options = PLAIN
    lane: Lane
    photos: tuple[PlannedPhoto, ...]
    price: int
    pricing_type: PricingType
    quota_day: str | None = None
    request_hash: str
    request_id: str | None = None
    created_at: Instant
    closes_at: Instant
    stage: Stage = Stage.CREATING
    cancelled_at: Instant | None = None
    closed_at: Instant | None = None
    outcome: Outcome | None = None
    archive: Archive | None = None

    @property
    def correlation_id(self) -> str:
        """What all log lines about it have in common: the request that ordered it."""
        return self.request_id or self.id

    @property
    def total(self) -> int:
        """Photos that were ordered."""
        return len(self.photos)

    @property
    def reservation(self) -> Reservation | None:
        """What it took from a plan's quota; None when credits paid."""
        if self.quota_day is None:
            return None
        return Reservation(self.user_id, self.app, self.quota_day, self.tier, self.total)

    @property
    def key_prefix(self) -> str:
        """What the keys of all its photos start with."""
        return f"in/{self.lane}/{self.user_id}/{self.id}/"

    def photo_key(self, index: int) -> PhotoKey:
        """Key of the photo at `index`, from 0."""
        return PhotoKey(self.lane, self.user_id, self.id, index)

    def charge(self) -> Entry:
        """The ledger's entry for taking the group in."""
        return self._entry(EntryKind.CHARGE, -self.price, self.total, self.created_at)

    def settle(self, outcome: Outcome, at: Instant) -> Entry:
        """The ledger's entry for closing: what is given back for photos without a result."""
        return self._entry(EntryKind.REFUND, outcome.refund, self.total - outcome.completed, at)

    def _entry(self, kind: EntryKind, amount: int, photos: int, at: Instant) -> Entry:
        return Entry(
            user_id=self.user_id,
            kind=kind,
            amount=amount,
            reference=self.id,
            at=at,
            tier=self.tier,
            photos=photos,
            on_plan=self.quota_day is not None,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a closed group comes to; credits by job: `shares` of results, `refunds` of failures."""

    outcome: Outcome
    shares: dict[str, int]
    refunds: dict[str, int]


def settle(group: Group, jobs: Sequence[Job]) -> Verdict:
    """Settle a group whose jobs are all over.

    The discount is earned by photos that arrive: with n ordered at price T and r received, the
    group is worth W = min(T, price(r)); photo i of r has the share floor(W(i+1)/r) - floor(W*i/r),
    and what is not the share of a result is given back. What the customer cancelled or never sent
    does not count as received; what was sent does, even if no worker ever took it.
    """
    if not all(job.status.is_over for job in jobs) or len(jobs) != group.total:
        raise ValueError(f"group {group.id} cannot be settled yet")
    received = [job for job in jobs if _arrived(job)]
    worth = min(group.price, price(group.tier, len(received)).total) if received else 0
    shares = {job.id: _share(worth, place, len(received)) for place, job in enumerate(received)}
    count = {status: sum(job.status is status for job in jobs) for status in Status}
    earned = sum(shares[job.id] for job in received if job.status is Status.COMPLETED)
    outcome = Outcome(
        completed=count[Status.COMPLETED],
        failed=count[Status.FAILED],
        expired=count[Status.EXPIRED],
        cancelled=count[Status.CANCELLED],
        refund=group.price - earned,
    )
    return Verdict(
        outcome,
        {job.id: shares[job.id] for job in received if job.status is Status.COMPLETED},
        {job.id: shares[job.id] for job in received if job.status is not Status.COMPLETED},
    )


def planned_jobs(group: Group) -> list[Job]:
    """The jobs of a group as they begin, each with its share of what was charged."""
    return [
        Job(
            id=f"{group.id}_{index:04d}",
            group_id=group.id,
            index=index,
            user_id=group.user_id,
            app=group.app,
            tier=group.tier,
            workflow=background_removal(group.tier, group.options),
            price=_share(group.price, index, group.total),
            pricing_type=group.pricing_type,
            quota_day=group.quota_day,
            source=Source(kind="upload", key=str(group.photo_key(index))),
            lane=group.lane,
            file_name=photo.name,
            content_type="",
            declared_bytes=photo.size_bytes,
            request_hash=group.request_hash,
            request_id=group.request_id,
            created_at=group.created_at,
            closes_at=group.closes_at,
        )
        for index, photo in enumerate(group.photos)
    ]


def _arrived(job: Job) -> bool:
    never_sent = job.failure is not None and job.failure.code == NEVER_UPLOADED.code
    return job.status is not Status.CANCELLED and not never_sent


def _share(worth: int, place: int, of: int) -> int:
    return worth * (place + 1) // of - worth * place // of
