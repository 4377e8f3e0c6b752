"""Refusals: each has a stable `code`, a sentence for a person and the facts a client needs."""

from datetime import datetime

from lumiku.domain.instant import iso


class Refusal(Exception):
    """A request that is understood and turned down; nothing was changed by it.

    `facts` are the numbers and names that a client needs to do better, ready for JSON.
    """

    code: str

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.facts = facts


class InvalidRequest(Refusal):
    """Something in the request cannot be used."""

    code = "invalid_request"


class InsufficientCredits(Refusal):
    """The account holds less than the price."""

    code = "insufficient_credits"

    def __init__(self, *, needed: int, available: int) -> None:
        super().__init__(
            f"This costs {needed} credits and the account has {available}.",
            needed=needed,
            available=available,
        )


class PriceChanged(Refusal):
    """The price that the client expects is not today's."""

    code = "price_changed"

    def __init__(self, *, expected: int, price: int) -> None:
        super().__init__(
            f"Today's price is {price} credits, not {expected}.", expected=expected, price=price
        )


class PhotoTooLarge(Refusal):
    """The photo has more bytes than the service takes."""

    code = "photo_too_large"

    def __init__(self, *, size_bytes: int, allowed_bytes: int, hint: str = "") -> None:
        super().__init__(
            f"The photo has {size_bytes} bytes; at most {allowed_bytes} are taken. {hint}".strip(),
            size=size_bytes,
            allowed=allowed_bytes,
        )


class BatchClosed(Refusal):
    """The batch takes no photos and no orders any more."""

    code = "batch_closed"

    def __init__(self, *, batch_id: str) -> None:
        super().__init__(f"Batch {batch_id} is closed.")


class BatchNotCompleted(Refusal):
    """The batch has not come so far, or will not: there is no ZIP of it, and nothing to repeat."""

    code = "batch_not_completed"

    def __init__(self, *, batch_id: str, status: str) -> None:
        super().__init__(f"Batch {batch_id} is {status}, not completed.", batchStatus=status)


class NothingToRetry(Refusal):
    """No photo of the batch arrived and failed."""

    code = "nothing_to_retry"

    def __init__(self, *, batch_id: str) -> None:
        super().__init__(f"No photo of batch {batch_id} arrived and failed.")


class BatchTooLarge(Refusal):
    """The photos of a batch have more bytes together than the service takes."""

    code = "batch_too_large"

    def __init__(self, *, size_bytes: int, allowed_bytes: int) -> None:
        super().__init__(
            f"The photos have {size_bytes} bytes; a batch may have {allowed_bytes}.",
            size=size_bytes,
            allowed=allowed_bytes,
        )


class PhotoRefused(Refusal):
    """The photo was looked at and cannot be processed; `code` says why. It was not charged."""

    code = "photo_refused"

    def __init__(self, code: str, message: str, *, job_id: str) -> None:
        super().__init__(message, jobId=job_id)
        self.code = code


class UnsupportedPhoto(PhotoRefused):
    """The file is of no kind that the service reads, or of a rare one of a format that it does."""

    code = "unsupported_format"


class OversizedPhoto(PhotoRefused):
    """The photo has more bytes or pixels than the service takes."""

    code = "too_many_pixels"


class IdempotencyKeyReused(Refusal):
    """The Idempotency-Key was used before, for another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key belongs to an earlier request with another body.")


class WrongCredentials(Refusal):
    """E-mail and password do not belong together."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong.")


class NotFound(Refusal):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"


class JobNotCompleted(Refusal):
    """The result was asked for and there is none, or not yet."""

    code = "job_not_completed"

    def __init__(self, *, job_id: str, status: str) -> None:
        super().__init__(
            f"Job {job_id} is {status}; only a completed job has a result.", jobStatus=status
        )


class ResultExpired(Refusal):
    """The result was kept for its days and is gone."""

    code = "result_expired"

    def __init__(self, *, expired_at: datetime) -> None:
        super().__init__(
            f"The result was kept until {expired_at:%Y-%m-%d %H:%M} UTC.",
            expiredAt=iso(expired_at),
        )


class Busy(Refusal):
    """Too many changes to one account at the same moment; the same request may be sent again."""

    code = "busy"

    def __init__(self, *, retry_after_s: int = 1) -> None:
        super().__init__("The account is busy; please try again.", retryAfter=retry_after_s)


class NoSubscription(Refusal):
    """The client wants to pay by a plan and has none that can be used."""

    code = "no_subscription"

    def __init__(self) -> None:
        super().__init__("There is no subscription that can be used.")


class ProductNotInPlan(Refusal):
    """The plan does not have the product; the remover's products are tiers."""

    code = "tier_not_in_plan"

    def __init__(self, *, product: str, plan: str, allowed: list[str]) -> None:
        super().__init__(
            f"The plan {plan} does not have the tier {product}.", plan=plan, allowed=allowed
        )


class QuotaExceeded(Refusal):
    """The plan's quota of the day does not reach."""

    code = "quota_exceeded"

    def __init__(
        self, *, needed: int, available: int, resets_at: datetime, retry_after_s: int
    ) -> None:
        super().__init__(
            f"{needed} photos are more than the {available} that are left of today's quota.",
            needed=needed,
            available=available,
            resetsAt=iso(resets_at),
            retryAfter=retry_after_s,
        )


class TooManyRequests(Refusal):
    """The user asks faster than the limit allows."""

    code = "too_many_requests"

    def __init__(self, *, limit: str, count: int, window_s: int, retry_after_s: int) -> None:
        super().__init__(
            f"At most {count} of these requests are taken in {window_s} seconds.",
            limit=limit,
            allowed=count,
            windowSeconds=window_s,
            retryAfter=retry_after_s,
        )
        self.limit = limit
        self.count = count
        self.window_s = window_s
        self.retry_after_s = retry_after_s


class AlreadySubscribed(Refusal):
    """The user has this plan."""

    code = "already_subscribed"

    def __init__(self, *, plan: str) -> None:
        super().__init__(f"The account has the plan {plan} already.", plan=plan)


class DowngradeRefused(Refusal):
    """The wanted plan is smaller than the one that is paid for."""

    code = "downgrade_refused"

    def __init__(self, *, plan: str, until: datetime) -> None:
        super().__init__(
            f"The plan {plan} is paid until {iso(until)}. Cancel it and take the other one then.",
            plan=plan,
            paidUntil=iso(until),
        )


class PaymentsUnavailable(Refusal):
    """No payment gateway is set up here."""

    code = "payments_unavailable"

    def __init__(self) -> None:
        super().__init__("Payments are not set up on this deployment.")


class ForgedNotification(Refusal):
    """A payment notification that the gateway did not send."""

    code = "forged_notification"

    def __init__(self) -> None:
        super().__init__("The notification does not prove that it is about this payment.")
