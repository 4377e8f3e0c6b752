"""Grants: what an account allows an app, until it takes that back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from lumiku.domain.connected.apps import Scope
from lumiku.domain.errors import Busy, Refusal
from lumiku.domain.instant import Instant
from lumiku.domain.texts import Text

MAX_CAP = 1_000_000
_ID = re.compile(r"grant_(?P<account>[0-9A-Za-z-]{1,64})_[0-9a-f]{32}")


class Grant(BaseModel, frozen=True, defer_build=True):
    """What one account allows one app: `scopes`, and `monthly_cap` credits of a UTC month.

    `app_id` is that of the app as it was then. `spent` has what was charged by its orders, by
    month, less what was given back of them.
    """

    id: str
    account: str
    app: str
    app_id: str
    scopes: tuple[Scope, ...]
    monthly_cap: int
    created_at: Instant
    revoked_at: Instant | None = None
    spent: Mapping[str, int] = {}

    def spent_in(self, month: str) -> int:
        """Credits of that UTC month, `2026-01`."""
        return max(0, self.spent.get(month, 0))

    def left(self, month: str) -> int:
        """Credits that the app may still spend in that UTC month."""
        return max(0, self.monthly_cap - self.spent_in(month))


@dataclass(frozen=True, slots=True)
class Spending:
    """Credits of an order that an app placed, counted in the month of the order."""

    account: str
    app: str
    month: str
    credits: int


class NotConnected(Refusal):
    """The account did not connect the app, or does not any more, or not for this."""

    code = "not_connected"

    def __init__(self, app: str, *, scope: str | None = None) -> None:
        told = (
            Text(
                f"No account connected {app} by this grant, or it does not any more.",
                f"Tidak ada akun yang menghubungkan {app} dengan izin ini, atau sudah dicabut.",
            )
            if scope is None
            else Text(
                f"The account did not allow {app} this: '{scope}' is missing.",
                f"Akun tidak mengizinkan {app} melakukan ini: '{scope}' tidak ada.",
            )
        )
        super().__init__(told, app=app, **({} if scope is None else {"scope": scope}))


class CapReached(Refusal):
    """The order would cost more than the app may spend in this month."""

    code = "cap_reached"

    def __init__(self, grant: Grant, *, needed: int, month: str) -> None:
        left = grant.left(month)
        super().__init__(
            Text(
                f"This costs {needed} credits, and {grant.app} may spend {left} more of"
                f" {grant.monthly_cap} in this month.",
                f"Biayanya {needed} kredit, sedangkan {grant.app} boleh memakai {left} lagi dari"
                f" {grant.monthly_cap} pada bulan ini.",
            ),
            app=grant.app,
            needed=needed,
            available=left,
            cap=grant.monthly_cap,
        )


def refusal_of(asked: Spending, read: Grant, found: Grant | None) -> Refusal:
    """Why credits could not be counted against a grant as it was read, given what was found."""
    if found is None or found.id != read.id or found.revoked_at is not None:
        return NotConnected(read.app)
    if found.left(asked.month) < asked.credits:
        return CapReached(found, needed=asked.credits, month=asked.month)
    return Busy()


def account_of(grant_id: str) -> str | None:
    """Whose account the id names; None of what no grant has as id."""
    found = _ID.fullmatch(grant_id)
    return found and found["account"]


def grant_id(account: str, random_hex: str) -> str:
    """The id of a new grant, of 32 random hexadecimal digits."""
    return f"grant_{account}_{random_hex}"
