"""What the Product Photo Studio costs. Whole credits only; every discount is rounded down once.

A workflow's price is the sum of its features; two or more of them are a bundle. A template is one
feature that holds them all. Batches, exports and uploads have prices of their own. Of the bundle's
and the month's discount the larger counts; they do not add up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text

STUDIO = "product-photo-studio"
BUNDLE_PERCENT = 10
UPLOAD_CREDITS = 2
BATCH_BASE, BATCH_PER_ITEM = 10, 5
MAX_STUDIO_BATCH = 100

# (credits used in the month from, percent off), the largest first.
MONTHLY_DISCOUNTS = ((5001, 15), (2001, 10), (501, 5), (0, 0))


class Feature(StrEnum):
    """Something that the studio does to one photo."""

    BACKGROUND_REMOVAL = "background-removal"
    SOLID_BACKGROUND = "solid-background"
    TEMPLATE_BACKGROUND = "template-background"
    AI_BACKGROUND = "ai-background"
    AI_COMPLEX_BACKGROUND = "ai-complex-background"
    LIGHTING = "lighting"
    SHADOW = "shadow"
    TEMPLATE = "template"


class Export(StrEnum):
    """A way to take results away."""

    ZIP = "zip"
    MULTI_FORMAT = "multi-format"
    MULTI_PLATFORM = "multi-platform"


FEATURE_CREDITS = {
    Feature.BACKGROUND_REMOVAL: 5,
    Feature.SOLID_BACKGROUND: 10,
    Feature.TEMPLATE_BACKGROUND: 12,
    Feature.AI_BACKGROUND: 15,
    Feature.AI_COMPLEX_BACKGROUND: 25,
    Feature.LIGHTING: 10,
    Feature.SHADOW: 8,
    Feature.TEMPLATE: 15,
}
EXPORT_CREDITS = {Export.ZIP: 5, Export.MULTI_FORMAT: 10, Export.MULTI_PLATFORM: 15}
BACKGROUNDS = frozenset(
    {
        Feature.SOLID_BACKGROUND,
        Feature.TEMPLATE_BACKGROUND,
        Feature.AI_BACKGROUND,
        Feature.AI_COMPLEX_BACKGROUND,
    }
)


@dataclass(frozen=True, slots=True)
class StudioPlan:
    """Credits that come with a month, and what a further one costs."""

    name: str
    idr_per_credit: int
    monthly_credits: int
    monthly_idr: int


STUDIO_PLANS = (
    StudioPlan("free", idr_per_credit=200, monthly_credits=50, monthly_idr=0),
    StudioPlan("payg", idr_per_credit=100, monthly_credits=0, monthly_idr=0),
    StudioPlan("professional", idr_per_credit=80, monthly_credits=500, monthly_idr=40_000),
    StudioPlan("premium", idr_per_credit=60, monthly_credits=2000, monthly_idr=120_000),
)


@dataclass(frozen=True, slots=True)
class StudioPrice:
    """A price of the studio: `base` less the larger of the discounts that apply."""

    base: int
    discount_percent: int
    discount: int

    @property
    def total(self) -> int:
        """Credits to pay."""
        return self.base - self.discount


def monthly_discount_percent(credits_this_month: int) -> int:
    """Percent off for an account that has used so many credits this month."""
    if credits_this_month < 0:
        raise ValueError(credits_this_month)
    return next(off for least, off in MONTHLY_DISCOUNTS if credits_this_month >= least)


def workflow_price(features: Collection[Feature], *, credits_this_month: int = 0) -> StudioPrice:
    """Price of one photo through these features, each once; `InvalidRequest` for no such workflow.

    A template holds its features already and stands alone; one background at most.
    """
    chosen = set(features)
    if not chosen or len(chosen) < len(features):
        raise InvalidRequest(
            Text(
                "A workflow has at least one feature, and each of them once.",
                "Alur kerja memiliki paling sedikit satu fitur, masing-masing satu kali.",
            )
        )
    if Feature.TEMPLATE in chosen and len(chosen) > 1:
        raise InvalidRequest(
            Text("A template holds its features already.", "Templat sudah memuat fiturnya.")
        )
    if len(chosen & BACKGROUNDS) > 1:
        raise InvalidRequest(
            Text(
                "A workflow has one background at most.",
                "Alur kerja memiliki paling banyak satu latar belakang.",
            )
        )
    base = sum(FEATURE_CREDITS[feature] for feature in chosen)
    return _discounted(base, BUNDLE_PERCENT if len(chosen) > 1 else 0, credits_this_month)


def batch_price(items: int, *, credits_this_month: int = 0) -> StudioPrice:
    """Price of a batch of 1 to 100 items, uploads and export aside."""
    if not 1 <= items <= MAX_STUDIO_BATCH:
        raise InvalidRequest(
            Text(
                f"{items} items cannot be ordered at once; 1 to {MAX_STUDIO_BATCH} can.",
                f"{items} item tidak dapat dipesan sekaligus; 1 sampai {MAX_STUDIO_BATCH} dapat.",
            ),
            items=items,
            allowed={"min": 1, "max": MAX_STUDIO_BATCH},
        )
    return _discounted(BATCH_BASE + BATCH_PER_ITEM * items, 0, credits_this_month)


def export_price(export: Export, *, credits_this_month: int = 0) -> StudioPrice:
    """Price of one export."""
    return _discounted(EXPORT_CREDITS[export], 0, credits_this_month)


def upload_price(photos: int, *, credits_this_month: int = 0) -> StudioPrice:
    """Price of keeping so many photos."""
    if photos < 1:
        raise InvalidRequest(
            Text("At least one photo is uploaded.", "Paling sedikit satu foto diunggah."),
            photos=photos,
        )
    return _discounted(UPLOAD_CREDITS * photos, 0, credits_this_month)


def _discounted(base: int, percent: int, credits_this_month: int) -> StudioPrice:
    percent = max(percent, monthly_discount_percent(credits_this_month))
    return StudioPrice(base, percent, base * percent // 100)
