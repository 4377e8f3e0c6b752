"""JSON of payments, packages of credits, and what all plans are billed by."""

from typing import Any, Literal

from pydantic import BaseModel, Field

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
    """One payment; `checkoutUrl`, perhaps relative to the API, while it can still be paid.

    It is null, too, as long as the gateway does not answer: look at the payment again.
    """

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


class GatewayNotification(BaseModel):
    """A gateway's word about an order of its own form, which is our payment's id.

    A gateway says more than is read, so other fields are left alone. What it says is not believed,
    but the gateway asked.
    """

    order_id: str = Field(max_length=128)
    status_code: str = Field(max_length=8)
    gross_amount: str = Field(max_length=32)
    signature_key: str = Field(max_length=256)
    currency: str = Field(IDR, max_length=8)


class RefundRequest(RequestBody):
    """Why a payment is given back."""

    reason: str = Field(min_length=1, max_length=500)


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


def payment_body(invoice: Invoice, checkout_url: str | None) -> PaymentBody:
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
        checkout_url=checkout_url,
    )


def billing_body(subscription: Subscription) -> Billing:
    """When money of a subscription is due."""
    return Billing(
        next_billing_date=subscription.period_end if subscription.auto_renew else None,
        subscribed_at=subscription.subscribed_at,
        period_end=subscription.period_end,
        cancelled_at=subscription.cancelled_at,
    )
