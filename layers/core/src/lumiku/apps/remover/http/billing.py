"""JSON of plans, subscriptions and payments."""

from typing import Any, Literal

from pydantic import Field

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import Tier
from lumiku.domain.instant import Instant
from lumiku.domain.money.invoices import PACKAGES, Invoice, InvoiceStatus, Purpose
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Usage, resets_at
from lumiku.domain.money.subscriptions import Subscription, SubscriptionStatus
from lumiku.http.bodies import Body, RequestBody
from lumiku.services.money.subscriptions import Shown

IDR = "IDR"
_PROFESSIONAL = Tier.PROFESSIONAL.product


class SubscribeRequest(RequestBody):
    """The plan that is wanted."""

    plan: PlanName


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
    plan: PlanName | None
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


class Quota(Body):
    """Photos of one UTC day."""

    limit: int
    used: int
    remaining: int


class DailyQuota(Quota):
    """The whole quota, and when it starts again."""

    resets_at: Instant


class Quotas(Body):
    """What the plan gives a day."""

    daily: DailyQuota
    professional_tier: Quota | None


class Billing(Body):
    """When money is due."""

    next_billing_date: Instant | None
    subscribed_at: Instant
    period_end: Instant | None
    cancelled_at: Instant | None


class AvailablePlan(Body):
    """A plan that can be bought."""

    name: PlanName
    price: int
    daily_quota: int
    allowed_tiers: list[Tier]
    professional_quota: int | None = None


class SubscriptionBody(Body):
    """The caller's subscription; without one, the plans there are.

    `payment` is there when something is to be paid: a first month, an upgrade, the next month.
    """

    has_subscription: bool
    plan: PlanName | None = None
    status: SubscriptionStatus | None = None
    pricing: PlanPricing | None = None
    quotas: Quotas | None = None
    allowed_tiers: list[Tier] | None = None
    billing: Billing | None = None
    available_plans: list[AvailablePlan] | None = None
    payment: PaymentBody | None = None


def packages_body() -> PackageList:
    """All packages."""
    return PackageList(
        packages=[
            PackageBody(name=name, credits=package.credits, price=package.idr)
            for name, package in PACKAGES.items()
        ]
    )


def payment_body(invoice: Invoice, checkout_path: str | None) -> PaymentBody:
    """A payment as its payer sees it."""
    return PaymentBody(
        payment_id=invoice.id,
        purpose=invoice.purpose,
        amount=invoice.amount_idr,
        credits=invoice.credits,
        plan=PlanName(invoice.plan_name) if invoice.plan_name else None,
        status=invoice.status,
        created_at=invoice.created_at,
        paid_at=invoice.paid_at,
        checkout_url=None if invoice.status is InvoiceStatus.PAID else checkout_path,
    )


def subscription_body(shown: Shown, payment: PaymentBody | None = None) -> SubscriptionBody:
    """A subscription as its owner sees it."""
    subscription = shown.subscription
    status = subscription.status(shown.now) if subscription else SubscriptionStatus.EXPIRED
    if subscription is None or status is SubscriptionStatus.EXPIRED:
        return SubscriptionBody(
            has_subscription=False,
            available_plans=[_available(plan) for plan in PLANS.values()],
            payment=payment,
        )
    return SubscriptionBody(
        has_subscription=status is not SubscriptionStatus.PENDING_PAYMENT,
        plan=PlanName(subscription.plan_name),
        status=status,
        pricing=PlanPricing(monthly_price=subscription.plan.monthly_idr),
        quotas=_quotas(subscription.plan, shown),
        allowed_tiers=list(map(Tier.of, subscription.plan.products)),
        billing=_billing(subscription),
        payment=payment,
    )


def _available(plan: Plan) -> AvailablePlan:
    return AvailablePlan(
        name=PlanName(plan.name),
        price=plan.monthly_idr,
        daily_quota=plan.daily_quota,
        allowed_tiers=list(map(Tier.of, plan.products)),
        professional_quota=plan.product_quotas.get(_PROFESSIONAL),
    )


def _quotas(plan: Plan, shown: Shown) -> Quotas:
    usage: Usage = shown.usage
    of_professional = plan.product_quotas.get(_PROFESSIONAL)
    used = usage.of(_PROFESSIONAL)
    return Quotas(
        daily=DailyQuota(
            limit=plan.daily_quota,
            used=usage.total,
            remaining=max(0, plan.daily_quota - usage.total),
            resets_at=resets_at(shown.now),
        ),
        professional_tier=None
        if of_professional is None
        else Quota(limit=of_professional, used=used, remaining=usage.left(plan, _PROFESSIONAL)),
    )


def _billing(subscription: Subscription) -> Billing:
    return Billing(
        next_billing_date=subscription.period_end if subscription.auto_renew else None,
        subscribed_at=subscription.subscribed_at,
        period_end=subscription.period_end,
        cancelled_at=subscription.cancelled_at,
    )
