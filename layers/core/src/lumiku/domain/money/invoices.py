"""Invoices: what somebody was asked to pay in rupiah, and what they get for it."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel

from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import IDR_PER_CREDIT, Entry, EntryKind


class Purpose(StrEnum):
    """What an invoice pays for."""

    TOPUP = "topup"
    SUBSCRIPTION = "subscription"
    UPGRADE = "upgrade"


class InvoiceStatus(StrEnum):
    """What the gateway told of an invoice. Money that comes late still counts.

    `failed` can be tried again at the same place; `expired` and `refunded` cannot.
    """

    PENDING = "pending"
    FAILED = "failed"
    EXPIRED = "expired"
    PAID = "paid"
    REFUNDED = "refunded"


CHECKOUT_TIME = timedelta(days=7)
"""How long an invoice can be paid: longer than a renewal's invoice and its grace period."""
FIRST_LOOK = timedelta(minutes=30)
LAST_LOOK = CHECKOUT_TIME + timedelta(days=7)
"""From when and until when the gateway is asked what became of an invoice."""


PACKAGES = {f"credits-{amount}": amount for amount in (100, 500, 1_000, 5_000, 10_000)}
"""Credits that can be bought at once."""


class Invoice(BaseModel, frozen=True, defer_build=True):
    """One amount asked of one user. `secret` proves a notification about it.

    `granted` credits come with the plan that it is for. `period_end` is that of the period whose
    rest an upgrade was priced for. `actor` is the member or the key that asked for it, None: the
    user, or the service. `checkout_url` is where a person pays, once the gateway said so.
    """

    id: str
    user_id: str
    actor: str | None = None
    purpose: Purpose
    amount_idr: int
    credits: int = 0
    granted: int = 0
    app: str | None = None
    plan_name: str | None = None
    period_end: Instant | None = None
    status: InvoiceStatus = InvoiceStatus.PENDING
    created_at: Instant
    paid_at: Instant | None = None
    secret: str
    checkout_url: str | None = None

    @property
    def can_be_paid(self) -> bool:
        """Its checkout is open."""
        return self.status in {InvoiceStatus.PENDING, InvoiceStatus.FAILED}

    def becomes(self, status: InvoiceStatus) -> bool:
        """The gateway's word changes it: what was paid is only ever refunded, for good."""
        if self.status is InvoiceStatus.REFUNDED:
            return False
        if self.status is InvoiceStatus.PAID:
            return status is InvoiceStatus.REFUNDED
        return status is not self.status

    def next_look(self, now: datetime) -> datetime | None:
        """When to ask the gateway again, the older the rarer; None when it is too old."""
        age = now - self.created_at
        return now + max(FIRST_LOOK, age) if age < LAST_LOOK else None

    def credit_entry(self, at: datetime) -> Entry:
        """The ledger's entry for bought credits.

        A plan or an upgrade that was paid for when it cannot be had any more becomes credits at the
        price of a credit: no payment is lost and no running plan is replaced.
        """
        return Entry(
            user_id=self.user_id,
            kind=EntryKind.TOPUP,
            amount=self.credits or self.amount_idr // IDR_PER_CREDIT,
            reference=self.id,
            at=at,
        )
