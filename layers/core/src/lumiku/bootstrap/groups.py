"""Photos that are ordered together."""

from functools import cache

import boto3

from lumiku import settings
from lumiku.adapters.money.wallets import DeskTable
from lumiku.adapters.work.executions import StateMachine
from lumiku.apps.remover.batches import Batches
from lumiku.bootstrap.aws import (
    CONFIG,
    dynamodb,
    groups,
    photo_bucket,
    table,
    transactions,
    waiting,
)
from lumiku.services.clock import utc_now
from lumiku.services.following import Follow
from lumiku.services.work.closing import Closing
from lumiku.services.work.group_sweeping import GroupSweeping
from lumiku.services.work.group_views import BatchDesk
from lumiku.services.work.retrying import BatchRetries


@cache
def batches() -> Batches:
    """Taking batches in."""
    arn = settings.read(settings.StateMachineSettings).BATCH_STATE_MACHINE
    executions = StateMachine(boto3.client("stepfunctions", config=CONFIG), arn)
    desk = DeskTable(dynamodb(), table())
    return Batches(desk, groups(), transactions(), photo_bucket(), executions, utc_now)


@cache
def closing() -> Closing:
    """Ending batches."""
    return Closing(groups(), photo_bucket(), waiting(), transactions(), utc_now)


@cache
def batch_desk() -> BatchDesk:
    """Looking at batches."""
    return BatchDesk(groups(), batches(), closing(), photo_bucket(), utc_now)


@cache
def batch_retries() -> BatchRetries:
    """Trying failed photos again."""
    return BatchRetries(groups(), batches(), photo_bucket(), utc_now)


@cache
def group_sweeping(follow: Follow) -> GroupSweeping:
    """Batches that were left behind."""
    return GroupSweeping(groups(), batches(), closing(), utc_now, follow)
