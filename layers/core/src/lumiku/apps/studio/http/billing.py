"""JSON of the studio's plans and subscriptions."""

from typing import Literal

from pydantic import Field

from lumiku.apps.studio.plans import (
    GATES,
    IDR_PER_CREDIT,
    PLANS,
    RENDERINGS,
    Allowed,
    Gate,
    StudioPlanName,
)
from lumiku.domain.money.subscriptions import SubscriptionStatus
from lumiku.http.bodies import Body, RequestBody
from lumiku.http.money.payments import Billing, PaymentBody, PlanPricing, billing_body
from lumiku.services.money.subscriptions import Shown


class StudioSubscribeRequest(RequestBody):
    """The plan that is wanted."""

    plan: Literal[StudioPlanName.PROFESSIONAL, StudioPlanName.PREMIUM]


class StudioPlan(Body):
    """What a plan costs, brings and allows.

    In `allows`, a number is the most there may be, a list has what may be chosen, null is anything.
    """

    name: StudioPlanName
    price: int = Field(description="Rupiah a month")
    monthly_credits: int = Field(description="They expire with the period")
    idr_per_credit: int
    allows: dict[Gate, int | list[str] | None]
    quality: str = Field(description="Of background removals")
    marked: bool = Field(description="Results bear the mark of the service")
    free_upscalings: int = Field(description="A month")


class StudioSubscription(Body):
    """The caller's subscription to the studio, if any, and all its plans.

    `payment` is there when something is to be paid: a first month, an upgrade, the next month.
    """

    has_subscription: bool
    plan: StudioPlanName | None = None
    status: SubscriptionStatus | None = None
    pricing: PlanPricing | None = None
    billing: Billing | None = None
    plans: list[StudioPlan]
    payment: PaymentBody | None = None


def studio_subscription_body(shown: Shown, payment: PaymentBody | None) -> StudioSubscription:
    """A subscription as its owner sees it."""
    plans = list(map(_plan, StudioPlanName))
    subscription = shown.subscription
    status = subscription.status(shown.now) if subscription else SubscriptionStatus.EXPIRED
    if subscription is None or status is SubscriptionStatus.EXPIRED:
        return StudioSubscription(has_subscription=False, plans=plans, payment=payment)
    return StudioSubscription(
        has_subscription=status is not SubscriptionStatus.PENDING_PAYMENT,
        plan=StudioPlanName(subscription.plan_name),
        status=status,
        pricing=PlanPricing(monthly_price=subscription.plan.monthly_idr),
        billing=billing_body(subscription),
        plans=plans,
        payment=payment,
    )


def _plan(name: StudioPlanName) -> StudioPlan:
    bought, rendering = PLANS.get(name), RENDERINGS[name]
    return StudioPlan(
        name=name,
        price=bought.monthly_idr if bought else 0,
        monthly_credits=bought.monthly_credits if bought else 0,
        idr_per_credit=IDR_PER_CREDIT[name],
        allows={gate: _allowed(allowed) for gate, allowed in GATES[name].items()},
        quality=rendering.quality,
        marked=rendering.is_marked,
        free_upscalings=rendering.free_upscalings,
    )


def _allowed(allowed: Allowed) -> int | list[str] | None:
    return sorted(allowed) if isinstance(allowed, frozenset) else allowed
