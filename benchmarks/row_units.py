"""What DynamoDB counts for a call: units of writing and reading, by the sizes of the rows.

Sizes as in its guide, "DynamoDB item sizes and formats". A row of an index costs a write of its own
whenever the index has it anew or otherwise; a transaction costs twice what its writes do.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from benchmarks.recording import Call

_WRITE_BYTES, _READ_BYTES = 1024, 4096
_COLLECTION_BYTES = 3


def row_bytes(row: Mapping[str, Any]) -> int:
    """The size of a row, given as the API shows it."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in row.items())


def _value_bytes(attribute: Mapping[str, Any]) -> int:
    [(kind, value)] = attribute.items()
    match kind:
        case "S":
            return len(str(value).encode())
        case "N":
            digits: str = value.lstrip("-").replace(".", "").strip("0")
            return math.ceil(len(digits) / 2) + 1 + int(value.startswith("-"))
        case "NS":
            return sum(_value_bytes({"N": number}) for number in value)
        case "L":
            return _COLLECTION_BYTES + sum(1 + _value_bytes(element) for element in value)
        case "M":
            return _COLLECTION_BYTES + len(value) + row_bytes(value)
        case "BOOL" | "NULL":
            return 1
    raise ValueError(kind)


def write_units(call: Call) -> int:
    """Units that a call writes, those of the indexes too."""
    body = json.loads(call.body)
    match call.name:
        case "TransactWriteItems":
            actions = [action for item in body["TransactItems"] for action in item.values()]
            return sum(
                2 * _units(_row(a), _WRITE_BYTES) + _index_units(_row(a), a) for a in actions
            )
        case "PutItem" | "UpdateItem":
            row = call.answer.get("Attributes") or _row(body)
            return _units(row, _WRITE_BYTES) + _index_units(row, body)
    return 0


def read_units(call: Call) -> int:
    """Units that a call reads, consistently."""
    match call.name:
        case "GetItem":
            return _units(call.answer.get("Item", {}), _READ_BYTES)
        case "BatchGetItem":
            asked = json.loads(call.body)["RequestItems"].values()
            return sum(len(one["Keys"]) for one in asked)
        case "Query":
            rows = call.answer.get("Items", [])
            return max(1, math.ceil(sum(map(row_bytes, rows)) / _READ_BYTES))
    return 0


def _row(action: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row that is put; of a change in a transaction only what it says of it."""
    changed = {**action.get("Key", {}), **action.get("ExpressionAttributeValues", {})}
    return action.get("Item") or changed


def _units(row: Mapping[str, Any], size: int) -> int:
    return max(1, math.ceil(row_bytes(row) / size))


def _index_units(row: Mapping[str, Any], action: Mapping[str, Any]) -> int:
    """gsi1 has whole rows, gsi2 keys alone."""
    whole = _units(row, _WRITE_BYTES) if "gsi1pk" in row else 0
    touched = "gsi2" in action.get("UpdateExpression", "") or "gsi2pk" in action.get("Item", {})
    return whole + touched
