"""The template's table, as moto imitates DynamoDB."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import yaml
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
TABLE = "lumiku-test"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as their bare arguments."""


def _bare(loader: _Loader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return None


_Loader.add_multi_constructor("!", _bare)


def create_table(client: "DynamoDBClient") -> None:
    """Create the table with the template's keys and indexes."""
    properties = yaml.load(TEMPLATE.read_text("utf-8"), _Loader)["Resources"]["Table"]["Properties"]  # noqa: S506 - a safe loader
    client.create_table(
        TableName=TABLE,
        **{
            name: properties[name]
            for name in (
                "BillingMode",
                "AttributeDefinitions",
                "KeySchema",
                "GlobalSecondaryIndexes",
            )
        },
    )


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
