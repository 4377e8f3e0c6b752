"""moto with the same answers in less time: tests spend most of theirs in it.

What it works out anew for each attribute, row and request, or copies for each write, is worked out
once here.
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
from moto.dynamodb.parsing.expressions import UpdateExpressionParser  # type: ignore[attr-defined]

_MOST_BYTES: Final = 405_000
"""Of an item, in moto."""

_get_value = ResponseSerializer.get_value
_transact_write_items = DynamoDBBackend.transact_write_items
_all_items = Table.all_items
_cast_value: Any = DynamoType.cast_value.fget  # type: ignore[attr-defined]
_urls: Any = BaseBackend.urls.fget  # type: ignore[attr-defined]
_known_routes: dict[type[BaseBackend], Any] = {}


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


def _compared(value: DynamoType) -> Any:
    return value.value if value.type == "S" else _cast_value(value)


def _sorted(table: Table) -> list[Item]:
    if {table.hash_key_type, table.range_key_type} != {"S"}:
        return _all_items(table)
    rows: Any = table.items.values()
    items = [item for found in rows for item in found.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))


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


QUICK: Final[tuple[tuple[Any, str, Any], ...]] = (
    (ResponseSerializer, "get_value", _member),
    (DynamoDBBackend, "transact_write_items", _transacted),
    (DynamoType, "cast_value", property(_compared)),
    (Table, "all_items", _sorted),
    (Table, "__deepcopy__", lambda table, _: table),
    (Item, "__init__", _made),
    (Item, "__new__", lambda kind, *_, **__: object.__new__(kind)),  # moto keeps all that ever were
    (UpdateExpressionParser, "make", staticmethod(cache(UpdateExpressionParser.make))),
    (BaseBackend, "urls", property(_routes)),
)
USUAL: Final = tuple((owner, name, vars(owner).get(name)) for owner, name, _ in QUICK)


def install() -> None:
    """Make moto quick from now on."""
    for owner, name, quick in QUICK:
        setattr(owner, name, quick)
