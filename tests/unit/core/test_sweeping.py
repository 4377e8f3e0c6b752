"""The sweeper looks at everything that is due, and lets photos that are being tried alone."""

from datetime import timedelta

import pytest

from lumiku.apps.remover.prices import Tier
from lumiku.domain.work.jobs import Job, Source, Status
from lumiku.domain.work.photos import Lane
from lumiku.services.work.sweeping import BACKLOG_PATIENCE, RETRY_PATIENCE, look_at_each
from tests.faults.stores import fake_world
from tests.faults.world import USER, World


def late(world: World, photo: bytes) -> str:
    """A job that a worker had in its hands when its time was up; answers its id."""
    world.grant(USER, 100)
    job = world.submit(Tier.STANDARD)
    arrival = world.upload(job, photo)
    world.clock.now = job.closes_at - timedelta(seconds=1)
    assert world.work(arrival) == "retry"
    world.clock.advance(2)
    return job.id


def test_a_photo_that_waits_for_its_next_try_keeps_its_tries() -> None:
    with fake_world() as world:
        job_id = late(world, b"flaky")

        assert world.sweep() == {"being_tried": 1}

        world.settle_all()
        assert world.job(job_id).status is Status.PROCESSING


def test_a_photo_whose_message_is_lost_is_settled() -> None:
    with fake_world() as world:
        job_id = late(world, b"flaky")
        world.clock.advance(RETRY_PATIENCE.total_seconds())

        assert world.sweep() == {"sent_to_settle": 1}

        world.settle_all()
        assert world.job(job_id).status is Status.FAILED


def waiting(world: World, kind: str) -> Job:
    """A job of a stored photo, in the priority lane, that is due and that nobody began."""
    world.grant(USER, 100)
    job = world.submit(Tier.STANDARD).model_copy(
        update={"source": Source(kind=kind, key="kept/shoe"), "lane": Lane.PRIORITY}
    )
    world.rows.jobs[job.id] = job
    world.clock.now = job.closes_at + timedelta(seconds=1)
    return job


@pytest.mark.parametrize("kind", ["item", "job"])
def test_a_job_of_a_stored_photo_is_started_again_and_never_expires(kind: str) -> None:
    with fake_world() as world:
        job = waiting(world, kind)

        assert world.sweep() == {"started_again": 1}
        assert world.sweep() == {}

        assert world.lanes.sent == [(Lane.PRIORITY, job.id)]
        assert world.job(job.id).status is Status.PENDING


def test_a_job_that_no_message_starts_for_hours_is_settled() -> None:
    with fake_world() as world:
        job = waiting(world, "item")
        world.clock.now = job.created_at + BACKLOG_PATIENCE

        assert world.sweep() == {"sent_to_settle": 1}
        world.settle_all()

        assert world.lanes.sent == []
        assert world.job(job.id).status is Status.FAILED
        world.check(at_rest=True)


def test_one_that_cannot_be_looked_at_does_not_stop_the_others() -> None:
    seen = []

    def look(one: str) -> str:
        seen.append(one)
        if one == "b":
            raise ValueError("a row that nobody can read")
        return "fine"

    with pytest.raises(ExceptionGroup, match="1 failed") as failed:
        look_at_each("abc", look)

    assert seen == ["a", "b", "c"]
    assert failed.value.exceptions[0].__notes__ == ["while looking at b"]


@pytest.mark.parametrize("kind", ["jobs", "groups"])
def test_a_row_that_raises_keeps_no_other_row_from_the_sweeper(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_world() as world:
        sweeping = world.sweeping if kind == "jobs" else world.group_sweeping
        name, due = ("get", "due") if kind == "jobs" else ("group", "groups_due")
        seen = []

        def read(one: str) -> None:
            seen.append(one)
            raise ValueError

        monkeypatch.setattr(world.rows, due, lambda *_, **__: ["a", "b"])
        monkeypatch.setattr(world.rows, name, read)
        with pytest.raises(ExceptionGroup):
            sweeping.sweep()
    assert seen == ["a", "b"]


def test_a_photo_that_nobody_fetched_in_time_is_given_back() -> None:
    with fake_world() as world:
        job = waiting(world, "elsewhere")

        assert world.sweep() == {"expired": 1}

        assert world.lanes.sent == []
        failure = world.job(job.id).failure
        assert failure is not None
        assert failure.code == "photo_unreachable"
        world.check(at_rest=True)


def test_a_photo_that_was_fetched_waits_like_an_upload() -> None:
    with fake_world() as world:
        job = waiting(world, "elsewhere")
        world.bucket.upload(job.source.key, b"good")

        assert world.sweep() == {"still_queued": 1}

        assert world.lanes.sent == []
