"""Values as DynamoDB writes them, `{"S": "text"}`, and back.

As boto3's own (de)serializer does it, for the kinds of values that rows have. Importing that loads
all of boto3, which costs each cold start more than the rest of `adapters`.
"""

from collections.abc import Mapping
from decimal import Clamped, Context, Decimal, Inexact, Overflow, Rounded, Underflow
from typing import Any

_EXACT = Context(
    prec=38,
    Emin=-128,
    Emax=126,
    traps=[Clamped, Inexact, Overflow, Rounded, Underflow],
)
"""What DynamoDB can hold of a number; all else raises rather than being rounded."""


def to_attribute(value: object) -> Any:
    """A value as an attribute; TypeError for kinds that no row has."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int() | Decimal():
            return {"N": _number(value)}
        case set():
            return {"NS": [_number(one) for one in value]}
        case list() | tuple():
            return {"L": [to_attribute(one) for one in value]}
        case Mapping():
            return {"M": {name: to_attribute(one) for name, one in value.items()}}
    raise TypeError(f"No row has a value like {value!r}.")


def from_attribute(attribute: Mapping[str, Any]) -> Any:
    """The value of an attribute; numbers are Decimal. TypeError for kinds that no row has."""
    [(kind, value)] = attribute.items()
    match kind:
        case "NULL":
            return None
        case "BOOL" | "S":
            return value
        case "N":
            return _EXACT.create_decimal(value)
        case "NS":
            return {_EXACT.create_decimal(one) for one in value}
        case "L":
            return [from_attribute(one) for one in value]
        case "M":
            return {name: from_attribute(one) for name, one in value.items()}
    raise TypeError(f"No row has an attribute of the kind {kind}.")


def _number(value: int | Decimal) -> str:
    number = _EXACT.create_decimal(value)
    if not number.is_finite():
        raise TypeError(f"{value} is no number that DynamoDB can hold.")
    return str(number)
