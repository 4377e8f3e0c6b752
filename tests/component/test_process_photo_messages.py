"""What process_photo makes of messages, and what comes back to the queue."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from lumiku.bootstrap import aws, stores
from lumiku.domain.work.jobs import Status
from tests.component.lane import Flaky, Lane, message, refused


def test_the_test_event_of_a_new_notification_is_done_with(lane: Lane) -> None:
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": lane.stack.bucket}

    assert lane.deliver(json.dumps(event)) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "[]",
        "null",
        "{}",
        '{"Records": null}',
        '{"Records": [{}]}',
        '{"Records": [{"s3": {"object": {"key": "in/single/u/j"}}}]}',
        '{"Records": [{"s3": {"object": {"key": "k", "eTag": "e", "size": "many"}}}]}',
        '{"Records": [{"s3": {"object": {"key": 7, "eTag": "e"}}}]}',
    ],
)
def test_a_message_that_nobody_can_read_ends_in_the_dead_letters(lane: Lane, body: str) -> None:
    assert lane.deliver(body) == ["m0"]
    assert lane.put_off_s == []


def test_only_what_failed_comes_back(lane: Lane) -> None:
    flaky, good, bad = lane.job(), lane.job(), lane.job(b"a letter")
    lane.problems = [Flaky()]

    assert lane.deliver(flaky.body, "not JSON", good.body, bad.body) == ["m0", "m1"]

    assert lane.handles == ["handle of m0"]
    assert good.now().status is Status.COMPLETED
    assert bad.now().status is Status.FAILING


def test_several_records_in_one_message(lane: Lane) -> None:
    flaky, good, bad = lane.job(), lane.job(), lane.job(b"a letter")
    lane.problems = [Flaky()]
    body = message(flaky.record, good.record, bad.record)

    assert lane.deliver(body) == ["m0"]
    assert [told.now().status for told in (flaky, good, bad)] == [
        Status.PROCESSING,
        Status.COMPLETED,
        Status.FAILING,
    ]
    done = good.now()
    assert lane.deliver(body) == []
    assert flaky.now().status is Status.COMPLETED
    assert good.now() == done
    assert len(lane.keys("out/")) == 2 * len(("result", "thumbnail"))


def test_keys_are_decoded_as_s3_encodes_them(lane: Lane) -> None:
    told = lane.job()
    about = told.record["s3"]["object"]
    spelt = {"s3": {"object": {**about, "key": quote(told.now().source.key, safe="")}}}

    assert lane.deliver(message(spelt)) == []
    assert told.now().status is Status.COMPLETED


# What nobody expects


def test_a_problem_with_the_queue_itself_never_leaves_the_handler(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    flaky, good = lane.job(), lane.job()
    lane.problems = [Flaky()]

    def gone(**_: Any) -> None:
        raise refused("ChangeMessageVisibility")

    monkeypatch.setattr(aws.sqs(), "change_message_visibility", gone)
    assert lane.deliver(flaky.body, good.body) == ["m0"]
    assert good.now().status is Status.COMPLETED


def test_a_problem_with_the_table_never_leaves_the_handler(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lane.job()

    def down(*arguments: Any, **named: Any) -> None:
        raise refused("UpdateItem")

    with monkeypatch.context() as patch:
        patch.setattr(type(stores.jobs()), "claim", down)
        assert lane.deliver(told.body, told.body) == ["m0", "m1"]
    assert told.now().status is Status.PENDING
    assert lane.deliver(told.body) == []
    assert told.now().status is Status.COMPLETED
