"""Photos that are ordered together."""

from functools import cache

import boto3

from lumiku import settings
from lumiku.adapters.desk import DeskTable
from lumiku.adapters.executions import StateMachine
from lumiku.bootstrap.aws import (
    CONFIG,
    dynamodb,
    groups,
    photo_bucket,
    table,
    transactions,
    waiting,
)
from lumiku.services.batch_retries import BatchRetries
from lumiku.services.batch_views import BatchDesk
from lumiku.services.batches import Batches
from lumiku.services.clock import utc_now
from lumiku.services.closing import Closing
from lumiku.services.following import Follow
from lumiku.services.group_sweeping import GroupSweeping


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
