"""Taking a batch in: price and charge it as one, make its jobs, permit the uploads, start it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import MAX_BATCH, MIN_BATCH, Tier, price
from lumiku.apps.remover.submissions import UploadPolicy, Uploads
from lumiku.domain.errors import (
    BatchTooLarge,
    IdempotencyKeyReused,
    InvalidRequest,
    TooManyRequests,
)
from lumiku.domain.money.plans import REMOVER
from lumiku.domain.money.quotas import Payment, quota_day
from lumiku.domain.people.limits import BATCH, Pace
from lumiku.domain.work.groups import Group, PlannedPhoto, Stage, planned_jobs
from lumiku.domain.work.jobs import STRAGGLER_TIME, Job
from lumiku.domain.work.photos import (
    MAX_BATCH_BYTES,
    MAX_PHOTO_BYTES,
    Lane,
    check_declared_size,
    check_form_size,
)
from lumiku.services.clock import Clock
from lumiku.services.money.credits import give_free_credits
from lumiku.services.money.wallets import Wallet
from lumiku.services.people.admission import Arrivals, admit
from lumiku.services.transactions import (
    AlreadyDone,
    InsertGroup,
    Transactions,
)
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import place

BATCH_UPLOAD_TIME = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a client says about its photos, how it wants to pay and what the results shall be."""

    tier: Tier
    photos: tuple[PlannedPhoto, ...]
    payment: Payment = Payment.AUTO
    options: Options = PLAIN


@dataclass(frozen=True, slots=True)
class AcceptedBatch:
    """A group that is charged and waits for its photos; `balance` is what the account has left."""

    group: Group
    balance: int
    upload: UploadPolicy
    pace: Pace | None


class Desk(Arrivals, Protocol):
    """What a user can pay with, and their place in the limits."""

    def wallet(self, user_id: str, *, app: str, day: str) -> Wallet:
        """What the user can pay with; all consistent."""


class Groups(Protocol):
    """Groups and their jobs."""

    def group(self, group_id: str) -> Group | None:
        """The group of that id, consistently read."""

    def make_jobs(self, jobs: list[Job]) -> None:
        """Put all jobs of a group, and how many they are; repeating it changes nothing."""

    def open(self, group: Group) -> None:
        """The group is made. Nothing happens if it was opened before."""


class Executions(Protocol):
    """Executions of the state machine that closes groups."""

    def start(self, group: Group) -> None:
        """Start the group's execution; one that was started before is fine."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Use cases of POST /batch. Every step can be repeated, so a half-made one can be finished."""

    desk: Desk
    groups: Groups
    transactions: Transactions
    uploads: Uploads
    executions: Executions
    clock: Clock

    def submit(
        self,
        user_id: str,
        batch: NewBatch,
        *,
        idempotency_key: str | None = None,
        expected_credits: int | None = None,
        request_id: str | None = None,
    ) -> AcceptedBatch:
        """Charge for 2 to 500 photos and open their group.

        The same key with the same photos gives the same group again, charged once. Refused like
        a single photo, and with `BatchTooLarge`. `request_id` is kept for the log.
        """
        _check(batch)
        group_id = row_id("batch", user_id, "POST /batch", idempotency_key)
        request_hash = fingerprint(
            {
                "tier": batch.tier,
                "payment": batch.payment,
                "options": asdict(batch.options),
                "photos": [photo.model_dump() for photo in batch.photos],
            }
        )
        draft = _new_group(group_id, user_id, batch, request_hash, request_id, self.clock())
        return self.order(draft, batch.payment, expected_credits)

    def order(
        self, draft: Group, payment: Payment, expected_credits: int | None = None
    ) -> AcceptedBatch:
        """Charge for `draft` and make it, or find the group that is there under its id."""
        now = draft.created_at
        group, pace = self.groups.group(draft.id), None
        wallet = self.desk.wallet(draft.user_id, app=REMOVER, day=quota_day(now))
        balance = wallet.account.balance
        if group is None:
            limit = wallet.account.limit(BATCH)
            try:
                pace = admit(self.desk, draft.user_id, limit, now)
                balance += give_free_credits(self.transactions, draft.user_id, wallet.account, now)
                group = self._charge(draft, payment, expected_credits, wallet, balance)
                balance -= group.price
            except (AlreadyDone, TooManyRequests):
                if pace is not None:
                    self.desk.give_back(draft.user_id, limit)
                group, pace = self.groups.group(draft.id), None
                if group is None:
                    raise
                wallet = self.desk.wallet(draft.user_id, app=REMOVER, day=quota_day(now))
                balance = wallet.account.balance
        if group.request_hash != draft.request_hash:
            raise IdempotencyKeyReused
        self.make(group)
        return AcceptedBatch(group, balance, self.permit(group), pace)

    def submit_inline(
        self,
        user_id: str,
        batch: NewBatch,
        images: Sequence[bytes],
        *,
        idempotency_key: str | None = None,
        expected_credits: int | None = None,
        request_id: str | None = None,
    ) -> AcceptedBatch:
        """Like `submit`, for photos that came with their request: they are stored at once."""
        check_form_size(sum(len(image) for image in images))
        accepted = self.submit(
            user_id,
            batch,
            idempotency_key=idempotency_key,
            expected_credits=expected_credits,
            request_id=request_id,
        )
        if accepted.group.stage is not Stage.CLOSED:
            for index, image in enumerate(images):
                key = str(accepted.group.photo_key(index))
                self.uploads.write(key, image, content_type="application/octet-stream")
        return accepted

    def make(self, group: Group) -> None:
        """Do what is left of making the group: its jobs and its execution.

        It is open only then, for the sweeper starts no execution of an open group.
        """
        if group.stage is Stage.CREATING:
            self.groups.make_jobs(planned_jobs(group))
            self.executions.start(group)
            self.groups.open(group)

    @staticmethod
    def closes_at(now: datetime) -> datetime:
        """When photos of a batch that is ordered now are awaited no more."""
        return now + BATCH_UPLOAD_TIME + STRAGGLER_TIME

    def permit(self, group: Group) -> UploadPolicy:
        """A form for the group's photos, good until they are awaited no more."""
        now = self.clock()
        return self.uploads.policy(
            f"{group.key_prefix}${{filename}}",
            content_type="",
            max_bytes=MAX_PHOTO_BYTES,
            now=now,
            expires_at=min(now + BATCH_UPLOAD_TIME, group.closes_at),
        )

    def _charge(
        self,
        draft: Group,
        payment: Payment,
        expected_credits: int | None,
        wallet: Wallet,
        balance: int,
    ) -> Group:
        """Insert and charge the group; `AlreadyDone` when the same key made it meanwhile."""
        owned = wallet.subscription
        first = owned is not None and owned.is_usable(draft.created_at) and owned.plan.has_priority
        lane = Lane.PRIORITY if first else Lane.STANDARD
        return place(
            self.transactions,
            wallet,
            draft.model_copy(update={"lane": lane}),
            InsertGroup,
            photos=draft.total,
            payment=payment,
            balance=balance,
            expected_credits=expected_credits,
        )


def _check(batch: NewBatch) -> None:
    if not MIN_BATCH <= len(batch.photos) <= MAX_BATCH:
        raise InvalidRequest(
            f"A batch has {MIN_BATCH} to {MAX_BATCH} photos, not {len(batch.photos)}.",
            photos=len(batch.photos),
            allowed={"min": MIN_BATCH, "max": MAX_BATCH},
        )
    for photo in batch.photos:
        check_declared_size(photo.size_bytes)
    total = sum(photo.size_bytes for photo in batch.photos)
    if total > MAX_BATCH_BYTES:
        raise BatchTooLarge(size_bytes=total, allowed_bytes=MAX_BATCH_BYTES)


def _new_group(
    group_id: str,
    user_id: str,
    batch: NewBatch,
    request_hash: str,
    request_id: str | None,
    now: datetime,
) -> Group:
    return Group(
        id=group_id,
        user_id=user_id,
        app=REMOVER,
        tier=batch.tier,
        options=batch.options,
        lane=Lane.STANDARD,
        photos=batch.photos,
        price=price(batch.tier, len(batch.photos)).total,
        pricing_type="credits",
        request_hash=request_hash,
        request_id=request_id,
        created_at=now,
        closes_at=Batches.closes_at(now),
    )
