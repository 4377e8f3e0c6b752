"""Taking a photo in: price it, charge it, and hand out the permission to upload it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from lumiku.apps.remover.options import PLAIN, Options
from lumiku.apps.remover.prices import CREDITS_PER_PHOTO, Tier
from lumiku.domain.errors import IdempotencyKeyReused, TooManyRequests
from lumiku.domain.money.plans import REMOVER
from lumiku.domain.money.quotas import Payment, quota_day
from lumiku.domain.people.limits import SINGLE, Pace
from lumiku.domain.work import jobs
from lumiku.domain.work.jobs import Job, Source, Status
from lumiku.domain.work.photos import (
    MAX_PHOTO_BYTES,
    Lane,
    PhotoKey,
    check_declared_size,
    check_form_size,
)
from lumiku.domain.work.workflows import background_removal
from lumiku.services.clock import Clock
from lumiku.services.money.credits import give_free_credits
from lumiku.services.money.wallets import Wallet
from lumiku.services.people.admission import Arrivals, admit
from lumiku.services.transactions import (
    AlreadyDone,
    InsertJob,
    Transactions,
)
from lumiku.services.work.idempotency import fingerprint, row_id
from lumiku.services.work.ordering import place


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """What a client says about its photo, how it wants to pay and what the result shall be."""

    file_name: str
    size_bytes: int
    content_type: str
    tier: Tier
    payment: Payment = Payment.AUTO
    sha256: str | None = None
    options: Options = PLAIN


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    """A form that S3 takes once filled with the photo, until `expires_at`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that is charged and waits for its photo; `balance` is what the account has left.

    `pace` is None for a replay, which counts against no limit.
    """

    job: Job
    balance: int
    upload: UploadPolicy
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides about a submission, as of one consistent read."""

    job: Job | None
    wallet: Wallet


class Desk(Arrivals, Protocol):
    """What a submission reads, in one round trip, and its place in the limits."""

    def standing(self, user_id: str, *, job_id: str, app: str, day: str) -> Standing:
        """The job of that id, if any, and where the user stands."""


class Uploads(Protocol):
    """Permissions to upload."""

    def policy(
        self,
        key: str,
        *,
        content_type: str,
        max_bytes: int,
        now: datetime,
        expires_at: datetime,
    ) -> UploadPolicy:
        """Sign a form that takes objects of at most `max_bytes` at exactly `key`.

        A key that ends in `${filename}` permits every key with what is before it.
        """

    def write(self, key: str, data: bytes, *, content_type: str) -> None:
        """Put a photo that came with its request."""


@dataclass(frozen=True, slots=True)
class Submissions:
    """Use cases of POST /remove."""

    desk: Desk
    transactions: Transactions
    uploads: Uploads
    clock: Clock

    def submit(
        self,
        user_id: str,
        photo: NewPhoto,
        *,
        idempotency_key: str | None = None,
        expected_credits: int | None = None,
        request_id: str | None = None,
    ) -> Accepted:
        """Charge for one photo and open its job.

        The same key with the same photo gives the same job again: charged once, not counted
        against the limit (a twin of a request that is not through yet may get `TooManyRequests`,
        as a new one would). `request_id` is kept for the log. Refused with `PhotoTooLarge`,
        `TooManyRequests`, `PriceChanged`, `InsufficientCredits`, `IdempotencyKeyReused` or, when
        a plan shall pay, with `NoSubscription`, `TierNotInPlan` or `QuotaExceeded`.
        """
        check_declared_size(photo.size_bytes)
        job_id = row_id("job", user_id, "POST /remove", idempotency_key)
        request_hash = fingerprint(asdict(photo))
        now = self.clock()
        standing = self._standing(user_id, job_id, now)
        if standing.job is None:
            limit = standing.wallet.account.limit(SINGLE)
            job = _new_job(job_id, user_id, photo, request_hash, request_id, now)
            try:
                pace = admit(self.desk, user_id, limit, now)
                return self._take_in(job, photo.payment, expected_credits, standing.wallet, pace)
            except TooManyRequests:
                standing = self._standing(user_id, job_id, now)
                if standing.job is None:
                    raise
            except AlreadyDone:
                self.desk.give_back(user_id, limit)
                standing = self._standing(user_id, job_id, now)
        if standing.job is None or standing.job.request_hash != request_hash:
            raise IdempotencyKeyReused
        return self._accepted(standing.job, standing.wallet.account.balance, None)

    def submit_inline(
        self,
        user_id: str,
        photo: NewPhoto,
        data: bytes,
        *,
        idempotency_key: str | None = None,
        expected_credits: int | None = None,
        request_id: str | None = None,
    ) -> Accepted:
        """Like `submit`, for a photo that came with its request: it is stored at once.

        Dying between the charge and the photo is like an upload that never comes: the sweeper
        refunds it, and a repetition with the same key stores the photo.
        """
        check_form_size(len(data))
        accepted = self.submit(
            user_id,
            photo,
            idempotency_key=idempotency_key,
            expected_credits=expected_credits,
            request_id=request_id,
        )
        if accepted.job.status is Status.PENDING:
            self.uploads.write(accepted.job.source.key, data, content_type=photo.content_type)
        return accepted

    def _standing(self, user_id: str, job_id: str, now: datetime) -> Standing:
        return self.desk.standing(user_id, job_id=job_id, app=REMOVER, day=quota_day(now))

    def _take_in(
        self, job: Job, payment: Payment, expected_credits: int | None, wallet: Wallet, pace: Pace
    ) -> Accepted:
        balance = wallet.account.balance + give_free_credits(
            self.transactions, job.user_id, wallet.account, job.created_at
        )
        job = place(
            self.transactions,
            wallet,
            job,
            InsertJob,
            photos=1,
            payment=payment,
            balance=balance,
            expected_credits=expected_credits,
        )
        return self._accepted(job, balance - job.price, pace)

    def _accepted(self, job: Job, balance: int, pace: Pace | None) -> Accepted:
        now = self.clock()
        policy = self.uploads.policy(
            job.source.key,
            content_type=job.content_type,
            max_bytes=MAX_PHOTO_BYTES,
            now=now,
            expires_at=min(now + jobs.UPLOAD_TIME, job.closes_at),
        )
        return Accepted(job, balance, policy, pace)


def _new_job(
    job_id: str,
    user_id: str,
    photo: NewPhoto,
    request_hash: str,
    request_id: str | None,
    now: datetime,
) -> Job:
    return Job(
        id=job_id,
        user_id=user_id,
        app=REMOVER,
        tier=photo.tier,
        workflow=background_removal(photo.tier, photo.options),
        price=CREDITS_PER_PHOTO[photo.tier],
        pricing_type="credits",
        source=Source(kind="upload", key=str(PhotoKey(Lane.SINGLE, user_id, job_id))),
        file_name=photo.file_name,
        content_type=photo.content_type,
        declared_bytes=photo.size_bytes,
        request_hash=request_hash,
        request_id=request_id,
        created_at=now,
        closes_at=now + jobs.UPLOAD_TIME + jobs.STRAGGLER_TIME,
    )
