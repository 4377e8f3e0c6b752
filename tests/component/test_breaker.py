"""The circuit breaker and the slots of providers, between workers that share the table."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from lumiku.adapters.hosting.breaker import CACHE_S, FAILURES_TO_OPEN, OPEN_S, PROBE_S, BreakerTable
from lumiku.adapters.hosting.slots import SlotTable
from lumiku.adapters.rows import Rows
from tests.component.lane import refused
from tests.dynamodb import TABLE, moto_table
from tests.fakes import Watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ENTRY = "fal:birefnet-light"


@pytest.fixture
def client() -> Iterator["DynamoDBClient"]:
    with moto_table() as opened:
        yield opened


@pytest.fixture
def watch() -> Watch:
    return Watch()


def workers(client: "DynamoDBClient", watch: Watch, count: int = 2) -> list[BreakerTable]:
    return [BreakerTable(Rows(client, TABLE), watch) for _ in range(count)]


def open_it(breaker: BreakerTable) -> None:
    assert [breaker.failed(ENTRY, None) for _ in range(FAILURES_TO_OPEN)][-1]


def test_an_entry_that_nobody_complained_of_is_called(
    client: "DynamoDBClient", watch: Watch
) -> None:
    [worker] = workers(client, watch, 1)

    assert worker.admits(ENTRY)
    assert client.scan(TableName=TABLE)["Items"] == []


def test_failures_in_a_row_open_it_for_every_worker(client: "DynamoDBClient", watch: Watch) -> None:
    one, other = workers(client, watch)
    for _ in range(FAILURES_TO_OPEN - 1):
        assert not one.failed(ENTRY, None)
    assert one.admits(ENTRY)
    assert one.failed(ENTRY, None)

    assert not one.admits(ENTRY)
    assert not other.admits(ENTRY)
    assert other.admits("segmind:bg-removal-v2")


def test_an_answer_between_failures_starts_the_count_anew(
    client: "DynamoDBClient", watch: Watch
) -> None:
    [worker] = workers(client, watch, 1)
    for _ in range(5):
        for _ in range(FAILURES_TO_OPEN - 1):
            worker.failed(ENTRY, None)
        worker.succeeded(ENTRY)

    assert worker.admits(ENTRY)


def test_what_was_just_read_is_not_read_again(client: "DynamoDBClient", watch: Watch) -> None:
    one, other = workers(client, watch)
    assert other.admits(ENTRY)
    open_it(one)

    assert other.admits(ENTRY)
    watch.advance(CACHE_S)
    assert not other.admits(ENTRY)


def test_when_its_time_is_over_one_worker_tries_and_its_success_closes(
    client: "DynamoDBClient", watch: Watch
) -> None:
    crowd = workers(client, watch, 5)
    open_it(crowd[0])
    watch.advance(OPEN_S)

    admitted = [worker for worker in crowd if worker.admits(ENTRY)]

    assert len(admitted) == 1
    admitted[0].succeeded(ENTRY)
    watch.advance(CACHE_S)
    assert all(worker.admits(ENTRY) for worker in crowd)


def test_a_try_that_fails_opens_it_again_at_once(client: "DynamoDBClient", watch: Watch) -> None:
    one, other = workers(client, watch)
    open_it(one)
    watch.advance(OPEN_S)
    assert other.admits(ENTRY)

    assert other.failed(ENTRY, None)

    watch.advance(OPEN_S - 0.001)
    assert not one.admits(ENTRY)
    watch.advance(CACHE_S)
    assert one.admits(ENTRY)


def test_a_worker_that_dies_while_it_tries_leaves_the_try_to_another(
    client: "DynamoDBClient", watch: Watch
) -> None:
    one, other = workers(client, watch)
    open_it(one)
    watch.advance(OPEN_S)
    assert one.admits(ENTRY)

    watch.advance(PROBE_S - 1)
    assert not other.admits(ENTRY)
    watch.advance(CACHE_S)
    assert other.admits(ENTRY)


def test_a_try_that_told_nothing_is_no_try_later(client: "DynamoDBClient", watch: Watch) -> None:
    one, other = workers(client, watch)
    open_it(one)
    watch.advance(OPEN_S)
    assert one.admits(ENTRY)  # and the photo was refused, which says nothing of the provider
    watch.advance(PROBE_S)
    assert other.admits(ENTRY)
    other.succeeded(ENTRY)
    watch.advance(CACHE_S)

    assert one.admits(ENTRY)
    assert not one.failed(ENTRY, None)


def test_a_long_opening_is_not_shortened_by_a_late_failure(
    client: "DynamoDBClient", watch: Watch
) -> None:
    one, other = workers(client, watch)
    assert one.failed(ENTRY, 900.0)
    open_it(other)

    watch.advance(OPEN_S + 1)
    assert not other.admits(ENTRY)
    watch.advance(900)
    assert other.admits(ENTRY)


def test_a_late_answer_does_not_close_what_others_opened(
    client: "DynamoDBClient", watch: Watch
) -> None:
    one, other = workers(client, watch)
    open_it(one)
    watch.advance(OPEN_S)
    assert one.admits(ENTRY)
    other.failed(ENTRY, 900.0)

    one.succeeded(ENTRY)

    watch.advance(CACHE_S)
    assert not one.admits(ENTRY)


def test_a_table_that_fails_admits(
    client: "DynamoDBClient", watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    [worker] = workers(client, watch, 1)
    slots = SlotTable(Rows(client, TABLE), {"fal": 1}, watch)

    def fail(**_: Any) -> None:
        raise refused("UpdateItem")

    monkeypatch.setattr(client, "get_item", fail)
    monkeypatch.setattr(client, "update_item", fail)

    assert worker.admits(ENTRY)
    worker.failed(ENTRY, 900.0)
    worker.succeeded(ENTRY)
    with slots.hold("fal", until=watch() + timedelta(minutes=1)) as held:
        assert held


def test_rows_tell_nothing_but_times(client: "DynamoDBClient", watch: Watch) -> None:
    [worker] = workers(client, watch, 1)
    worker.failed(ENTRY, 900.0)

    [row] = client.scan(TableName=TABLE)["Items"]

    assert row["pk"] == {"S": f"PROVIDER#{ENTRY}"}
    assert row.keys() == {"pk", "sk", "open_until", "ttl"}


def test_no_more_slots_than_the_cap(client: "DynamoDBClient", watch: Watch) -> None:
    slots = SlotTable(Rows(client, TABLE), {"fal": 3}, watch)
    until = watch() + timedelta(minutes=1)

    with ExitStack() as stack:
        got = [stack.enter_context(slots.hold("fal", until=until)) for _ in range(5)]
        assert sum(got) == 3
    with slots.hold("fal", until=until) as held:
        assert held


def test_a_slot_whose_holder_died_is_free_when_its_time_is_over(
    client: "DynamoDBClient", watch: Watch
) -> None:
    slots = SlotTable(Rows(client, TABLE), {"fal": 1}, watch)
    dead = slots.hold("fal", until=watch() + timedelta(minutes=1))
    assert dead.__enter__()
    with slots.hold("fal", until=watch() + timedelta(minutes=1)) as held:
        assert not held

    watch.advance(61)
    with slots.hold("fal", until=watch() + timedelta(minutes=1)) as held:
        assert held
        dead.__exit__(None, None, None)  # It was not dead, only slow: the slot is not its own.
        with slots.hold("fal", until=watch() + timedelta(minutes=1)) as second:
            assert not second


def test_a_provider_without_a_cap_touches_no_row(client: "DynamoDBClient", watch: Watch) -> None:
    slots = SlotTable(Rows(client, TABLE), {}, watch)

    with slots.hold("fal", until=watch()) as held:
        assert held
    assert client.scan(TableName=TABLE)["Items"] == []


def test_what_fails_inside_gives_the_slot_back(client: "DynamoDBClient", watch: Watch) -> None:
    slots = SlotTable(Rows(client, TABLE), {"fal": 1}, watch)

    def fail() -> None:
        with slots.hold("fal", until=watch() + timedelta(minutes=1)):
            raise ClientError({}, "PutObject")

    for _ in range(2):
        with pytest.raises(ClientError):
            fail()
    with slots.hold("fal", until=watch() + timedelta(minutes=1)) as held:
        assert held
