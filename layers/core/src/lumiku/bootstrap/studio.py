"""AI Product Photo Studio."""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from lumiku import settings
from lumiku.apps.studio.prices import APP
from lumiku.bootstrap import hosting, stores, work
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.apps.studio.batches import BatchOrders
    from lumiku.apps.studio.cut_outs import CutOuts
    from lumiku.apps.studio.generations import GenerationOrders
    from lumiku.apps.studio.handovers import Handovers
    from lumiku.apps.studio.imports import Imports
    from lumiku.apps.studio.previews import Previews
    from lumiku.apps.studio.pricing import Pricing
    from lumiku.apps.studio.uploads import UploadOrders
    from lumiku.apps.studio.used import MonthlyUse
    from lumiku.services.money.statistics import UsageStatistics
    from lumiku.services.money.subscriptions import Subscriptions
    from lumiku.services.money.usage import Usages
    from lumiku.services.projects.batches import Batches, BatchFinishing
    from lumiku.services.projects.generations import Finishing
    from lumiku.services.projects.importing import Importing
    from lumiku.services.projects.items import Items
    from lumiku.services.projects.keeping import Keeping
    from lumiku.services.projects.projects import Projects
    from lumiku.services.projects.uploads import Uploads
    from lumiku.services.projects.variations import Variations
    from lumiku.services.work.grouping import Grouping
    from lumiku.services.work.retrying import Retrying


@cache
def projects() -> "Projects":
    """Projects."""
    from lumiku.services.projects.projects import Projects

    return Projects(stores.projects(), stores.variations(), stores.photos(), utc_now)


@cache
def items() -> "Items":
    """What is in projects."""
    from lumiku.services.projects.items import Items

    return Items(stores.projects(), stores.accounts(), stores.paces(), stores.photos(), utc_now)


@cache
def importing() -> "Importing":
    """CSV files about items."""
    from lumiku.services.projects.importing import Importing

    return Importing(items())


@cache
def keeping() -> "Keeping":
    """What becomes of uploads and of what is deleted."""
    from lumiku.services.projects.keeping import Keeping

    return Keeping(
        stores.projects(),
        stores.variations(),
        finishing(),
        batch_finishing(),
        stores.groups(),
        stores.photos(),
        work.closing(),
        utc_now,
    )


@cache
def finishing() -> "Finishing":
    """What becomes of generations."""
    from lumiku.services.projects.generations import Finishing

    return Finishing(
        stores.projects(),
        stores.variations(),
        stores.jobs(),
        stores.photos(),
        stores.transactions(),
        utc_now,
    )


@cache
def batch_finishing() -> "BatchFinishing":
    """What becomes of batches."""
    from lumiku.services.projects.batches import BatchFinishing

    return BatchFinishing(
        stores.projects(),
        stores.variations(),
        finishing(),
        stores.groups(),
        work.closing(),
        utc_now,
    )


@cache
def batch_orders() -> "BatchOrders":
    """Taking batches in."""
    from lumiku.apps.studio.batches import BatchOrders

    return BatchOrders(generation_orders(), grouping(), retrying(), batch_routes())


@cache
def batches() -> "Batches":
    """Looking at batches."""
    from lumiku.services.projects.batches import Batches

    return Batches(batch_finishing(), work.groups(APP), work.pausing())


@cache
def generation_orders() -> "GenerationOrders":
    """Taking generations in."""
    from lumiku.apps.studio.generations import GenerationOrders

    return GenerationOrders(
        work.ordering(),
        items(),
        stores.variations(),
        stores.jobs(),
        stores.lanes(),
        monthly_use(),
        settings.read(settings.ModelSettings).WEIGHTS_PRECISION,
        hosting.dearest(),
    )


@cache
def batch_routes() -> frozenset[str]:
    """By which routes batches ask providers."""
    from lumiku.apps.studio.batches import paid_routes

    return paid_routes(hosting.dearest(), utc_now().date())


@cache
def cut_outs() -> "CutOuts":
    """Cut-outs of items."""
    from lumiku.apps.studio.cut_outs import CutOuts

    return CutOuts(
        stores.variations(),
        finishing(),
        stores.jobs(),
        stores.transactions(),
        stores.lanes(),
        settings.read(settings.ModelSettings).WEIGHTS_PRECISION,
        utc_now,
    )


@cache
def previews() -> "Previews":
    """Previews of items."""
    from lumiku.apps.studio.previews import Previews

    return Previews(items(), stores.wallets(), stores.paces(), cut_outs(), utc_now)


@cache
def variations() -> "Variations":
    """What items became."""
    from lumiku.services.projects.variations import Variations

    return Variations(
        items(),
        stores.variations(),
        finishing(),
        work.jobs(APP),
        work.groups(APP),
        stores.photos(),
        utc_now,
    )


@cache
def monthly_use() -> "MonthlyUse":
    """What accounts used of the studio."""
    from lumiku.apps.studio.used import MonthlyUse

    return MonthlyUse(statistics())


@cache
def grouping() -> "Grouping":
    """Making the studio's groups."""
    return work.grouping(APP)


@cache
def retrying() -> "Retrying":
    """Trying again what failed of the studio's groups."""
    from lumiku.domain.people.limits import STUDIO

    return replace(work.retrying(APP), limit=STUDIO)


@cache
def upload_orders() -> "UploadOrders":
    """Taking uploads in."""
    from lumiku.apps.studio.uploads import UploadOrders

    return UploadOrders(stores.projects(), grouping(), monthly_use())


@cache
def imports() -> "Imports":
    """Importing background removals."""
    from lumiku.apps.remover.prices import APP as REMOVER
    from lumiku.apps.studio.imports import Imports

    removals = work.jobs(REMOVER), work.grouping(REMOVER)
    return Imports(upload_orders(), items(), *removals, utc_now)


@cache
def handovers() -> "Handovers":
    """Pictures for and of other apps."""
    from lumiku.apps.studio.handovers import Handovers
    from lumiku.bootstrap import connected

    return Handovers(
        items(),
        stores.variations(),
        stores.wallets(),
        upload_orders(),
        connected.asking(),
        utc_now,
    )


@cache
def uploads() -> "Uploads":
    """Looking at uploads."""
    from lumiku.services.projects.uploads import Uploads

    return Uploads(stores.projects(), grouping(), keeping(), utc_now)


@cache
def pricing() -> "Pricing":
    """Prices before anything is ordered."""
    from lumiku.apps.studio.pricing import Pricing

    return Pricing(stores.wallets(), monthly_use(), utc_now, hosting.dearest(), batch_routes())


@cache
def statistics() -> "UsageStatistics":
    """What was ordered, and what it cost."""
    from lumiku.services.money.statistics import UsageStatistics

    return UsageStatistics(APP, stores.ledger(), utc_now)


@cache
def usages() -> "Usages":
    """What was used, order by order."""
    from lumiku.services.money.usage import Usages

    return Usages(APP, stores.ledger(), utc_now)


@cache
def subscriptions() -> "Subscriptions":
    """Plans of users."""
    from lumiku.apps.studio.plans import PLANS
    from lumiku.bootstrap import money
    from lumiku.services.money.subscriptions import Subscriptions

    return Subscriptions(
        APP, PLANS, stores.plans(), money.payments(), stores.transactions(), utc_now
    )
