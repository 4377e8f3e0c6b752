"""What the platform is told of the apps that are sold on it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lumiku.apps.remover import prices as remover
from lumiku.apps.remover.plans import PLANS
from lumiku.apps.studio import plans as studio_plans
from lumiku.apps.studio import prices as studio
from lumiku.apps.studio import worth as studio_worth
from lumiku.bootstrap import stores
from lumiku.domain.money.plans import Catalogue
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.settling import Verdict, Worth

if TYPE_CHECKING:
    from lumiku.domain.work.archives import Part
    from lumiku.services.work.archiving import Contents

CATALOGUE: Catalogue = {remover.APP: PLANS, studio.APP: studio_plans.PLANS}
WORTH: dict[str, Worth] = {remover.APP: remover.worth, studio.APP: studio_worth.worth}


def worth(group: Group, received: int) -> int:
    """What so many received photos of a group cost, by the prices of its app."""
    return WORTH[group.app](group, received)


def pack(group: Group, jobs: Sequence[Job], verdict: Verdict, part: "Part") -> "Contents":
    """What is in a ZIP of a group; an export has one alone."""
    from lumiku.services.projects import exporting
    from lumiku.services.work.archiving import results

    if group.product == studio.OrderKind.EXPORT.product:
        return exporting.contents(group, jobs, verdict, stores.photos())
    return results(group, jobs, verdict, part)
