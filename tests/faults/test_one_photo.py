"""The path of one photo under a fixed list of failures, on the fakes and on DynamoDB."""

from collections.abc import Callable, Iterator

import pytest

from lumiku.apps.remover.prices import Tier
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH
from lumiku.domain.work.jobs import Status
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import USER, VISIBILITY_S, World

PHOTOS = {b"good": Status.COMPLETED, b"bad": Status.FAILED, b"flaky": Status.FAILED}
MAX_EFFECTS = 9


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        yield opened


def one_job(world: World, photo: bytes) -> tuple[str, Callable[[], str]]:
    """A charged and uploaded job; answers its id and a delivery of its message."""
    world.grant(USER, 100)
    job = world.submit(Tier.STANDARD)
    arrival = world.upload(job, photo)
    return job.id, lambda: world.work(arrival)


@pytest.mark.parametrize("photo", PHOTOS)
@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_a_worker_killed_before_any_side_effect(world: World, photo: bytes, at: int) -> None:
    job_id, deliver = one_job(world, photo)
    world.interrupt(at, world.kill)
    deliver()
    world.check()
    world.come_to_rest()
    world.check(at_rest=True)
    assert world.job(job_id).status is PHOTOS[photo]


@pytest.mark.parametrize("photo", PHOTOS)
@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_a_write_that_is_repeated_because_its_answer_was_lost(
    world: World, photo: bytes, at: int
) -> None:
    job_id, deliver = one_job(world, photo)
    world.interrupt(at, world.lose_answer)
    deliver()
    world.check()
    world.come_to_rest()
    world.check(at_rest=True)
    assert world.job(job_id).status is PHOTOS[photo]


@pytest.mark.parametrize("photo", PHOTOS)
@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_a_second_worker_in_the_middle_of_the_first(world: World, photo: bytes, at: int) -> None:
    job_id, deliver = one_job(world, photo)
    world.interrupt(at, deliver)
    deliver()
    if photo == b"good":
        assert world.developed == 1
    world.come_to_rest()
    world.check(at_rest=True)
    assert world.job(job_id).status is PHOTOS[photo]


@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_a_second_worker_after_the_lease_of_a_slow_first(world: World, at: int) -> None:
    job_id, deliver = one_job(world, b"good")

    def overtake() -> None:
        world.clock.advance(VISIBILITY_S)
        deliver()

    world.interrupt(at, overtake)
    deliver()
    world.come_to_rest()
    world.check(at_rest=True)
    job = world.job(job_id)
    results = [key for key in world.bucket.objects if key.startswith("out/")]
    assert job.status is Status.COMPLETED
    assert sorted(results) == sorted(output.key for output in job.outputs.values())
    assert job.outputs.keys() == {"result", "thumbnail"}


@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_settling_killed_before_any_side_effect(world: World, at: int) -> None:
    _, deliver = one_job(world, b"bad")
    deliver()
    world.interrupt(at, world.kill)
    world.settle_all()
    world.check()
    world.come_to_rest()
    world.check(at_rest=True)
    assert world.balance(USER) == 100 + FREE_CREDITS_A_MONTH


def test_a_dead_letter_waits_for_a_live_lease(world: World) -> None:
    job_id, deliver = one_job(world, b"good")
    arrival = world.lane[0]
    world.interrupt(2, lambda: world.dead_letter(arrival))
    assert deliver() == "completed"
    world.come_to_rest()
    world.check(at_rest=True)
    assert world.job(job_id).status is Status.COMPLETED


def test_an_event_after_the_job_closed_changes_nothing(world: World) -> None:
    world.grant(USER, 100)
    job = world.submit(Tier.BASIC)
    world.clock.advance(7200)
    assert world.sweep() == {"expired": 1}
    late = world.upload(job, b"good")
    assert world.work(late) == "already_expired"
    world.check(at_rest=True)
    assert world.balance(USER) == 100 + FREE_CREDITS_A_MONTH


def test_a_photo_overwritten_between_event_and_processing(world: World) -> None:
    job_id, deliver = one_job(world, b"good one")
    world.upload(world.job(job_id), b"good two")
    assert deliver() == "overwritten"
    world.come_to_rest()
    world.check(at_rest=True)
    output = world.job(job_id).result
    assert output is not None
    assert world.bucket.objects[output.key] == b"cut good two"


def test_a_photo_in_a_backlog_is_not_a_missing_upload(world: World) -> None:
    _, deliver = one_job(world, b"good")
    world.clock.advance(3600)
    assert world.sweep() == {"still_queued": 1}
    assert deliver() == "completed"
    world.check(at_rest=True)
