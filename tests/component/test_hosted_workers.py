"""Workers that die or are overtaken while a provider has their photo: it is paid for once."""

from collections.abc import Iterator

import pytest

from lumiku.adapters.work.jobs import JobTable
from lumiku.bootstrap import stores
from lumiku.domain.hosting.tickets import Submission
from lumiku.domain.work.jobs import Job, Status
from tests.component.hosted_lane import QUEUED, HostedLane, Killed, alpha, hosted_lane, receipt
from tests.component.lane import Told, message, photo
from tests.component.stack import Stack


@pytest.fixture
def queued(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostedLane]:
    with hosted_lane(stack, monkeypatch, QUEUED) as lane:
        yield lane


def test_a_worker_that_dies_while_it_waits_leaves_a_ticket(queued: HostedLane) -> None:
    told = queued.job()
    queued.dies_at_nap = 1
    with pytest.raises(Killed):
        queued.lane.deliver(told.body)
    left = told.now()
    assert left.status is Status.PROCESSING
    sent = left.submission_of(0)
    assert sent is not None
    assert sent.ticket is not None

    queued.moved_s += 180
    assert queued.lane.deliver(told.body) == []

    found = receipt(told.now())
    assert (found.entry, found.request_id) == (QUEUED, sent.ticket.request_id)
    assert queued.submissions == (1, 0)
    assert sum(queued.books.billed.values()) == 1


@pytest.fixture
def paid(queued: HostedLane, monkeypatch: pytest.MonkeyPatch) -> Told:
    """A job whose worker died once the provider's picture was kept."""
    told, bucket = queued.job(), stores.photos()
    write = bucket.write

    def dying(key: str, data: bytes, *, content_type: str) -> None:
        if key.startswith("out/"):
            raise Killed
        write(key, data, content_type=content_type)

    with monkeypatch.context() as patch:
        patch.setattr(bucket, "write", dying)
        with pytest.raises(Killed):
            queued.lane.deliver(told.body)
    queued.moved_s += 180
    return told


def test_what_was_paid_for_is_kept_and_gone_on_with(
    queued: HostedLane, paid: Told, stack: Stack
) -> None:
    asked = len(queued.naps)
    assert queued.lane.deliver(paid.body) == []

    job = paid.now()
    found = receipt(job)
    assert (found.entry, found.provider_microusd, found.tries) == (QUEUED, 3_000, 1)
    assert list(found.stage_ms) == ["read", "decode", "encode", "write"]
    assert alpha(stack, job).getpixel((15, 15)) == 255
    assert (queued.submissions, len(queued.naps)) == ((1, 0), asked)


def test_what_cannot_be_kept_is_used_all_the_same(
    queued: HostedLane, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, bucket = queued.job(), stores.photos()
    write = bucket.write

    def refusing(key: str, data: bytes, *, content_type: str) -> None:
        if key.startswith("work/"):
            raise OSError("slow down")
        write(key, data, content_type=content_type)

    monkeypatch.setattr(bucket, "write", refusing)
    assert queued.lane.deliver(told.body) == []

    assert receipt(told.now()).entry == QUEUED
    assert told.now().tries == 1


def test_a_kept_picture_that_is_gone_is_made_again_and_not_paid_again(
    queued: HostedLane, paid: Told, stack: Stack
) -> None:
    [key] = queued.lane.keys("work/")
    stack.s3.delete_object(Bucket=stack.bucket, Key=key)

    assert queued.lane.deliver(paid.body) == []

    assert receipt(paid.now()).entry == QUEUED  # its ticket still answers
    assert queued.submissions == (1, 0)


def test_a_photo_that_replaces_one_does_not_get_its_kept_picture(
    queued: HostedLane, paid: Told, stack: Stack
) -> None:
    replacement = queued.lane.put(paid.now().source.key, photo("navy"))

    assert queued.lane.deliver(message(replacement)) == []

    assert alpha(stack, paid.now()).getpixel((15, 15)) == 0
    assert queued.submissions == (1, 0)


def test_a_photo_that_replaces_one_with_a_ticket_does_not_get_its_alpha(
    queued: HostedLane, stack: Stack
) -> None:
    told = queued.job()
    queued.dies_at_nap = 1
    with pytest.raises(Killed):
        queued.lane.deliver(told.body)
    replacement = queued.lane.put(told.now().source.key, photo("navy"))

    queued.moved_s += 180
    assert queued.lane.deliver(message(replacement)) == []

    # Paid for once, for nothing; the models leave a hole in the middle, the provider shows it.
    job = told.now()
    assert (receipt(job).entry, receipt(job).provider_microusd) == ("local", 3_000)
    assert alpha(stack, job).getpixel((15, 15)) == 0
    assert queued.submissions == (1, 0)


def test_a_worker_that_dies_before_it_can_keep_the_ticket_is_not_paid_for_twice(
    queued: HostedLane, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = queued.job()
    app = stack.app("process_photo")
    keep = app.hosting.jobs.submit

    def dying(_: JobTable, job: Job, submission: Submission) -> None:
        if submission.ticket is not None:
            raise Killed
        keep(job, submission)

    with monkeypatch.context() as patch:
        patch.setattr(JobTable, "submit", dying)
        with pytest.raises(Killed):
            queued.lane.deliver(told.body)

    queued.moved_s += 180
    assert queued.lane.deliver(told.body) == []

    found = receipt(told.now())
    assert (found.entry, found.provider_microusd) == ("local", 3_000)
    assert queued.submissions == (1, 0)


def test_a_worker_that_was_overtaken_stops_and_its_photo_is_sent_once(
    queued: HostedLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = queued.job()
    keep = JobTable.submit

    def slow(table: JobTable, job: Job, submission: Submission) -> None:
        monkeypatch.setattr(JobTable, "submit", keep)
        queued.moved_s += 180
        assert queued.lane.deliver(told.body) == []
        keep(table, job, submission)

    monkeypatch.setattr(JobTable, "submit", slow)
    assert queued.lane.deliver(told.body) == []

    assert receipt(told.now()).entry == QUEUED
    assert queued.submissions == (1, 0)
