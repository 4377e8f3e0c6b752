"""Plans of the studio, as data: what a month costs and brings, and what each plan allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lumiku.apps.studio.prices import Feature
from lumiku.domain.money.plans import Plan, Plans
from lumiku.domain.money.refusals import NotInPlan
from lumiku.domain.money.wallets import Wallet
from lumiku.domain.texts import Text


class StudioPlanName(StrEnum):
    """What an account may be on, the least first; the last two are bought by the month."""

    FREE = "free"
    PAYG = "payg"
    PROFESSIONAL = "professional"
    PREMIUM = "premium"


PLANS: Plans = {
    StudioPlanName.PROFESSIONAL: Plan(
        name=StudioPlanName.PROFESSIONAL,
        monthly_idr=40_000,
        monthly_credits=500,
        idr_per_credit=80,
        has_priority=True,
    ),
    StudioPlanName.PREMIUM: Plan(
        name=StudioPlanName.PREMIUM,
        monthly_idr=120_000,
        monthly_credits=2_000,
        idr_per_credit=60,
        has_priority=True,
    ),
}
IDR_PER_CREDIT = {StudioPlanName.FREE: 200, StudioPlanName.PAYG: 100} | {
    StudioPlanName(name): plan.idr_per_credit for name, plan in PLANS.items()
}
"""What a credit is worth on a plan. The first top-up, which ends `free`, is at the next one's."""


class Gate(StrEnum):
    """Something that plans allow by choice or up to a limit."""

    FEATURE = "feature"
    REMOVAL_SIDE_PX = "removal_side_px"
    TEMPLATE = "template"
    OWN_TEMPLATES = "own_templates"
    BATCH = "batch"
    FORMAT = "format"
    ZIP_FORMATS = "zip_formats"
    CUSTOM_SIZE = "custom_size"
    PLATFORMS = "platforms"
    OWN_MARK = "own_mark"
    OWN_BRAND = "own_brand"
    HANDOVER = "handover"


type Allowed = int | frozenset[str] | None
"""At most so much, one of these, or (None) anything."""

NOTHING: frozenset[str] = frozenset()
ONE = frozenset({"yes"})
_BASIC = {Feature.BACKGROUND_REMOVAL, Feature.DROP_SHADOW, Feature.TEMPLATE}
_PAYG = _BASIC | {
    Feature.SOLID_BACKGROUND,
    Feature.TEMPLATE_BACKGROUND,
    Feature.AUTO_LIGHTING,
    Feature.NATURAL_SHADOW,
    Feature.CAROUSEL,
}
_PROFESSIONAL = _PAYG | {
    Feature.AI_BACKGROUND,
    Feature.LIGHTING,
    Feature.RELIGHTING,
    Feature.REFLECTION,
}
_PREMIUM = _PROFESSIONAL | {
    Feature.AI_COMPLEX_BACKGROUND,
    Feature.UPSCALE_2X,
    Feature.UPSCALE_4X,
}

# A template is known by its place in the list of templates, from 1. A ZIP has so many formats for
# so many platforms; a single download is no ZIP.
GATES: dict[StudioPlanName, dict[Gate, Allowed]] = {
    StudioPlanName.FREE: {
        Gate.FEATURE: frozenset(_BASIC),
        Gate.REMOVAL_SIDE_PX: 1024,
        Gate.TEMPLATE: 10,
        Gate.OWN_TEMPLATES: NOTHING,
        Gate.BATCH: 1,
        Gate.FORMAT: frozenset({"png"}),
        Gate.ZIP_FORMATS: 0,
        Gate.CUSTOM_SIZE: NOTHING,
        Gate.PLATFORMS: 0,
        Gate.OWN_MARK: NOTHING,
        Gate.OWN_BRAND: NOTHING,
        Gate.HANDOVER: NOTHING,
    },
    StudioPlanName.PAYG: {
        Gate.FEATURE: frozenset(_PAYG),
        Gate.REMOVAL_SIDE_PX: 4096,
        Gate.TEMPLATE: 30,
        Gate.OWN_TEMPLATES: NOTHING,
        Gate.BATCH: 20,
        Gate.FORMAT: frozenset({"png", "jpeg"}),
        Gate.ZIP_FORMATS: 1,
        Gate.CUSTOM_SIZE: NOTHING,
        Gate.PLATFORMS: 1,
        Gate.OWN_MARK: NOTHING,
        Gate.OWN_BRAND: NOTHING,
        Gate.HANDOVER: frozenset({"manual"}),
    },
    StudioPlanName.PROFESSIONAL: {
        Gate.FEATURE: frozenset(_PROFESSIONAL),
        Gate.REMOVAL_SIDE_PX: 4096,
        Gate.TEMPLATE: 50,
        Gate.OWN_TEMPLATES: NOTHING,
        Gate.BATCH: 50,
        Gate.FORMAT: frozenset({"png", "jpeg", "webp"}),
        Gate.ZIP_FORMATS: None,
        Gate.CUSTOM_SIZE: NOTHING,
        Gate.PLATFORMS: 3,
        Gate.OWN_MARK: NOTHING,
        Gate.OWN_BRAND: NOTHING,
        Gate.HANDOVER: frozenset({"manual", "one-click"}),
    },
    StudioPlanName.PREMIUM: {
        Gate.FEATURE: frozenset(_PREMIUM),
        Gate.REMOVAL_SIDE_PX: None,
        Gate.TEMPLATE: None,
        Gate.OWN_TEMPLATES: ONE,
        Gate.BATCH: 100,
        Gate.FORMAT: None,
        Gate.ZIP_FORMATS: None,
        Gate.CUSTOM_SIZE: ONE,
        Gate.PLATFORMS: None,
        Gate.OWN_MARK: ONE,
        Gate.OWN_BRAND: ONE,
        Gate.HANDOVER: None,
    },
}


@dataclass(frozen=True, slots=True)
class Rendering:
    """How the studio renders for a plan: quality of removals, whether Lumiku's mark is burned in,
    upscalings a month that cost nothing.
    """

    quality: str
    is_marked: bool = False
    free_upscalings: int = 0


RENDERINGS = {
    StudioPlanName.FREE: Rendering("basic", is_marked=True),
    StudioPlanName.PAYG: Rendering("standard"),
    StudioPlanName.PROFESSIONAL: Rendering("standard"),
    StudioPlanName.PREMIUM: Rendering("professional", free_upscalings=100),
}

_FEATURES = {
    Feature.BACKGROUND_REMOVAL: Text("background removal", "penghapusan latar"),
    Feature.SOLID_BACKGROUND: Text("plain and gradient backgrounds", "latar polos dan gradasi"),
    Feature.TEMPLATE_BACKGROUND: Text("template backgrounds", "latar templat"),
    Feature.AI_BACKGROUND: Text("simple generated backgrounds", "latar buatan AI sederhana"),
    Feature.AI_COMPLEX_BACKGROUND: Text(
        "complex generated backgrounds", "latar buatan AI kompleks"
    ),
    Feature.AUTO_LIGHTING: Text("automatic lighting", "pencahayaan otomatis"),
    Feature.LIGHTING: Text("lighting presets and manual lighting", "pencahayaan preset dan manual"),
    Feature.RELIGHTING: Text("relighting by AI", "pencahayaan ulang dengan AI"),
    Feature.NATURAL_SHADOW: Text("the natural shadow", "bayangan alami"),
    Feature.DROP_SHADOW: Text("the drop shadow", "bayangan jatuh"),
    Feature.REFLECTION: Text("the reflection", "bayangan pantulan"),
    Feature.UPSCALE_2X: Text("2x upscaling", "pembesaran 2x"),
    Feature.UPSCALE_4X: Text("4x upscaling", "pembesaran 4x"),
    Feature.CAROUSEL: Text("carousels", "carousel"),
    Feature.TEMPLATE: Text("templates", "templat"),
}
_WORDS = {
    Gate.REMOVAL_SIDE_PX: ("photos of {} px", "foto {} px"),
    Gate.TEMPLATE: ("the template {}", "templat {}"),
    Gate.OWN_TEMPLATES: ("own templates", "templat sendiri"),
    Gate.BATCH: ("batches of {} items", "batch berisi {} item"),
    Gate.FORMAT: ("the format {}", "format {}"),
    Gate.ZIP_FORMATS: ("ZIP exports (formats: {})", "ekspor ZIP (format: {})"),
    Gate.CUSTOM_SIZE: ("custom sizes", "ukuran khusus"),
    Gate.PLATFORMS: ("exports for platforms ({})", "ekspor untuk platform ({})"),
    Gate.OWN_MARK: ("an own watermark", "tanda air sendiri"),
    Gate.OWN_BRAND: ("an own brand", "merek sendiri"),
    Gate.HANDOVER: ("handing over ({})", "pengiriman ke aplikasi lain ({})"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """What a request needs of a gate: so much of a limit, or one of its choices.

    `named` is what people call that, where it is not the limit's number.
    """

    gate: Gate
    wanted: int | str = "yes"
    named: Text | None = None

    @property
    def text(self) -> Text:
        """For people."""
        if self.gate is Gate.FEATURE:
            return _FEATURES[Feature(str(self.wanted))]
        en, id_ = _WORDS[self.gate]
        named = self.named or Text(str(self.wanted), str(self.wanted))
        return Text(en.format(named.en), id_.format(named.id))

    def is_met(self, plan: StudioPlanName) -> bool:
        """The plan allows it."""
        allowed = GATES[plan][self.gate]
        if isinstance(allowed, int):
            return int(self.wanted) <= allowed
        return allowed is None or self.wanted in allowed


def plan_of(wallet: Wallet, now: datetime) -> StudioPlanName:
    """The plan of whoever has that wallet."""
    if wallet.subscription is not None and wallet.subscription.is_usable(now):
        return StudioPlanName(wallet.subscription.plan_name)
    return StudioPlanName.PAYG if wallet.account.topped_up else StudioPlanName.FREE


def missing(plan: StudioPlanName, needs: Iterable[Need]) -> NotInPlan | None:
    """The refusal of what `plan` lacks of the needs, all at once; None if it lacks nothing."""
    asked = list(needs)
    lacking = [need.text for need in asked if not need.is_met(plan)]
    if not lacking:
        return None
    better = (other for other in StudioPlanName if all(need.is_met(other) for need in asked))
    return NotInPlan(plan=plan, missing=lacking, available_in=next(better, None))
