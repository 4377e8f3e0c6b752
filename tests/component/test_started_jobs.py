"""Jobs that a message starts: their photo is stored already."""

import json
from datetime import timedelta
from typing import Any

import pytest

from lumiku.adapters.work.queues import LaneQueues
from lumiku.bootstrap import stores
from lumiku.domain.work.jobs import Status
from lumiku.domain.work.photos import Lane as Lanes
from lumiku.services.clock import utc_now
from tests.component.lane import USER, Flaky, Lane, photo, refused
from tests.component.stack import Stack

KEY = "in/standard/u1/batch_0123456789abcdef0123456789abcdef/0003"


def test_a_stored_photo_is_cut_out_and_its_etag_kept(lane: Lane) -> None:
    told = lane.stored(KEY)

    assert lane.deliver(told.body) == []

    job = told.now()
    assert job.status is Status.COMPLETED
    assert (job.source.kind, job.source.key) == ("item", KEY)
    assert job.source.etag == lane.stack.photos.read(KEY).etag
    assert job.source.size_bytes == len(photo())


def test_another_jobs_result_is_worked_on(lane: Lane) -> None:
    first = lane.job()
    assert lane.deliver(first.body) == []
    result = first.now().result
    assert result is not None
    lane.stack.put_job("job_2", USER, source={"kind": "job", "key": result.key})

    assert lane.deliver(json.dumps({"job_id": "job_2"})) == []

    second = lane.stack.jobs.get("job_2")
    assert second is not None
    assert second.status is Status.COMPLETED


def test_a_repeated_message_changes_nothing(lane: Lane) -> None:
    told = lane.stored(KEY)
    assert lane.deliver(told.body, told.body) == []
    done = told.now()

    assert lane.deliver(told.body) == []

    assert told.now() == done
    assert done.tries == 1


def test_a_job_that_nobody_knows_is_done_with(lane: Lane) -> None:
    lane.put("in/single/u1/job_unknown", photo())

    assert lane.deliver(json.dumps({"job_id": "job_unknown"})) == []
    assert lane.keys("in/") == ["in/single/u1/job_unknown"]


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELLED])
def test_a_job_that_is_over_stays_so(lane: Lane, status: Status) -> None:
    told = lane.stored(KEY, status=status, completed_at=utc_now())
    before = told.now()

    assert lane.deliver(told.body) == []
    assert told.now() == before


def test_a_job_in_work_is_left_until_its_lease_is_over(lane: Lane) -> None:
    until = utc_now() + timedelta(seconds=90)
    told = lane.stored(KEY, status=Status.PROCESSING, attempt_id="other", lease_until=until)

    assert lane.deliver(told.body) == ["m0"]
    assert 85 <= lane.put_off_s[0] <= 91


def test_a_photo_that_was_replaced_between_tries_is_taken_as_it_is(lane: Lane) -> None:
    told = lane.stored(KEY)
    lane.problems = [Flaky()]
    assert lane.deliver(told.body) == ["m0"]
    lane.put(KEY, photo("navy"))

    assert lane.deliver(told.body) == []

    assert told.now().status is Status.COMPLETED
    assert told.now().source.etag == lane.stack.photos.read(KEY).etag


def test_a_stored_photo_that_is_gone_is_refunded(lane: Lane) -> None:
    told = lane.stored(KEY)
    lane.stack.s3.delete_object(Bucket=lane.stack.bucket, Key=KEY)

    assert lane.deliver(told.body) == []

    failure = told.now().failure
    assert failure is not None
    assert failure.code == "photo_missing"
    assert lane.to_settle() == [told.id]


def test_a_failing_table_brings_the_message_back(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = lane.stored(KEY)

    def down(*arguments: Any, **named: Any) -> None:
        raise refused("UpdateItem")

    monkeypatch.setattr(type(stores.jobs()), "claim", down)
    assert lane.deliver(told.body) == ["m0"]


@pytest.mark.parametrize("lane_name", list(Lanes))
def test_a_job_is_started_in_its_lane(stack: Stack, lane_name: Lanes) -> None:
    urls = {one: stack.queue_urls[f"{one.title()}Lane"] for one in Lanes}

    LaneQueues(lambda: stack.sqs, urls).start(lane_name, "job_1")

    got = {
        one: [m["Body"] for m in stack.sqs.receive_message(QueueUrl=url).get("Messages", [])]
        for one, url in urls.items()
    }
    assert got.pop(lane_name) == ['{"job_id": "job_1"}']
    assert not any(got.values())
