"""JSON of prices."""

from typing import Literal

from pydantic import AliasChoices, Field

from lumiku.apps.remover.plans import PlanName
from lumiku.apps.remover.prices import MAX_BATCH, Tier
from lumiku.apps.remover.pricing import Intent, PlanValue, Quote
from lumiku.domain.instant import Instant
from lumiku.domain.money.ledger import IDR_PER_CREDIT
from lumiku.domain.money.quotas import Payment
from lumiku.http.bodies import Body, RequestBody


class PriceQuestion(RequestBody):
    """Photos that are sent at once, how they shall be paid, and how many there are a month."""

    tier: Tier
    image_count: int = Field(
        strict=True,
        ge=1,
        le=MAX_BATCH,
        validation_alias=AliasChoices("imageCount", "photos"),
        description="Also taken as `photos`",
        examples=[150],
    )
    payment: Payment = Payment.AUTO
    images_per_month: int | None = Field(
        default=None,
        strict=True,
        ge=0,
        le=1_000_000,
        description="To see what plans would save",
        examples=[600],
    )

    def intent(self) -> Intent:
        """The same, as the use case takes it."""
        return Intent(self.tier, self.image_count, self.payment, self.images_per_month)


class CoveredToday(Body):
    """Whether the caller's plan takes the order, whole or not at all.

    `reason` says why not. `credits` is what the order would take now, 0 on a plan; null if
    `payment: subscription` would be refused.
    """

    covered: bool
    reason: Literal["no_subscription", "tier_not_in_plan", "quota_exceeded"] | None
    plan: PlanName | None
    quota_left: int | None = Field(description="Photos of the tier; null without a usable plan")
    resets_at: Instant
    pricing_type: Literal["credits", "subscription"] | None
    credits: int | None
    balance: int
    affordable: bool


class PlanWorth(Body):
    """A plan against credits, for orders like this one.

    `breakEvenImages` a month cost as much in credits as the plan; null if the plan never takes
    such an order. Saving and return need `imagesPerMonth`; they are null beyond the plan's quota.
    """

    name: PlanName
    monthly_price_idr: int
    includes_tier: bool
    break_even_images: int | None
    monthly_saving_idr: int | None = Field(description="Negative: the plan costs more")
    roi_percent: int | None = Field(description="Saving over the plan's price; 0 at break-even")


class PriceAnswer(Body):
    """What the order costs in credits and rupiah, today on the caller's plan, and on each plan."""

    tier: Tier
    image_count: int
    base_credits_per_image: int
    base_total: int
    discount_percentage: int
    discount_amount: int
    final_total: int
    credits_per_image_after_discount: float = Field(description="Two decimals, for display")
    idr_per_credit: int = IDR_PER_CREDIT
    idr: int
    today: CoveredToday
    plans: list[PlanWorth]


def price_body(quote: Quote) -> PriceAnswer:
    """What POST /pricing/calculate answers."""
    price = quote.price
    return PriceAnswer(
        tier=price.tier,
        image_count=price.photos,
        base_credits_per_image=price.base_per_photo,
        base_total=price.base_total,
        discount_percentage=price.discount_percent,
        discount_amount=price.discount,
        final_total=price.total,
        credits_per_image_after_discount=price.hundredths_per_photo / 100,
        idr=price.idr,
        today=_covered(quote),
        plans=list(map(_worth, quote.plans)),
    )


def _covered(quote: Quote) -> CoveredToday:
    plan = quote.cover.plan
    kind: Literal["credits", "subscription"] | None = None
    if quote.credits is not None:
        kind = "subscription" if plan and quote.credits == 0 else "credits"
    return CoveredToday.model_validate(
        {
            "covered": quote.cover.is_covered,
            "reason": quote.cover.reason,
            "plan": plan.name if plan else None,
            "quota_left": quote.cover.quota_left,
            "resets_at": quote.resets_at,
            "pricing_type": kind,
            "credits": quote.credits,
            "balance": quote.balance,
            "affordable": quote.credits is not None and quote.credits <= quote.balance,
        }
    )


def _worth(value: PlanValue) -> PlanWorth:
    return PlanWorth(
        name=PlanName(value.plan.name),
        monthly_price_idr=value.plan.monthly_idr,
        includes_tier=value.includes_tier,
        break_even_images=value.break_even_photos,
        monthly_saving_idr=value.saving_idr,
        roi_percent=value.roi_percent,
    )
