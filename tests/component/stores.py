"""The same store twice: in memory, and by the adapters on moto."""

from collections.abc import Iterator
from contextlib import contextmanager

from lumiku.adapters.rows import Rows
from lumiku.bootstrap.apps import CATALOGUE
from tests.dynamodb import TABLE, moto_table
from tests.fakes import FakeStore
from tests.faults.stores import Adapters

type Store = FakeStore | Adapters


@contextmanager
def open_store(kind: str) -> Iterator[Store]:
    """An empty store of that kind, `fakes` or `dynamodb`."""
    if kind == "fakes":
        yield FakeStore()
        return
    with moto_table() as client:
        yield Adapters(Rows(client, TABLE), CATALOGUE)
