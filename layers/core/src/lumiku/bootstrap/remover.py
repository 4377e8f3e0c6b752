"""Background Remover Pro."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.apps.remover.prices import APP
from lumiku.bootstrap import connected, stores, work
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.apps.remover.integrations import IntegrationOrders
    from lumiku.apps.remover.ordering import BatchOrders, PhotoOrders
    from lumiku.apps.remover.pricing import Pricing
    from lumiku.services.money.overview import Overviews
    from lumiku.services.money.statistics import UsageStatistics
    from lumiku.services.money.subscriptions import Subscriptions


@cache
def photo_orders() -> "PhotoOrders":
    """Taking photos in, one at a time."""
    from lumiku.apps.remover.ordering import PhotoOrders

    return PhotoOrders(work.ordering(), stores.photos(), utc_now)


@cache
def batch_orders() -> "BatchOrders":
    """Taking batches in."""
    from lumiku.apps.remover.ordering import BatchOrders

    return BatchOrders(work.grouping(APP), stores.photos())


@cache
def integrations() -> "IntegrationOrders":
    """Removals for other apps."""
    from lumiku.apps.remover.integrations import IntegrationOrders

    return IntegrationOrders(work.grouping(APP), connected.asking())


@cache
def pricing() -> "Pricing":
    """Prices before anything is ordered."""
    from lumiku.apps.remover.pricing import Pricing

    return Pricing(stores.wallets(), utc_now)


@cache
def statistics() -> "UsageStatistics":
    """What was ordered, and what it cost."""
    from lumiku.services.money.statistics import UsageStatistics

    return UsageStatistics(APP, stores.ledger(), utc_now)


@cache
def overviews() -> "Overviews":
    """Accounts at a glance."""
    from lumiku.services.money.overview import Overviews

    return Overviews(APP, stores.wallets(), statistics(), stores.transactions(), utc_now)


@cache
def subscriptions() -> "Subscriptions":
    """Plans of users."""
    from lumiku.apps.remover.plans import PLANS
    from lumiku.bootstrap import money
    from lumiku.services.money.subscriptions import Subscriptions

    return Subscriptions(
        APP, PLANS, stores.plans(), money.payments(), stores.transactions(), utc_now
    )
