"""The stores of rows and objects and the queues, each built once, whoever uses them.

A function pays in its cold start for what it loads, so each is imported when it is asked for.
"""

from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config

from lumiku import settings
from lumiku.bootstrap.aws import (
    CONFIG,
    bucket,
    client,
    credentials,
    photos_host,
    rows,
    sqs,
    state_machines,
)

if TYPE_CHECKING:
    from lumiku.adapters.money.accounts import AccountTable
    from lumiku.adapters.money.ledger import LedgerTable
    from lumiku.adapters.money.plans import PlanTable
    from lumiku.adapters.money.wallets import WalletTable
    from lumiku.adapters.people.brands import BrandTable
    from lumiku.adapters.people.leavers import LeaverTable
    from lumiku.adapters.people.paces import PaceTable
    from lumiku.adapters.projects.projects import ProjectTable
    from lumiku.adapters.projects.templates import TemplateTable
    from lumiku.adapters.projects.variations import VariationTable
    from lumiku.adapters.transactions import TransactionTable
    from lumiku.adapters.work.archives import ArchiveBucket
    from lumiku.adapters.work.executions import StateMachine
    from lumiku.adapters.work.groups import GroupTable
    from lumiku.adapters.work.jobs import JobTable
    from lumiku.adapters.work.photos import PhotoBucket
    from lumiku.adapters.work.queues import FetchQueue, LaneQueues, SettleQueueSqs


@cache
def transactions() -> "TransactionTable":
    """Changes that happen together."""
    from lumiku.adapters.transactions import TransactionTable

    return TransactionTable(rows())


@cache
def accounts() -> "AccountTable":
    """Balances and settings."""
    from lumiku.adapters.money.accounts import AccountTable

    return AccountTable(rows())


@cache
def wallets() -> "WalletTable":
    """What users can pay with."""
    from lumiku.adapters.money.wallets import WalletTable
    from lumiku.bootstrap.apps import CATALOGUE

    return WalletTable(rows(), CATALOGUE)


@cache
def brands() -> "BrandTable":
    """Brands of accounts."""
    from lumiku.adapters.people.brands import BrandTable

    return BrandTable(rows())


@cache
def paces() -> "PaceTable":
    """Places in limits."""
    from lumiku.adapters.people.paces import PaceTable

    return PaceTable(rows())


@cache
def leavers() -> "LeaverTable":
    """Accounts that are being deleted."""
    from lumiku.adapters.people.leavers import LeaverTable

    return LeaverTable(rows())


def is_leaving(user_id: str) -> bool:
    """The account is deleted, or is about to be."""
    return leavers().knows(user_id)


@cache
def archives() -> "ArchiveBucket":
    """Where ZIPs are written."""
    from lumiku.adapters.work import archives as adapter

    config = CONFIG.merge(adapter.CLIENT).merge(Config(read_timeout=60))
    return adapter.ArchiveBucket(client("s3", config), bucket())


@cache
def ledger() -> "LedgerTable":
    """Entries of ledgers."""
    from lumiku.adapters.money.ledger import LedgerTable

    return LedgerTable(rows())


@cache
def plans() -> "PlanTable":
    """Subscriptions and their use."""
    from lumiku.adapters.money.plans import PlanTable
    from lumiku.bootstrap.apps import CATALOGUE

    return PlanTable(rows(), CATALOGUE)


@cache
def projects() -> "ProjectTable":
    """Projects and their items."""
    from lumiku.adapters.projects.projects import ProjectTable

    return ProjectTable(rows())


@cache
def variations() -> "VariationTable":
    """What items became."""
    from lumiku.adapters.projects.variations import VariationTable

    return VariationTable(rows())


@cache
def templates() -> "TemplateTable":
    """Templates that are rows."""
    from lumiku.adapters.projects.templates import TemplateTable

    return TemplateTable(rows())


@cache
def jobs() -> "JobTable":
    """Job rows."""
    from lumiku.adapters.work.jobs import JobTable

    return JobTable(rows())


@cache
def groups() -> "GroupTable":
    """Groups, their jobs and their progress."""
    from lumiku.adapters.work.groups import GroupTable

    return GroupTable(rows())


@cache
def photos() -> "PhotoBucket":
    """Photos, results and weights."""
    from lumiku.adapters.work.photos import PhotoBucket

    # Presigned requests are signed with the old version unless told otherwise.
    config = CONFIG.merge(Config(signature_version="s3v4"))
    return PhotoBucket(client("s3", config), bucket(), credentials, photos_host())


@cache
def executions(arn: str | None = None) -> "StateMachine":
    """Executions that wait for a group; with an `arn`, they can be started too."""
    from lumiku.adapters.work.executions import StateMachine

    return StateMachine(state_machines, arn)


@cache
def settle_queue() -> "SettleQueueSqs":
    """Where failed jobs wait for their refund."""
    from lumiku.adapters.work.queues import SettleQueueSqs

    return SettleQueueSqs(sqs, settings.read(settings.SettleSettings).SETTLE_QUEUE_URL)


@cache
def lanes() -> "LaneQueues":
    """The queues that workers take jobs from."""
    from lumiku.adapters.work.queues import LaneQueues
    from lumiku.domain.work.photos import Lane

    found = settings.read(settings.LaneSettings)
    urls = {
        Lane.SINGLE: found.SINGLE_LANE_URL,
        Lane.PRIORITY: found.PRIORITY_LANE_URL,
        Lane.STANDARD: found.STANDARD_LANE_URL,
    }
    return LaneQueues(sqs, urls)


@cache
def fetches() -> "FetchQueue":
    """Photos that wait to be fetched."""
    from lumiku.adapters.work.queues import FetchQueue

    return FetchQueue(sqs, lambda: settings.read(settings.FetchSettings).FETCH_QUEUE_URL)
