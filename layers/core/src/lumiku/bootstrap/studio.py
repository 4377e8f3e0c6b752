"""Product Photo Studio."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.apps.studio.prices import APP
from lumiku.bootstrap import stores
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.apps.studio.pricing import Pricing
    from lumiku.services.money.subscriptions import Subscriptions


@cache
def pricing() -> "Pricing":
    """Prices before anything is ordered."""
    from lumiku.apps.studio.pricing import Pricing
    from lumiku.services.money.statistics import UsageStatistics

    return Pricing(stores.wallets(), UsageStatistics(APP, stores.ledger(), utc_now), utc_now)


@cache
def subscriptions() -> "Subscriptions":
    """Plans of users."""
    from lumiku.apps.studio.plans import PLANS
    from lumiku.bootstrap import money
    from lumiku.services.money.subscriptions import Subscriptions

    return Subscriptions(
        APP, PLANS, stores.plans(), money.payments(), stores.transactions(), utc_now
    )
