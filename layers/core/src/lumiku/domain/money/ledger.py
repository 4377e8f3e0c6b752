"""The credit ledger: append-only entries whose sum is the balance.

An entry's id is derived from what it is for, so that a repeated posting finds itself. Jobs that a
subscription pays for have entries of 0 credits: the ledger is also the record of what was used.
"""

from datetime import datetime
from enum import StrEnum

from lumiku.domain.instant import Instant, iso
from lumiku.domain.money.pockets import Lots
from lumiku.domain.money.products import Parts, Product, ProductRow

FREE_CREDITS_A_MONTH = 50
IDR_PER_CREDIT = 100


class EntryKind(StrEnum):
    """Why a balance moved."""

    CHARGE = "charge"
    REFUND = "refund"
    GRANT = "grant"
    MONTHLY = "monthly"
    TOPUP = "topup"
    PLAN = "plan"
    EXPIRY = "expiry"
    REVERSAL = "reversal"


class Entry(ProductRow):
    """One movement of `amount` whole credits: negative leaves the account, positive enters it.

    Charges and refunds say how many `photos` of which product of which app, what the price is made
    of where it has `parts`, and whether a plan paid. Of a refund's photos some were `cancelled` or
    `never_sent`, and the others failed: all of them in entries of before these were counted.
    `granted` is what of the amount is of granted credits, by the moment at which they expire.
    `note` is what a person gave as the reason.
    """

    user_id: str
    kind: EntryKind
    amount: int
    granted: Lots | None = None
    reference: str
    at: Instant
    app: str | None = None
    product: Product | None = None
    parts: Parts | None = None
    photos: int = 0
    cancelled: int = 0
    never_sent: int = 0
    on_plan: bool = False
    note: str | None = None

    @property
    def bought(self) -> int:
        """What of the amount is of bought credits."""
        return self.amount - sum((self.granted or {}).values())

    @property
    def id(self) -> str:
        """Unique within the user's ledger; the same movement always has the same id."""
        return f"{self.kind}#{self.reference}"

    @property
    def place(self) -> str:
        """Where the entry stands in the user's ledger: text order is time order.

        Within a millisecond what comes in is before what goes out, as it was posted: the month's
        free credits, then the charge that they pay for.
        """
        return f"{iso(self.at)}#{'in' if self.amount > 0 else 'out'}#{self.id}"


def month(at: datetime) -> str:
    """The UTC month, `2026-01`."""
    return f"{at:%Y-%m}"


def free_credits_due(free_month: str | None, now: datetime) -> int:
    """Free credits that an account has not had yet; `free_month` is the last month that gave.

    A month that a later one has overtaken gives none.
    """
    return FREE_CREDITS_A_MONTH if (free_month or "") < month(now) else 0


def monthly_grant(user_id: str, at: datetime) -> Entry:
    """The month's free credits; its id makes them come once."""
    return Entry(
        user_id=user_id,
        kind=EntryKind.MONTHLY,
        amount=FREE_CREDITS_A_MONTH,
        reference=month(at),
        at=at,
    )


def grant(user_id: str, credits: int, reference: str, at: datetime, note: str | None) -> Entry:
    """Credits that nobody paid for, with the reason."""
    return Entry(
        user_id=user_id,
        kind=EntryKind.GRANT,
        amount=credits,
        reference=reference,
        at=at,
        note=note,
    )


def plan_credits(
    user_id: str, credits: int, until: datetime, invoice_id: str, at: datetime
) -> Entry:
    """Credits that come with a period of a plan and expire with it."""
    return Entry(
        user_id=user_id,
        kind=EntryKind.PLAN,
        amount=credits,
        granted={iso(until): credits},
        reference=invoice_id,
        at=at,
    )


def reversal(given: Entry, held: Lots, bought: int, at: datetime) -> Entry:
    """Credits whose payment went back leave the account, as far as its pockets hold them."""
    lots = {
        until: -min(credits, held.get(until, 0)) for until, credits in (given.granted or {}).items()
    }
    taken = {until: credits for until, credits in lots.items() if credits}
    return Entry(
        user_id=given.user_id,
        kind=EntryKind.REVERSAL,
        amount=sum(taken.values()) - min(given.bought, bought),
        granted=taken or None,
        reference=f"{given.kind}/{given.reference}",
        at=at,
    )


def expiry(user_id: str, lots: Lots, at: datetime) -> Entry:
    """What is left of lots that have expired leaves the account."""
    return Entry(
        user_id=user_id,
        kind=EntryKind.EXPIRY,
        amount=-sum(lots.values()),
        granted={until: -credits for until, credits in lots.items()},
        reference=iso(at),
        at=at,
    )
