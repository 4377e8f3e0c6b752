"""Refusals: each has a stable `code`, a sentence for a person and the facts a client needs."""

from datetime import datetime

from lumiku.domain.instant import iso
from lumiku.domain.texts import Text

UNREADABLE = Text(
    "The request cannot be read as documented.",
    "Permintaan tidak dapat dibaca sesuai dokumentasi.",
)
UNKNOWN_CURSOR = Text(
    "The cursor is not one that this service gave.", "Cursor ini bukan berasal dari layanan ini."
)


class Refusal(Exception):
    """A request that is understood and turned down; nothing was changed by it.

    `facts` are the numbers and names that a client needs to do better, ready for JSON but for
    texts, which are told in the client's language.
    """

    code: str

    def __init__(self, detail: Text, **facts: object) -> None:
        super().__init__(detail.en)
        self.detail = detail
        self.facts = facts


class InvalidRequest(Refusal):
    """Something in the request cannot be used."""

    code = "invalid_request"

    @classmethod
    def at(cls, field: str, message: Text, detail: Text = UNREADABLE) -> "InvalidRequest":
        """About one field, such as `body.tier`."""
        return cls(detail, errors=[{"field": field, "message": message}])


class InsufficientCredits(Refusal):
    """The account holds less than the price."""

    code = "insufficient_credits"

    def __init__(self, *, needed: int, available: int) -> None:
        super().__init__(
            Text(
                f"This costs {needed} credits and the account has {available}.",
                f"Biayanya {needed} kredit, sedangkan saldo akun {available}.",
            ),
            needed=needed,
            available=available,
        )


class PriceChanged(Refusal):
    """The price that the client expects is not today's."""

    code = "price_changed"

    def __init__(self, *, expected: int, price: int) -> None:
        super().__init__(
            Text(
                f"Today's price is {price} credits, not {expected}.",
                f"Harga hari ini {price} kredit, bukan {expected}.",
            ),
            expected=expected,
            price=price,
        )


class PhotoTooLarge(Refusal):
    """The photo has more bytes than the service takes."""

    code = "photo_too_large"

    def __init__(self, *, size_bytes: int, allowed_bytes: int, hint: Text | None = None) -> None:
        told = Text(
            f"The photo has {size_bytes} bytes; at most {allowed_bytes} are taken.",
            f"Ukuran foto {size_bytes} byte; yang diterima paling banyak {allowed_bytes}.",
        )
        super().__init__(told + hint if hint else told, size=size_bytes, allowed=allowed_bytes)


class BatchClosed(Refusal):
    """The batch takes no photos and no orders any more."""

    code = "batch_closed"

    def __init__(self, *, batch_id: str) -> None:
        super().__init__(Text(f"Batch {batch_id} is closed.", f"Batch {batch_id} sudah ditutup."))


class BatchNotCompleted(Refusal):
    """The batch has not come so far, or will not: there is no ZIP of it, and nothing to repeat."""

    code = "batch_not_completed"

    def __init__(self, *, batch_id: str, status: str) -> None:
        super().__init__(
            Text(
                f"Batch {batch_id} is {status}, not completed.",
                f"Batch {batch_id} belum selesai (status: {status}).",
            ),
            batchStatus=status,
        )


class NothingToRetry(Refusal):
    """No photo of the batch arrived and failed."""

    code = "nothing_to_retry"

    def __init__(self, *, batch_id: str) -> None:
        super().__init__(
            Text(
                f"No photo of batch {batch_id} arrived and failed.",
                f"Tidak ada foto dari batch {batch_id} yang diterima lalu gagal.",
            )
        )


class BatchTooLarge(Refusal):
    """The photos of a batch have more bytes together than the service takes."""

    code = "batch_too_large"

    def __init__(self, *, size_bytes: int, allowed_bytes: int, hint: Text | None = None) -> None:
        told = Text(
            f"The photos have {size_bytes} bytes together; at most {allowed_bytes} are taken.",
            f"Ukuran semua foto {size_bytes} byte; yang diterima paling banyak {allowed_bytes}.",
        )
        super().__init__(told + hint if hint else told, size=size_bytes, allowed=allowed_bytes)


class PhotoRefused(Refusal):
    """The photo was looked at and cannot be processed; `code` says why. It was not charged."""

    code = "photo_refused"

    def __init__(self, code: str, message: Text, *, job_id: str | None = None) -> None:
        super().__init__(message, **({"jobId": job_id} if job_id else {}))
        self.code = code


class UnsupportedPhoto(PhotoRefused):
    """The file is of no kind that the service reads, or of a rare one of a format that it does."""

    code = "unsupported_format"


class OversizedPhoto(PhotoRefused):
    """The photo has more bytes or pixels than the service takes."""

    code = "too_many_pixels"


class PromptRefused(Refusal):
    """The words of a prompt ask for something that is not painted; `because` says what."""

    code = "prompt_refused"

    def __init__(self, because: Text) -> None:
        told = Text(
            f"This is not painted: {because.en}. Nothing was charged.",
            f"Ini tidak digambar: {because.id}. Tidak ada biaya.",
        )
        super().__init__(told, because=because)


class IdempotencyKeyReused(Refusal):
    """The Idempotency-Key was used before, for another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "This Idempotency-Key belongs to an earlier request with another body.",
                "Idempotency-Key ini milik permintaan sebelumnya dengan isi yang berbeda.",
            )
        )


class WrongCredentials(Refusal):
    """E-mail and password do not belong together."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The e-mail address or the password is wrong.",
                "Alamat email atau kata sandi salah.",
            )
        )


class NotFound(Refusal):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"


class JobNotCompleted(Refusal):
    """The result was asked for and there is none, or not yet."""

    code = "job_not_completed"

    def __init__(self, *, job_id: str, status: str) -> None:
        super().__init__(
            Text(
                f"Job {job_id} is {status}; only a completed job has a result.",
                f"Pekerjaan {job_id} berstatus {status}; hanya yang selesai yang memiliki hasil.",
            ),
            jobStatus=status,
        )


class ResultExpired(Refusal):
    """The result was kept for its days and is gone."""

    code = "result_expired"

    def __init__(self, *, expired_at: datetime) -> None:
        super().__init__(
            Text(
                f"The result was kept until {expired_at:%Y-%m-%d %H:%M} UTC.",
                f"Hasil disimpan sampai {expired_at:%Y-%m-%d %H:%M} UTC.",
            ),
            expiredAt=iso(expired_at),
        )


class Busy(Refusal):
    """Too many changes to one account at the same moment; the same request may be sent again."""

    code = "busy"

    def __init__(self, *, retry_after_s: int = 1) -> None:
        super().__init__(
            Text("The account is busy; please try again.", "Akun sedang sibuk; silakan coba lagi."),
            retryAfter=retry_after_s,
        )


class TooManyRequests(Refusal):
    """The user asks faster than the limit allows."""

    code = "too_many_requests"

    def __init__(self, *, limit: str, count: int, window_s: int, retry_after_s: int) -> None:
        super().__init__(
            Text(
                f"At most {count} of these requests are taken in {window_s} seconds.",
                f"Paling banyak {count} permintaan seperti ini diterima dalam {window_s} detik.",
            ),
            limit=limit,
            allowed=count,
            windowSeconds=window_s,
            retryAfter=retry_after_s,
        )
        self.limit = limit
        self.count = count
        self.window_s = window_s
        self.retry_after_s = retry_after_s
