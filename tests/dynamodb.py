"""The template's table, as moto imitates DynamoDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import boto3
from moto import mock_aws
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from lumiku.adapters.rows import from_item
from scripts.template import resources
from tests import quick_moto

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REGION: Final = "ap-southeast-1"
TABLE = "lumiku-test"
quick_moto.install()


def create_table(client: "DynamoDBClient") -> None:
    """Create the table with the template's keys and indexes."""
    defined = resources("DynamoDB::Table")["Table"]
    keys = {"AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema"}
    client.create_table(TableName=TABLE, **{key: defined[key] for key in keys})


@cache
def _client() -> "DynamoDBClient":
    """One for all tables: making one takes longer than a test."""
    return boto3.client(
        "dynamodb",
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@contextmanager
def moto_table() -> "Iterator[DynamoDBClient]":
    """A client of an empty table that nobody else sees."""
    with mock_aws():
        create_table(_client())
        yield _client()


def all_rows() -> list[dict[str, Any]]:
    """Everything in the table, which a scan would take longer to tell."""
    dynamodb = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION]
    return [from_item(item.to_json()["Attributes"]) for item in dynamodb.tables[TABLE].all_items()]
