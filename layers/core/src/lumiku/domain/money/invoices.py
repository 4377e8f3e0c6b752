"""Invoices: what somebody was asked to pay in rupiah, and what they get for it."""

from datetime import datetime
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
    """What the gateway told of an invoice. Money that comes late still counts."""

    PENDING = "pending"
    FAILED = "failed"
    PAID = "paid"


PACKAGES = {f"credits-{amount}": amount for amount in (100, 500, 1_000, 5_000, 10_000)}
"""Credits that can be bought at once."""


class Invoice(BaseModel, frozen=True, defer_build=True):
    """One amount asked of one user. `secret` proves a notification about it.

    `granted` credits come with the plan that it is for. `period_end` is that of the period whose
    rest an upgrade was priced for.
    """

    id: str
    user_id: str
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
