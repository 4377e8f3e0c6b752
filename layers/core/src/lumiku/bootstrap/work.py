"""From an upload to its result: what workers, the state machine and the sweeper do."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.services.work.archiving import Archiving
    from lumiku.services.work.attempts import Develop
    from lumiku.services.work.closing import Closing
    from lumiku.services.work.fetching import Fetching
    from lumiku.services.work.grouping import Grouping
    from lumiku.services.work.groups import Groups
    from lumiku.services.work.jobs import Jobs
    from lumiku.services.work.ordering import Ordering
    from lumiku.services.work.pausing import Pausing
    from lumiku.services.work.processing import Processing
    from lumiku.services.work.retrying import Retrying
    from lumiku.services.work.settlement import Settlement
    from lumiku.services.work.sweeping import GroupSweeping, Sweeping


@cache
def ordering() -> "Ordering":
    """Taking orders in."""
    from lumiku.services.work.ordering import Ordering

    return Ordering(stores.wallets(), stores.paces(), stores.transactions(), utc_now)


@cache
def jobs(app: str) -> "Jobs":
    """Looking at jobs of an app."""
    from lumiku.services.work.jobs import Jobs

    return Jobs(stores.jobs(), stores.groups(), stores.photos(), utc_now, app=app)


@cache
def grouping(app: str | None = None) -> "Grouping":
    """Making groups; with `app`, only its are found."""
    from lumiku.services.work.grouping import Grouping

    arn = settings.read(settings.StateMachineSettings).BATCH_STATE_MACHINE
    return Grouping(
        ordering(),
        stores.groups(),
        stores.photos(),
        stores.executions(arn),
        stores.lanes(),
        stores.fetches(),
        utc_now,
        app,
    )


@cache
def closing() -> "Closing":
    """Ending groups."""
    from lumiku.bootstrap.apps import worth
    from lumiku.services.work.closing import Closing

    return Closing(
        stores.groups(),
        stores.photos(),
        stores.executions(),
        stores.transactions(),
        worth,
        utc_now,
    )


@cache
def groups(app: str) -> "Groups":
    """Looking at groups of an app."""
    from lumiku.services.work.groups import Groups

    return Groups(stores.groups(), grouping(app), closing(), stores.photos(), utc_now)


@cache
def retrying(app: str) -> "Retrying":
    """Trying failed photos of an app again."""
    from lumiku.bootstrap.apps import worth
    from lumiku.services.work.retrying import Retrying

    return Retrying(stores.groups(), grouping(app), worth, utc_now)


@cache
def fetching() -> "Fetching":
    """Photos from addresses of others."""
    from lumiku.adapters.work.fetching import HttpFetcher
    from lumiku.bootstrap.aws import reach
    from lumiku.services.work.fetching import Fetching

    return Fetching(
        stores.jobs(),
        stores.photos(),
        stores.settle_queue(),
        stores.groups(),
        stores.executions(),
        HttpFetcher(reach()),
        utc_now,
    )


@cache
def pausing() -> "Pausing":
    """Pausing groups."""
    from lumiku.services.work.pausing import Pausing

    return Pausing(grouping(), closing(), utc_now)


@cache
def archiving() -> "Archiving":
    """Making ZIPs."""
    from lumiku.bootstrap.apps import pack, worth
    from lumiku.services.work.archiving import Archiving

    return Archiving(stores.groups(), stores.archives(), worth, pack)


@cache
def processing(develop: "Develop") -> "Processing":
    """Putting photos through their workflows; `develop` comes from the imaging side."""
    from lumiku.services.work.processing import Processing

    return Processing(
        stores.jobs(),
        stores.photos(),
        stores.settle_queue(),
        stores.groups(),
        stores.executions(),
        develop,
        utc_now,
    )


@cache
def settlement() -> "Settlement":
    """Refunds of failed jobs."""
    from lumiku.services.work.settlement import Settlement

    return Settlement(
        stores.jobs(), stores.groups(), stores.executions(), stores.transactions(), utc_now
    )


@cache
def sweeping() -> "Sweeping":
    """Jobs that were left behind."""
    from lumiku.services.work.sweeping import Sweeping

    return Sweeping(
        stores.jobs(),
        stores.photos(),
        stores.settle_queue(),
        stores.lanes(),
        stores.transactions(),
        utc_now,
    )


@cache
def group_sweeping() -> "GroupSweeping":
    """Groups that were left behind."""
    from lumiku.services.work.sweeping import GroupSweeping

    return GroupSweeping(stores.groups(), grouping(), closing(), pausing(), utc_now)
