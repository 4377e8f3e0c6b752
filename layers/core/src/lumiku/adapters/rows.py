"""How values become DynamoDB attributes and back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, TransactWriteItemTypeDef

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()

type Item = "dict[str, AttributeValueTypeDef]"


def to_item(values: Mapping[str, Any]) -> Item:
    """Attributes of `values`; what is None is left out."""
    return {k: _serializer.serialize(v) for k, v in values.items() if v is not None}


def from_item(item: "Mapping[str, AttributeValueTypeDef]") -> dict[str, Any]:
    """Values of `item`; numbers are Decimal."""
    return {k: _deserializer.deserialize(v) for k, v in item.items()}


def insert_once(table: str, row: Mapping[str, Any]) -> "TransactWriteItemTypeDef":
    """Put a row, unless there is one of its key."""
    return {
        "Put": {
            "TableName": table,
            "Item": to_item(row),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
