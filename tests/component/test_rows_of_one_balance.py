"""Accounts that were written with one balance have it as bought credits.

`rows_of_one_balance.json` is what the last version with one balance wrote: an account with a grant,
a top-up and the month's credits, an order that waits, one that failed, an open batch, and a plan
that waits to be paid.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lumiku.adapters.rows import Rows
from lumiku.apps.remover.prices import worth
from lumiku.bootstrap.apps import CATALOGUE
from lumiku.domain.instant import iso
from lumiku.domain.money import ledger
from lumiku.domain.work.jobs import GAVE_UP, Status
from lumiku.services.money.auditing import Auditing
from lumiku.services.transactions import Post
from lumiku.services.work.closing import Closing
from lumiku.services.work.settlement import end
from tests.dynamodb import TABLE, moto_table
from tests.fake_groups import FakeExecutions
from tests.fake_photos import FakeBucket
from tests.fakes import Watch
from tests.faults.stores import Adapters
from tests.faults.world import USER

WRITTEN = datetime(2026, 11, 26, 12, tzinfo=UTC)
PENDING, BATCH = "job_d937841935135693ad478dd33829d678", "batch_fbb14f6828395122aaf9e0633ec2f644"


@pytest.fixture
def store() -> Iterator[Adapters]:
    """The table with those rows."""
    rows = json.loads(Path(__file__).with_name("rows_of_one_balance.json").read_text())
    with moto_table() as client:
        for row in rows:
            client.put_item(TableName=TABLE, Item=row)
        yield Adapters(Rows(client, TABLE), CATALOGUE)


@pytest.fixture
def clock() -> Watch:
    return Watch(WRITTEN + timedelta(minutes=5))


def test_the_balance_is_bought(store: Adapters) -> None:
    account = store.account(USER)

    assert (account.bought, account.granted, account.balance) == (236, {}, 236)


def test_what_was_ordered_with_one_balance_comes_back_as_bought_credits(
    store: Adapters, clock: Watch
) -> None:
    job = store.get(PENDING)
    assert job is not None
    end(store, job, Status.FAILED, GAVE_UP, clock())
    closing = Closing(store, FakeBucket(), FakeExecutions(), store, worth, clock)
    assert closing.close(BATCH).refund == 6

    account = store.account(USER)
    assert (account.bought, account.granted) == (236 + 8 + 6, {})
    clock.advance(86_400)
    assert Auditing(store, store, clock).audit().outcomes == Counter(balanced=1)


def test_granted_credits_come_beside_it(store: Adapters, clock: Watch) -> None:
    until = clock() + timedelta(days=30)
    store.commit(Post(ledger.plan_credits(USER, 500, until, "pay_1", clock())))

    account = store.account(USER)
    assert (account.bought, account.granted) == (236, {iso(until): 500})


def test_an_invoice_without_granted_credits_brings_the_plan_alone(store: Adapters) -> None:
    invoice = store.invoice("pay_8087dce1a8725a0ba2e346c96374134a")

    assert invoice is not None
    assert (invoice.plan_name, invoice.granted) == ("pro", 0)
