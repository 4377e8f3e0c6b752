"""The template's table, as moto imitates DynamoDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws

from scripts.template import resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE = "lumiku-test"


def create_table(client: "DynamoDBClient") -> None:
    """Create the table with the template's keys and indexes."""
    defined = resources("DynamoDB::Table")["Table"]
    keys = {"AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema"}
    client.create_table(TableName=TABLE, **{key: defined[key] for key in keys})


@contextmanager
def moto_table() -> "Iterator[DynamoDBClient]":
    """A client of an empty table that nobody else sees."""
    with mock_aws():
        client = boto3.client(
            "dynamodb",
            region_name="ap-southeast-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        create_table(client)
        yield client
