"""Clients and stores that several parts use."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from lumiku import settings
from lumiku.adapters.money.accounts import AccountTable
from lumiku.adapters.transactions import TransactionTable
from lumiku.adapters.work.executions import StateMachine
from lumiku.adapters.work.groups import GroupTable
from lumiku.adapters.work.jobs import JobTable
from lumiku.adapters.work.photos import PhotoBucket
from lumiku.adapters.work.queues import LanesSqs
from lumiku.domain.work.photos import Lane

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient


CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)


@cache
def dynamodb() -> "DynamoDBClient":
    """The table's client."""
    return boto3.client("dynamodb", config=CONFIG)


def table() -> str:
    """Name of the table."""
    return settings.read(settings.TableSettings).TABLE_NAME


@cache
def job_table() -> JobTable:
    """Job rows."""
    return JobTable(dynamodb(), table())


@cache
def transactions() -> TransactionTable:
    """Changes that happen together."""
    return TransactionTable(dynamodb(), table())


@cache
def photo_bucket() -> PhotoBucket:
    """Photos, results and weights."""
    bucket = settings.read(settings.PhotoSettings).PHOTOS_BUCKET
    # Presigned requests are signed with the old version unless told otherwise.
    config = CONFIG.merge(Config(signature_version="s3v4"))
    return PhotoBucket(boto3.client("s3", config=config), bucket)


@cache
def sqs() -> "SQSClient":
    """Queues, for functions that delay their own messages."""
    return boto3.client("sqs", config=CONFIG)


@cache
def lanes() -> LanesSqs:
    """Queues that workers take jobs from."""
    urls = settings.read(settings.LaneSettings)
    return LanesSqs(
        sqs(),
        {
            Lane.SINGLE: urls.SINGLE_LANE_URL,
            Lane.PRIORITY: urls.PRIORITY_LANE_URL,
            Lane.STANDARD: urls.STANDARD_LANE_URL,
        },
    )


@cache
def accounts() -> AccountTable:
    """Balances and settings."""
    return AccountTable(dynamodb(), table())


@cache
def groups() -> GroupTable:
    """Groups, their jobs and their progress."""
    return GroupTable(dynamodb(), table())


@cache
def waiting() -> StateMachine:
    """Executions that wait for a group."""
    return StateMachine(boto3.client("stepfunctions", config=CONFIG))
