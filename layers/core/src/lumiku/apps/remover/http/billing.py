"""JSON of the remover's plans and subscriptions."""

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import Tier
from lumiku.domain.instant import Instant
from lumiku.domain.money.plans import Plan
from lumiku.domain.money.quotas import Usage, resets_at
from lumiku.domain.money.subscriptions import SubscriptionStatus
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.money.payments import Billing, PaymentBody, PlanPricing, billing_body
from lumiku.services.money.subscriptions import Shown

_PROFESSIONAL = Tier.PROFESSIONAL.product


class SubscribeRequest(RequestBody):
    """The plan that is wanted."""

    plan: PlanName


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
        billing=billing_body(subscription),
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
