"""Worlds over the fakes and over the adapters, on DynamoDB as moto imitates it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lumiku.adapters.money.accounts import AccountTable
from lumiku.adapters.money.invoices import InvoiceTable
from lumiku.adapters.money.ledger import LedgerTable
from lumiku.adapters.money.plans import PlanTable
from lumiku.adapters.money.wallets import WalletTable
from lumiku.adapters.people.brands import BrandTable
from lumiku.adapters.people.paces import PaceTable
from lumiku.adapters.rows import Rows
from lumiku.adapters.transactions import TransactionTable
from lumiku.adapters.work.groups import GroupTable
from lumiku.adapters.work.jobs import JobTable
from lumiku.bootstrap.apps import CATALOGUE
from lumiku.domain.money.ledger import Entry
from lumiku.domain.work.groups import Group
from lumiku.domain.work.jobs import Job
from tests.dynamodb import TABLE, all_rows, moto_table
from tests.fakes import FakeStore
from tests.faults.world import World


@contextmanager
def fake_world(rows: FakeStore | None = None, **options: Any) -> Iterator[World]:
    """A world in memory."""
    rows = rows or FakeStore()
    yield World(
        rows,
        lambda: list(rows.entries.values()),
        lambda: list(rows.jobs.values()),
        lambda: list(rows.groups.values()),
        **options,
    )


@dataclass(frozen=True)
class _Tables(
    JobTable,
    AccountTable,
    InvoiceTable,
    PlanTable,
    WalletTable,
    PaceTable,
    BrandTable,
    GroupTable,
    LedgerTable,
    TransactionTable,
):
    """All tables in one."""


class Adapters(_Tables):
    """All that the fake store is, by the real adapters; tests may replace methods."""

    __setattr__ = object.__setattr__


@contextmanager
def dynamodb_world(**options: Any) -> Iterator[World]:
    """A world over the adapters."""
    with moto_table() as client:

        def rows(prefix: str) -> list[dict[str, Any]]:
            return [row for row in all_rows() if f"{row['pk']}/{row['sk']}".startswith(prefix)]

        yield World(
            Adapters(Rows(client, TABLE), CATALOGUE),
            lambda: [Entry.model_validate(r) for r in rows("USER#u1/LEDGER")],
            lambda: [Job.model_validate(r) for r in rows("JOB#")],
            lambda: [Group.model_validate(r) for r in rows("GROUP#") if r["sk"] == "META"],
            **options,
        )
