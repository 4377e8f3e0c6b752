"""What the API answers about plans, payments and figures. Money is in whole rupiah."""

from collections.abc import Mapping, Sequence

from pydantic import AwareDatetime

from ._models import Answer


class Package(Answer):
    """Credits that can be bought at once."""

    name: str
    credits: int
    price: int
    currency: str = "IDR"


class Packages(Answer):
    """All packages."""

    packages: Sequence[Package]


class Invoice(Answer):
    """What is to be paid, or was. `checkout_url` is where, while it can be."""

    payment_id: str
    purpose: str
    amount: int
    currency: str = "IDR"
    credits: int = 0
    plan: str | None = None
    status: str
    checkout_url: str | None = None


class Plan(Answer):
    """A plan that can be bought."""

    name: str
    price: int
    daily_quota: int
    allowed_tiers: Sequence[str] = ()
    professional_quota: int | None = None


class Quota(Answer):
    """Photos of one UTC day."""

    limit: int
    used: int
    remaining: int


class Quotas(Answer):
    """What the plan gives a day."""

    daily: Quota
    professional_tier: Quota | None = None


class PlanPricing(Answer):
    """What a plan costs a month."""

    monthly_price: int
    currency: str = "IDR"


class BillingDates(Answer):
    """When money is due."""

    next_billing_date: AwareDatetime | None = None
    period_end: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None


class Subscription(Answer):
    """The account's plan; without one, the plans there are.

    `payment` is there when something is to be paid: a first month, an upgrade, the next month.
    """

    has_subscription: bool
    plan: str | None = None
    status: str | None = None
    pricing: PlanPricing | None = None
    quotas: Quotas | None = None
    allowed_tiers: Sequence[str] | None = None
    billing: BillingDates | None = None
    available_plans: Sequence[Plan] | None = None
    payment: Invoice | None = None


class StudioPlan(Answer):
    """What a plan of the studio costs a month, brings and allows.

    In `allows`, a number is the most there may be, a list has what may be chosen, None is anything.
    """

    name: str
    price: int
    monthly_credits: int
    idr_per_credit: int
    allows: Mapping[str, int | Sequence[str] | None]


class StudioSubscription(Subscription):
    """The account's plan of the studio, and the plans there are."""

    plans: Sequence[StudioPlan] = ()


class Figures(Answer):
    """Photos that were ordered; `success_rate` is in percent, None without any."""

    photos: int
    failed: int
    cancelled: int
    never_sent: int
    credits_used: int
    credits_refunded: int
    quota_used: int
    success_rate: float | None = None


class TierFigures(Figures):
    """Those of one tier."""

    tier: str


class MonthFigures(Figures):
    """Those of one UTC month."""

    month: str
    tiers: Sequence[TierFigures] = ()


class Stats(Answer):
    """Figures of some months; `complete` is false when the oldest entries were left out."""

    total: Figures
    tiers: Sequence[TierFigures] = ()
    months: Sequence[MonthFigures] = ()
    complete: bool = True
