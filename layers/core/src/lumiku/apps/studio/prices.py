"""What the Product Photo Studio costs. Whole credits only; every discount is rounded down once.

A workflow's price is the sum of its features; two or more of them are a bundle. A template is one
feature that holds them all. Batches, exports and uploads have prices of their own. Of the bundle's
and the month's discount the larger counts; they do not add up.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lumiku.domain.errors import InvalidRequest
from lumiku.domain.texts import Text

APP = "product-photo-studio"
BUNDLE_PERCENT = 10
UPLOAD_CREDITS = 2
BATCH_BASE, BATCH_PER_ITEM = 10, 5
MAX_BATCH = 100
EXPORT_CREDITS = {"zip": 5, "multi-format": 10, "multi-platform": 15}

# (credits used in the month from, percent off), the largest first.
MONTHLY_DISCOUNTS = ((5001, 15), (2001, 10), (501, 5), (0, 0))


class OrderKind(StrEnum):
    """What can be ordered; each is a product."""

    UPLOAD = "upload"
    IMPORT = "import"
    PROCESS = "process"
    TEMPLATE = "template"
    BATCH = "batch"
    EXPORT = "export"
    CAROUSEL = "carousel"

    @property
    def product(self) -> str:
        """The same among the products of all apps."""
        return f"studio/{self}"


class Feature(StrEnum):
    """Something that the studio does to one photo."""

    BACKGROUND_REMOVAL = "background-removal"
    SOLID_BACKGROUND = "solid-background"
    TEMPLATE_BACKGROUND = "template-background"
    AI_BACKGROUND = "ai-background"
    AI_COMPLEX_BACKGROUND = "ai-complex-background"
    AUTO_LIGHTING = "auto-lighting"
    LIGHTING = "lighting"
    RELIGHTING = "relighting"
    NATURAL_SHADOW = "natural-shadow"
    DROP_SHADOW = "drop-shadow"
    REFLECTION = "reflection"
    UPSCALE_2X = "upscale-2x"
    UPSCALE_4X = "upscale-4x"
    CAROUSEL = "carousel"
    TEMPLATE = "template"


# A solid background may be a gradient; lighting is a preset or manual. What a provider makes has
# its surcharge in its price, which comes back where our own models made it.
FEATURE_CREDITS = {
    Feature.BACKGROUND_REMOVAL: 5,
    Feature.SOLID_BACKGROUND: 10,
    Feature.TEMPLATE_BACKGROUND: 12,
    Feature.AI_BACKGROUND: 15,
    Feature.AI_COMPLEX_BACKGROUND: 25,
    Feature.AUTO_LIGHTING: 8,
    Feature.LIGHTING: 10,
    Feature.RELIGHTING: 20,
    Feature.NATURAL_SHADOW: 8,
    Feature.DROP_SHADOW: 8,
    Feature.REFLECTION: 10,
    Feature.UPSCALE_2X: 10,
    Feature.UPSCALE_4X: 20,
    Feature.CAROUSEL: 30,
    Feature.TEMPLATE: 15,
}
# Credits that a feature costs for each item of a batch on top of it. In batches providers are asked
# only for what has a surcharge of at least what they cost.
BATCH_SURCHARGES: dict[Feature, int] = {}
IDR_PER_BATCH_CREDIT = 60
"""What a credit brings at least."""

BACKGROUNDS = frozenset(
    {
        Feature.SOLID_BACKGROUND,
        Feature.TEMPLATE_BACKGROUND,
        Feature.AI_BACKGROUND,
        Feature.AI_COMPLEX_BACKGROUND,
    }
)
LIGHTING = frozenset({Feature.AUTO_LIGHTING, Feature.LIGHTING, Feature.RELIGHTING})
SHADOWS = frozenset({Feature.NATURAL_SHADOW, Feature.DROP_SHADOW, Feature.REFLECTION})
TEMPLATES = frozenset({Feature.TEMPLATE, Feature.TEMPLATE_BACKGROUND})
UPSCALING = frozenset({Feature.UPSCALE_2X, Feature.UPSCALE_4X})
ALONE = frozenset({Feature.TEMPLATE, Feature.CAROUSEL})
"""Features that are workflows of their own."""


class Preset(StrEnum):
    """Workflows that are offered by name."""

    STANDARD = "standard"
    PROFESSIONAL = "professional"
    PREMIUM = "premium"


PRESETS = {
    Preset.STANDARD: (
        Feature.BACKGROUND_REMOVAL,
        Feature.SOLID_BACKGROUND,
        Feature.NATURAL_SHADOW,
    ),
    Preset.PROFESSIONAL: (
        Feature.BACKGROUND_REMOVAL,
        Feature.AI_BACKGROUND,
        Feature.LIGHTING,
        Feature.NATURAL_SHADOW,
    ),
    Preset.PREMIUM: (
        Feature.BACKGROUND_REMOVAL,
        Feature.AI_COMPLEX_BACKGROUND,
        Feature.LIGHTING,
        Feature.NATURAL_SHADOW,
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a price: `count` times `credits`."""

    name: str
    credits: int
    count: int = 1


@dataclass(frozen=True, slots=True)
class Price:
    """The sum of `parts`, less the larger of the bundle's and the month's percentage."""

    parts: tuple[Part, ...]
    bundle_percent: int
    month_percent: int

    @property
    def base(self) -> int:
        """Before the discount."""
        return sum(part.credits * part.count for part in self.parts)

    @property
    def discount_percent(self) -> int:
        """The one that counts."""
        return max(self.bundle_percent, self.month_percent)

    @property
    def discount(self) -> int:
        """Credits off, rounded down."""
        return self.base * self.discount_percent // 100

    @property
    def total(self) -> int:
        """Credits to pay."""
        return self.base - self.discount


def parts_of(features: Collection[Feature], template_id: str | None = None) -> dict[str, int]:
    """What an order of these features is counted by; a template's with which one it is."""
    return {
        f"{feature}:{template_id}" if template_id and feature in TEMPLATES else feature: credits
        for feature in features
        for credits in [FEATURE_CREDITS[feature]]
    }


def monthly_discount_percent(credits_this_month: int) -> int:
    """Percent off for an account that has used so many credits this month, net of refunds."""
    if credits_this_month < 0:
        raise ValueError(credits_this_month)
    return next(off for least, off in MONTHLY_DISCOUNTS if credits_this_month >= least)


def workflow_price(
    features: Collection[Feature],
    *,
    included: Collection[Feature] = (),
    credits_this_month: int = 0,
) -> Price:
    """Price of one photo through these features, each once; `InvalidRequest` for no such workflow.

    Templates and carousels stand alone, and of each kind of feature there is one at most. Those
    that are `included` in the plan cost nothing, and make no bundle.
    """
    _check(features)
    parts = [Part(one, 0 if one in included else FEATURE_CREDITS[one]) for one in features]
    is_bundle = sum(part.credits > 0 for part in parts) > 1
    return _price(parts, credits_this_month, BUNDLE_PERCENT if is_bundle else 0)


def order_price(
    features: Collection[Feature],
    items: int,
    *,
    included: Collection[Feature] = (),
    credits_this_month: int = 0,
) -> Price:
    """Price of 1 to 100 items through these features: of one as of a single photo."""
    if not 1 <= items <= MAX_BATCH:
        raise InvalidRequest(
            Text(
                f"{items} items cannot be ordered at once; 1 to {MAX_BATCH} can.",
                f"{items} item tidak dapat dipesan sekaligus; 1 sampai {MAX_BATCH} dapat.",
            ),
            items=items,
            allowed={"min": 1, "max": MAX_BATCH},
        )
    if items == 1:
        return workflow_price(features, included=included, credits_this_month=credits_this_month)
    _check(features)
    return batch_price([features] * items, credits_this_month=credits_this_month)


def batch_price(each: Sequence[Collection[Feature]], *, credits_this_month: int = 0) -> Price:
    """Price of two or more items, each through features of its own."""
    count = Counter(one for features in each for one in features if one in BATCH_SURCHARGES)
    surcharges = [
        Part(f"surcharge:{feature}", BATCH_SURCHARGES[feature], items)
        for feature, items in count.items()
    ]
    return _price(batch_parts(len(each), *surcharges), credits_this_month)


def batch_parts(items: int, *surcharges: Part) -> tuple[Part, ...]:
    """What the price of so many items at once is made of."""
    return Part("batch", BATCH_BASE), Part("item", BATCH_PER_ITEM, items), *surcharges


def export_price(formats: int, platforms: int, *, credits_this_month: int = 0) -> Price:
    """Price of a ZIP in so many formats for so many platforms."""
    if platforms >= 3 or (formats > 1 and platforms):
        name = "multi-platform"
    elif formats > 1 or platforms == 2:
        name = "multi-format"
    else:
        name = "zip"
    return _price([Part(name, EXPORT_CREDITS[name])], credits_this_month)


def upload_price(photos: int, *, month_percent: int = 0) -> Price:
    """Price of keeping so many photos, at the month's percentage."""
    return Price((Part("upload", UPLOAD_CREDITS, photos),), 0, month_percent)


def _price(parts: Sequence[Part], credits_this_month: int, bundle_percent: int = 0) -> Price:
    return Price(tuple(parts), bundle_percent, monthly_discount_percent(credits_this_month))


def _check(features: Collection[Feature]) -> None:
    chosen = set(features)
    if not chosen or len(chosen) < len(features):
        raise InvalidRequest(
            Text(
                "A workflow has at least one feature, and each of them once.",
                "Alur kerja memiliki paling sedikit satu fitur, masing-masing satu kali.",
            )
        )
    if chosen & ALONE and len(chosen) > 1:
        raise InvalidRequest(
            Text(
                "Templates and carousels stand alone: they hold their features already.",
                "Templat dan carousel berdiri sendiri: fiturnya sudah termuat di dalamnya.",
            )
        )
    if any(len(chosen & kind) > 1 for kind in (BACKGROUNDS, LIGHTING, SHADOWS, UPSCALING)):
        raise InvalidRequest(
            Text(
                "A workflow has at most one background, lighting, shadow and upscaling.",
                "Alur kerja memiliki paling banyak satu latar belakang, pencahayaan, bayangan"
                " dan pembesaran.",
            )
        )
