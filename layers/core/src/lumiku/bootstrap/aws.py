"""Clients of AWS, and the table and bucket that all parts share."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from lumiku import settings
from lumiku.adapters.rows import Rows

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)


@cache
def rows() -> Rows:
    """The table."""
    table = settings.read(settings.TableSettings).TABLE_NAME
    return Rows(boto3.client("dynamodb", config=CONFIG), table)


@cache
def sqs() -> "SQSClient":
    """Queues, for functions that delay their own messages."""
    return boto3.client("sqs", config=CONFIG)


def bucket() -> str:
    """Name of the bucket."""
    return settings.read(settings.PhotoSettings).PHOTOS_BUCKET
