"""API keys: how programs act for an account without its password.

A key is `lk_live_` or `lk_test_`, its id and its secret. Only the secret's SHA-256 is kept: it is
160 random bits, so there is nothing to guess and nothing to salt.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel

from lumiku.domain.errors import NotFound, Refusal
from lumiku.domain.instant import Instant
from lumiku.domain.people.callers import Caller, Scope
from lumiku.domain.people.limits import Limit
from lumiku.domain.texts import Text

MAX_KEYS = 20
ID_BYTES, SECRET_BYTES = 8, 20
BOTH_VALID = timedelta(hours=24)
"""So long the secret before works too, once a key is rotated."""
NOTED_EVERY = timedelta(hours=1)
"""How exactly it is known when a key was last used: no request waits for more than one write."""
REMEMBERED = timedelta(days=90)
"""So long a revoked key is listed."""
_FORM = re.compile(r"lk_(live|test)_(?P<id>[0-9a-f]{16})(?P<secret>[0-9a-f]{40})")
_LIKE_A_KEY = re.compile(r"lk_(?:live|test)_[0-9A-Za-z]")

KEY_IN_URL = Text(
    "There is an API key in the URL, where others see it. Revoke it, and send another one as the"
    " header X-API-Key.",
    "Ada kunci API di dalam URL, yang dapat dilihat orang lain. Cabut kunci itu, lalu kirim kunci"
    " lain sebagai header X-API-Key.",
)

type Mode = Literal["live", "test"]


class TooManyKeys(Refusal):
    """The account has as many keys as it may have."""

    code = "too_many_keys"

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"An account has at most {MAX_KEYS} keys. Revoke one first.",
                f"Satu akun memiliki paling banyak {MAX_KEYS} kunci. Cabut satu dulu.",
            ),
            allowed=MAX_KEYS,
        )


class Secret(BaseModel, frozen=True, defer_build=True):
    """The hash of what proves a key; `until` is set once another one has replaced it."""

    sha256: str
    until: Instant | None = None


class ApiKey(BaseModel, frozen=True, defer_build=True):
    """A key of an account. The newest secret comes first, `ends_in` shows how it ends.

    One that a member made is good as long as that `membership` is.
    """

    id: str
    account: str
    maker: str | None = None
    membership: str | None = None
    name: str
    mode: Mode
    scopes: tuple[Scope, ...]
    orders_per_minute: int | None = None
    secrets: tuple[Secret, ...]
    ends_in: str
    created_at: Instant
    last_used_at: Instant | None = None
    revoked_at: Instant | None = None

    @property
    def made_by(self) -> str:
        """The person who made it."""
        return self.maker or self.account

    def is_of(self, caller: Caller) -> bool:
        """The caller made it, in the membership that they act by."""
        return (self.made_by, self.membership) == (caller.actor, caller.membership)

    def proves(self, secret: str, now: datetime) -> bool:
        """The key is good, and this is its secret."""
        given = hash_of(secret)
        live = (one for one in self.secrets if one.until is None or now < one.until)
        known = [hmac.compare_digest(one.sha256, given) for one in live]
        return self.revoked_at is None and any(known)

    def caller(self) -> Caller:
        """Who acts by it: the key, for its account."""
        own = self.orders_per_minute
        limit = Limit(name=self.id, count=own, window_s=60) if own else None
        return Caller(
            self.id,
            self.account,
            frozenset(self.scopes),
            limit=limit,
            is_key=True,
            is_test=self.mode == "test",
            maker=self.maker,
            membership=self.membership,
        )


@dataclass(frozen=True, slots=True)
class Given:
    """A key as it comes with a request."""

    mode: str
    id: str
    secret: str

    def __str__(self) -> str:
        return f"lk_{self.mode}_{self.id.removeprefix('key_')}{self.secret}"

    @classmethod
    def parse(cls, text: str) -> "Given | None":
        """What it says, unless it has not the form of a key."""
        found = _FORM.fullmatch(text)
        return cls(found[1], f"key_{found['id']}", found["secret"]) if found else None


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_in(text: str) -> bool:
    """There is something like a key in the text."""
    return _LIKE_A_KEY.search(text) is not None


def unknown(key_id: str) -> NotFound:
    """There is no such key of this account."""
    return NotFound(Text(f"There is no key {key_id}.", f"Tidak ada kunci {key_id}."))
