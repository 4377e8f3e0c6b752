"""What a provider may bill on a day, between workers that share the table."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from lumiku.adapters.hosting.budgets import BudgetTable
from lumiku.adapters.rows import Rows
from tests.component.lane import refused
from tests.dynamodb import TABLE, moto_table
from tests.fakes import Watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    with moto_table() as opened:
        yield opened


def budgets(client: "DynamoDBClient", watch: Watch, most: int = 10) -> BudgetTable:
    return BudgetTable(Rows(client, TABLE), {"fal": most}, watch)


def test_all_workers_together_spend_no_more_than_the_budget(client: "DynamoDBClient") -> None:
    watch = Watch()
    one, other = budgets(client, watch), budgets(client, watch)

    assert [one.take("fal", 4), other.take("fal", 4), one.take("fal", 4)] == [True, True, False]
    assert other.take("fal", 2)
    assert not one.take("fal", 1)


def test_what_is_given_back_can_be_spent_again(client: "DynamoDBClient") -> None:
    one = budgets(client, Watch())
    one.take("fal", 10)
    one.give_back("fal", 6)

    assert not one.take("fal", 7)
    assert one.take("fal", 6)


def test_more_is_never_given_back_than_was_taken(client: "DynamoDBClient") -> None:
    one = budgets(client, Watch())
    one.take("fal", 4)
    one.give_back("fal", 5)

    assert [one.take("fal", 7), one.take("fal", 6)] == [False, True]


def test_each_day_has_its_own(client: "DynamoDBClient") -> None:
    watch = Watch()
    one = budgets(client, watch)
    assert one.take("fal", 10)

    watch.advance(timedelta(days=1).total_seconds())

    assert one.take("fal", 10)


def test_a_provider_without_a_budget_needs_no_row(client: "DynamoDBClient") -> None:
    one = budgets(client, Watch())

    assert one.take("replicate", 10**9)
    one.give_back("replicate", 1)
    assert client.scan(TableName=TABLE)["Items"] == []


def test_nothing_is_spent_of_a_budget_of_nothing(client: "DynamoDBClient") -> None:
    assert not budgets(client, Watch(), 0).take("fal", 1)


def test_what_cannot_be_counted_is_not_spent(
    client: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise refused("UpdateItem")

    one = budgets(client, Watch())
    with monkeypatch.context() as broken:
        broken.setattr(client, "update_item", fail)
        assert not one.take("fal", 1)
        one.give_back("fal", 1)

    assert one.take("fal", 10)
