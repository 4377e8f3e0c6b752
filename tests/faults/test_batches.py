"""Batches under any order of uploads, deliveries, deaths, cancels, closes and time-outs."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest

from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import Tier, worth
from lumiku.domain.errors import NothingToRetry
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH
from lumiku.domain.work.groups import Outcome, PlannedPhoto
from lumiku.domain.work.jobs import GAVE_UP, Source, Status
from lumiku.domain.work.settling import settle
from lumiku.services.transactions import AlreadyDone, CloseGroup, Post
from lumiku.services.work.closing import Closing
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.orders import Orders
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.weather import Killed
from tests.faults.world import USER, World


def test_on_the_fakes() -> None:
    run(Orders, fake_world, examples=400, steps=30)


def test_on_dynamodb() -> None:
    run(Orders, dynamodb_world, examples=8, steps=20)


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        opened.grant(USER, 400)
        yield opened


PAIR = NewBatch(Tier.STANDARD, tuple(PlannedPhoto(name=n, size_bytes=9) for n in ("a", "b")))


@pytest.mark.parametrize("at", range(1, 6))
def test_a_slow_repetition_of_an_order_resets_nothing(world: World, at: int) -> None:
    def meanwhile() -> None:
        group = world.batch(PAIR, "k")
        world.work(world.bucket.upload(str(group.photo_key(0)), b"good"))

    world.interrupt(at, meanwhile)
    group = world.batch(PAIR, "k")
    world.plan = {}
    meanwhile()
    assert [job.status for job in world.rows.group_jobs(group.id)] == [
        Status.COMPLETED,
        Status.PENDING,
    ]
    assert len(world.entries()) == 3


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_finish_that_was_cut_short_is_made_up_for(world: World, at: int) -> None:
    """Else the execution sleeps until its time-out, for the sets are never full."""
    group = world.batch(PAIR)
    world.closing.await_all(group.id, "token")
    world.interrupt(at, world.kill)
    with pytest.raises(Killed):
        world.closing.finish(group)
    assert world.executions.woken == []

    world.closing.finish(group)
    assert world.executions.woken == ["token"]


def test_photos_that_nobody_took_in_time_earn_their_discount(world: World) -> None:
    photos = tuple(PlannedPhoto(name=f"{i}.jpg", size_bytes=9) for i in range(21))
    group = world.batch(NewBatch(Tier.BASIC, photos))
    arrivals = [world.bucket.upload(str(group.photo_key(i)), b"good") for i in range(20)]
    for arrival in arrivals[:10]:
        world.work(arrival)
    world.settlement.settle(f"{group.id}_0010")
    outcome = world.closing.close(group.id)

    reasons = [job.failure and job.failure.code for job in world.rows.group_jobs(group.id)]
    assert reasons == [None] * 10 + [GAVE_UP.code] + ["out_of_time"] * 9 + ["upload_missing"]
    assert group.price - outcome.refund == 28  # ten shares of the 57 that 20 photos cost


def test_stored_photos_are_not_missing_uploads() -> None:
    with fake_world() as world:
        world.grant(USER, 400)
        group = world.batch(PAIR)
        [first, _] = world.rows.group_jobs(group.id)
        stored = Source(kind="item", key="kept/shoe")
        world.rows.jobs[first.id] = first.model_copy(update={"source": stored})

        assert world.closing.finish(group) == 1
        assert world.rows.get(first.id).status is Status.PENDING
        world.closing.close(group.id)

        reasons = [job.failure and job.failure.code for job in world.rows.group_jobs(group.id)]
        assert reasons == ["out_of_time", "upload_missing"]


def test_failed_photos_are_tried_again_at_what_came_back(world: World) -> None:
    group = world.batch(PAIR)
    for index, photo in enumerate([b"good", b"bad"]):
        world.work(world.bucket.upload(str(group.photo_key(index)), photo))
    outcome = world.closing.close(group.id)
    again = world.retry(group)
    assert world.retry(group).id == again.id
    assert again.price == outcome.refund == 8
    world.bucket.objects[str(group.photo_key(1))] = b"good now"
    assert world.begin() == ["completed"]
    assert world.closing.close(again.id).completed == 1
    assert world.rows.account(USER).balance == 400 + FREE_CREDITS_A_MONTH - 16
    with pytest.raises(NothingToRetry):
        world.retry(again)


def test_a_retry_can_be_tried_again_from_the_same_originals(world: World) -> None:
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    first = world.retry(group)
    assert world.begin() == ["damaged_photo"] * 2
    world.closing.close(first.id)
    for index in range(2):
        world.bucket.objects[str(group.photo_key(index))] = b"good now"

    second = world.retry(first)

    assert world.begin() == ["completed"] * 2
    assert world.closing.close(second.id).refund == 0
    assert world.rows.account(USER).balance == 400 + FREE_CREDITS_A_MONTH - 16


@pytest.mark.parametrize("at", range(1, 6))
def test_a_retry_that_was_cut_short_is_made_of_the_photos_that_were_paid_for(
    world: World, at: int
) -> None:
    """One of them expired before the request was repeated."""
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    world.interrupt(at, world.kill)
    with suppress(Killed):
        world.retry(group)
    world.plan = {}
    world.bucket.delete(str(group.photo_key(1)))

    again = world.retry(group)

    jobs = world.rows.group_jobs(again.id)
    assert [job.source.key for job in jobs] == [str(group.photo_key(i)) for i in range(again.total)]
    assert world.closing.close(again.id).refund == again.price


def test_an_original_that_is_gone_fails_alone(world: World) -> None:
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    world.bucket.objects[str(group.photo_key(0))] = b"good now"
    again = world.retry(group)
    world.bucket.delete(str(group.photo_key(1)))

    assert world.begin() == ["completed", "photo_missing"]
    assert world.closing.close(again.id).refund == again.price // 2


def test_what_is_uploaded_where_nothing_is_awaited_goes(world: World) -> None:
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    again = world.retry(group)
    stray = world.bucket.upload(str(again.photo_key(0)), b"good")

    assert world.work(stray) == "stray_object"

    assert stray.key not in world.bucket.objects
    assert world.begin() == ["damaged_photo"] * 2


class SettlesFromTheSets(Closing):
    """Planted bug: counts what workers said, not what the rows say."""

    def close(self, group_id: str) -> Outcome:
        group = self._group(group_id)
        if group.outcome is not None:
            return group.outcome
        said = self.groups.done.get(group_id, set())  # type: ignore[attr-defined]
        jobs = self._all_over(group)
        claimed = [
            job.model_copy(
                update={"status": Status.COMPLETED if job.index in said else Status.FAILED}
            )
            for job in jobs
        ]
        outcome = settle(group, claimed, worth).outcome
        with suppress(AlreadyDone):
            self.transactions.commit(
                CloseGroup(group, outcome, self.clock()),
                Post(group.refund(outcome, self.clock())),
            )
        return outcome


def test_settling_from_the_progress_sets_is_caught() -> None:
    world = partial(fake_world, closing_class=SettlesFromTheSets)
    assert_caught(partial(run_briefly, Orders, world), 1)
