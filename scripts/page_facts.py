"""Write what the page must know before anybody has logged in: prices, plans, limits."""

import json
from typing import Any

from lumiku.apps.remover.plans import PLANS
from lumiku.apps.remover.prices import (
    CREDITS_PER_PHOTO,
    MIN_BATCH,
    VOLUME_DISCOUNTS,
    Tier,
)
from lumiku.apps.studio.carousels import MAX_SLIDES, MIN_SLIDES
from lumiku.apps.studio.exports import MAX_PICTURES
from lumiku.apps.studio.plans import GATES, Gate, Need
from lumiku.apps.studio.uploads import MAX_FILES
from lumiku.apps.studio.workflow import MAX_UPLOAD_BYTES
from lumiku.domain.money.ledger import IDR_PER_CREDIT
from lumiku.domain.work.groups import LARGE_FROM
from lumiku.domain.work.photos import MAX_BATCH_BYTES, MAX_PHOTO_BYTES, REFUSED_FILES
from scripts.template import ROOT

TARGET = ROOT / "web" / "src" / "facts.json"


def facts() -> dict[str, Any]:
    """The same numbers as the domain's, by the names that the API gives them."""
    return {
        "tiers": dict(CREDITS_PER_PHOTO),
        "discounts": [{"from": photos, "percent": off} for photos, off in VOLUME_DISCOUNTS],
        "idrPerCredit": IDR_PER_CREDIT,
        "maxPhotoBytes": MAX_PHOTO_BYTES,
        "maxBatchBytes": MAX_BATCH_BYTES,
        "batch": {"min": MIN_BATCH, "max": LARGE_FROM - 1},
        "studio": {
            "maxPhotoBytes": MAX_UPLOAD_BYTES,
            "maxFiles": MAX_FILES,
            "batch": {plan: gates[Gate.BATCH] for plan, gates in GATES.items()},
            "ownTemplates": [plan for plan in GATES if Need(Gate.OWN_TEMPLATES).is_met(plan)],
            "maxExport": MAX_PICTURES,
            "slides": {"min": MIN_SLIDES, "max": MAX_SLIDES},
        },
        "refusedFiles": sorted(REFUSED_FILES),
        "plans": [
            {
                "name": plan.name,
                "price": plan.monthly_idr,
                "dailyQuota": plan.daily_quota,
                "allowedTiers": [Tier.of(product) for product in plan.products],
                "professionalQuota": plan.product_quotas.get(Tier.PROFESSIONAL.product),
            }
            for plan in PLANS.values()
        ],
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(facts(), indent=2) + "\n", encoding="utf-8")
