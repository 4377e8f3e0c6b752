"""Plans of both apps that a short test can use up."""

from dataclasses import replace

from lumiku.apps.remover.plans import PLANS, PlanName
from lumiku.apps.remover.prices import Tier
from lumiku.apps.studio.plans import PLANS as STUDIO_PLANS
from lumiku.apps.studio.plans import StudioPlanName as StudioPlan
from lumiku.domain.money.plans import Plan


def small(name: PlanName, quota: int, tiers: tuple[Tier, ...], of_professional: int) -> Plan:
    """A plan whose quota a short test can use up."""
    return Plan(
        name=name,
        monthly_idr=PLANS[name].monthly_idr,
        daily_quota=quota,
        products=tuple(tier.product for tier in tiers),
        product_quotas={Tier.PROFESSIONAL.product: of_professional},
        has_priority=False,
    )


SMALL = {
    PlanName.STARTER: small(PlanName.STARTER, 2, (Tier.BASIC, Tier.STANDARD), 0),
    PlanName.PRO: small(PlanName.PRO, 4, (Tier.BASIC, Tier.STANDARD, Tier.PROFESSIONAL), 1),
}


# So few credits that orders need both pockets.
SMALL_STUDIO = {
    StudioPlan.PROFESSIONAL: replace(STUDIO_PLANS[StudioPlan.PROFESSIONAL], monthly_credits=20),
    StudioPlan.PREMIUM: replace(STUDIO_PLANS[StudioPlan.PREMIUM], monthly_credits=70),
}
NO_PLAN = replace(SMALL[PlanName.STARTER], daily_quota=0)
