"""Leaving: an account that is being deleted, what is kept of it, and a copy of all its data."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from lumiku.domain.errors import Refusal
from lumiku.domain.instant import Instant
from lumiku.domain.people.limits import TAKEOUTS
from lumiku.domain.texts import Text

SETTLED = timedelta(hours=1)
"""Longer than a worker, a request or an upload form lives: nobody writes for the account then."""
REMEMBERED = timedelta(days=2)
"""So long a deleted account is known by its id: longer than any of its tokens is good."""
TAKEOUT_DAYS = timedelta(days=7)
TAKEOUT_FILE_BYTES = 2 * 1024**3
"""So many bytes of files are in one copy; what is beyond is named in its manifest."""


class Leaver(BaseModel, frozen=True, defer_build=True):
    """An account whose deletion was asked for and is not done.

    What must be kept is kept under `alias`, which nobody can tell the account by, and which is
    forgotten at the end. `since` is when the account was made. Its rows are erased once
    `settles_at` has passed and nothing runs.
    """

    user_id: str
    alias: str
    since: Instant
    asked_at: Instant
    settles_at: Instant


class Takeout(BaseModel, frozen=True, defer_build=True):
    """A copy of all that is kept of an account: being made, or ready for seven days."""

    id: str
    user_id: str
    asked_at: Instant
    ready_at: Instant | None = None
    size_bytes: int = 0
    files: int = 0
    left_out: int = 0

    @property
    def key(self) -> str:
        """Where its ZIP lies."""
        return f"{takeouts_prefix(self.user_id)}{self.id}.zip"

    @property
    def expires_at(self) -> datetime | None:
        """Until when its ZIP is kept; None while there is none."""
        return self.ready_at + TAKEOUT_DAYS if self.ready_at else None

    def status(self, now: datetime) -> Literal["pending", "ready", "expired"]:
        """Where it is."""
        if self.expires_at is None:
            return "pending"
        return "ready" if now < self.expires_at else "expired"


def takeouts_prefix(user_id: str) -> str:
    """What the keys of an account's copies start with."""
    return f"takeouts/{user_id}/"


class AccountLeft(Refusal):
    """The account of a token that is still good was deleted, or is about to be."""

    code = "account_deleted"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "This account was deleted. Register anew to go on.",
                "Akun ini sudah dihapus. Daftar lagi untuk melanjutkan.",
            )
        )


class WrongPassword(Refusal):
    """The password that confirms what cannot be undone is not the account's."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "This is not the account's password. Nothing was deleted.",
                "Ini bukan kata sandi akun. Tidak ada yang dihapus.",
            )
        )


class TakeoutNotReady(Refusal):
    """The copy of the account's data is still being made."""

    code = "takeout_not_ready"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "The copy of your data is still being made; a mail tells when it is ready.",
                "Salinan data Anda masih dibuat; email memberi tahu jika sudah siap.",
            )
        )


class TakeoutTooSoon(Refusal):
    """One copy of the account's data a day is made."""

    code = "takeout_too_soon"

    def __init__(self, *, retry_after_s: int) -> None:
        hours = -(-retry_after_s // 3600)
        super().__init__(
            Text(
                f"One copy of all data a day is made; ask again in {hours} h.",
                f"Salinan seluruh data dibuat sekali sehari; mintalah lagi dalam {hours} jam.",
            ),
            allowed=TAKEOUTS.count,
            windowSeconds=TAKEOUTS.window_s,
            retryAfter=retry_after_s,
        )
