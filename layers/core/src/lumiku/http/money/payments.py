"""JSON of payments, packages of credits, and what all plans are billed by."""

from typing import Any, Literal

from pydantic import Field

from lumiku.domain.instant import Instant
from lumiku.domain.money.invoices import PACKAGES, Invoice, InvoiceStatus, Purpose
from lumiku.domain.money.subscriptions import Subscription
from lumiku.http.bodies import Body, RequestBody

IDR = "IDR"


class TopUpRequest(RequestBody):
    """The package of credits that is wanted."""

    package: str = Field(max_length=64, examples=["credits-500"])


class PackageBody(Body):
    """Credits that can be bought at once."""

    name: str
    credits: int
    price: int
    currency: str = IDR


class PackageList(Body):
    """What POST /api/credits/topups takes."""

    packages: list[PackageBody]


class PaymentBody(Body):
    """One payment; `checkoutUrl`, relative to the API, while it can still be paid."""

    payment_id: str
    purpose: Purpose
    amount: int
    currency: str = IDR
    credits: int
    plan: str | None
    status: InvoiceStatus
    created_at: Instant
    paid_at: Instant | None
    checkout_url: str | None


class Notification(Body):
    """The gateway's word about a payment; `token` proves that it is the gateway's.

    A gateway says more than is read, so other fields are left alone.
    """

    status: Literal["paid", "failed"]
    token: str = Field(max_length=256)
    amount: int | None = None

    def facts(self) -> dict[str, Any]:
        """What the gateway reads."""
        return self.model_dump(exclude_none=True)


class PlanPricing(Body):
    """What a plan costs a month."""

    monthly_price: int
    currency: str = IDR


class Billing(Body):
    """When money is due."""

    next_billing_date: Instant | None
    subscribed_at: Instant
    period_end: Instant | None
    cancelled_at: Instant | None


def packages_body(idr_per_credit: int) -> PackageList:
    """All packages, at that price of a credit."""
    return PackageList(
        packages=[
            PackageBody(name=name, credits=credits, price=credits * idr_per_credit)
            for name, credits in PACKAGES.items()
        ]
    )


def payment_body(invoice: Invoice, checkout_path: str | None) -> PaymentBody:
    """A payment as its payer sees it."""
    return PaymentBody(
        payment_id=invoice.id,
        purpose=invoice.purpose,
        amount=invoice.amount_idr,
        credits=invoice.credits,
        plan=invoice.plan_name,
        status=invoice.status,
        created_at=invoice.created_at,
        paid_at=invoice.paid_at,
        checkout_url=None if invoice.status is InvoiceStatus.PAID else checkout_path,
    )


def billing_body(subscription: Subscription) -> Billing:
    """When money of a subscription is due."""
    return Billing(
        next_billing_date=subscription.period_end if subscription.auto_renew else None,
        subscribed_at=subscription.subscribed_at,
        period_end=subscription.period_end,
        cancelled_at=subscription.cancelled_at,
    )
