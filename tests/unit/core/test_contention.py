"""Transactions that meet others: waited out, then busy; everything else is told apart."""

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from lumiku.adapters import contention
from lumiku.adapters.contention import transact
from lumiku.adapters.rows import Rows
from lumiku.adapters.work.groups import GroupTable
from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import Busy
from lumiku.domain.work.groups import PlannedPhoto, planned_jobs
from tests.faults.stores import fake_world
from tests.faults.world import USER

PAIR = NewBatch(Tier.BASIC, tuple(PlannedPhoto(name=n, size_bytes=9) for n in ("a", "b")))

PASSING = [
    "ThrottlingException",
    "TransactionInProgressException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
]


class Refusing:
    """A client whose transactions fail so, then succeed."""

    def __init__(self, *errors: ClientError) -> None:
        self.errors = list(errors)

    def update_item(self, **_: object) -> dict[str, dict[str, Any]]:
        """Succeeds."""
        return {"Attributes": {}}

    def transact_write_items(self, TransactItems: object) -> None:
        if self.errors:
            raise self.errors.pop(0)


def refused(code: str, *reasons: str) -> ClientError:
    answer: Any = {
        "Error": {"Code": code},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(answer, "TransactWriteItems")


CONFLICT = refused("TransactionCanceledException", "None", "TransactionConflict")


@pytest.mark.parametrize("error", [CONFLICT, *map(refused, PASSING)], ids=str)
def test_contention_is_waited_out(error: ClientError) -> None:
    client = Refusing(error, error)

    assert transact(cast("Any", client), []) == []
    assert client.errors == []


@pytest.mark.parametrize("error", [CONFLICT, *map(refused, PASSING)], ids=str)
def test_contention_that_lasts_is_busy(error: ClientError, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contention, "CONTENTION_S", 0)

    with pytest.raises(Busy):
        transact(cast("Any", Refusing(*[error] * 9)), [])


def test_a_condition_that_failed_is_answered_and_other_errors_are_raised() -> None:
    failed = refused("TransactionCanceledException", "ConditionalCheckFailed", "None")

    codes = [reason["Code"] for reason in transact(cast("Any", Refusing(failed)), [])]

    assert codes == ["ConditionalCheckFailed", "None"]
    with pytest.raises(ClientError):
        transact(cast("Any", Refusing(refused("ValidationException"))), [])


def test_making_the_jobs_of_a_batch_waits_contention_out_too() -> None:
    client = Refusing(CONFLICT)
    with fake_world() as world:
        world.grant(USER, 100)
        group = world.batch(PAIR)

    GroupTable(Rows(cast("Any", client), "table")).make_jobs(planned_jobs(group, PAIR.photos))

    assert client.errors == []
