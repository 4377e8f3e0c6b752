"""moto with the same answers in less time: tests spend most of theirs in it.

What moto works out anew for each attribute, request and row is worked out once here.
"""

from copy import deepcopy
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from moto.core.base_backend import BaseBackend
from moto.core.model import Shape
from moto.core.serialize import ResponseSerializer, XFormedAttributePicker
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

_MOST_BYTES: Final = 405_000
"""Of an item, in moto."""

_get_value = ResponseSerializer.get_value
_transact_write_items = DynamoDBBackend.transact_write_items
_urls: Any = BaseBackend.urls.fget  # type: ignore[attr-defined]
_known_routes: dict[type[BaseBackend], Any] = {}


def install() -> None:
    """Make moto quick from now on."""
    patches: dict[Any, dict[str, Any]] = {
        ResponseSerializer: {"get_value": _member},
        DynamoDBBackend: {"transact_write_items": _transacted},
        Table: {"__deepcopy__": lambda table, _: table},
        Item: {"__init__": _made},
        BaseBackend: {"urls": property(_routes)},
    }
    for owner, replaced in patches.items():
        for name, new in replaced.items():
            setattr(owner, name, new)


@cache
def _names(shape: Shape, parent: Shape | None, key: str) -> tuple[str, ...]:
    """Under which names moto looks for a member in a dict, which depends on nothing else."""
    context: Any = SimpleNamespace(obj={}, key=key, shape=shape)
    return tuple(dict.fromkeys(XFormedAttributePicker().get_possible_keys(context)))


def _member(self: ResponseSerializer, value: Any, key: str, shape: Shape) -> Any:
    if type(value) is not dict or self._value_picker.response_transformers:
        return _get_value(self, value, key, shape)
    for name in _names(shape, getattr(shape, "parent", None), key):
        if name in value:
            return value[name]
    return None


def _transacted(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """Copy the rows that are written, not the table for each of them."""
    before: dict[int, tuple[Any, Any]] = {}
    for op in (op for item in transact_items for op in item.values()):
        if table := self.tables.get(op["TableName"]):
            key = op.get("Key") or op["Item"]
            rows: Any = table.items[DynamoType(key[table.hash_key_attr])]
            _, were = before.setdefault(id(rows), (rows, dict(rows)))
            row = DynamoType(key[str(table.range_key_attr)])
            if row in rows:
                were[row] = deepcopy(rows[row])
    try:
        _transact_write_items(self, transact_items)
    except Exception:
        for rows, were in before.values():
            rows.clear()
            rows.update(were)
        raise


def _made(
    self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]
) -> None:
    """Weigh an item once, not with each attribute that it gets."""
    self.hash_key, self.range_key = hash_key, range_key
    self.attrs = LimitedSizeDict()
    for key, value in attrs.items():
        dict.__setitem__(self.attrs, key, DynamoType(value))
    if self.size() > _MOST_BYTES:
        raise ItemSizeTooLarge


def _routes(backend: BaseBackend) -> Any:
    """What handles which address, which stays as it is."""
    kind = type(backend)
    if kind not in _known_routes:
        _known_routes[kind] = _urls(backend)
    return _known_routes[kind]
