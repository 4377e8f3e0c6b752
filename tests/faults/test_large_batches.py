"""Batches of more than 500 photos: longer to come, in several ZIPs, settled once like others."""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.people.limits import BATCH
from lumiku.domain.work.groups import Group, PlannedPhoto, Stage
from lumiku.domain.work.jobs import STRAGGLER_TIME, Status
from lumiku.services.transactions import SetLimits
from tests.faults.chaos import Chaos
from tests.faults.chaos_orders import Order
from tests.faults.execution import Executions
from tests.faults.stores import fake_world
from tests.faults.storm import ODDS
from tests.faults.world import USER, World

HOUR = timedelta(hours=1)
TICK = timedelta(seconds=1)
GOOD, BAD, MISSING = b"good", b"bad", b""


@pytest.fixture
def world() -> Iterator[World]:
    with fake_world(executions=Executions()) as opened:
        yield opened


def live(world: World, order: Order, odds: Any) -> Group:
    """The batch at its end, after such weather."""
    chaos = Chaos(world, random.Random(7), [order], odds)  # noqa: S311 - reproducible
    chaos.storm_on(turns=600)
    chaos.calm_down()
    chaos.check()
    [group] = world.all_groups()
    return group


def manifests(world: World, group: Group) -> list[Any]:
    """What each ZIP says of its photos."""
    found = []
    for archive in world.rows.archives(group.id):
        with zipfile.ZipFile(io.BytesIO(world.bucket.objects[archive.key])) as opened:
            found.append(json.loads(opened.read("manifest.json")))
    return found


@pytest.mark.parametrize("photos", [501, 1001, 2000])
def test_it_is_settled_once_and_comes_in_parts(world: World, photos: int) -> None:
    order = Order([GOOD] * (photos - 3) + [BAD, MISSING, GOOD], "finish")
    group = live(world, order, {})

    assert group.outcome is not None
    assert (group.outcome.completed, group.outcome.failed) == (photos - 2, 1)
    assert group.price - group.outcome.refund < price(Tier.BASIC, photos).total
    told = manifests(world, group)
    assert [len(one["photos"]) for one in told[:-1]] == [500] * ((photos - 1) // 500)
    assert sum(len(one["photos"]) for one in told) == photos
    assert sum(one["creditsCharged"] for one in told) == group.price - group.outcome.refund
    names = [photo["result"] for one in told for photo in one["photos"] if photo["result"]]
    assert len(set(names)) == photos - 2


def test_messages_come_twice_and_in_any_order_and_machines_die(world: World) -> None:
    group = live(world, Order([GOOD] * 480 + [BAD] * 20 + [MISSING] * 10, "finish"), ODDS)

    assert group.stage is Stage.CLOSED  # and all else that Chaos.check says


def ordered(world: World, photos: int) -> Group:
    world.grant(USER, 20_000)
    world.rows.commit(SetLimits(USER, {BATCH.name: BATCH.model_copy(update={"count": 99})}))
    world.executions.reached = Sleeping()
    planned = tuple(PlannedPhoto(name=f"{n}.jpg", size_bytes=9) for n in range(photos))
    return world.batch(NewBatch(Tier.BASIC, planned), "k")


class Sleeping:
    """Executions of which none ever runs."""

    def start(self, group: Group) -> None: ...

    def wake(self, token: str) -> None: ...


def finished_after(world: World, photos: int, after: timedelta) -> bool:
    """Whether the sweeper has given back by then what never came."""
    group = ordered(world, photos)
    world.clock.advance(after.total_seconds())
    world.group_sweeping.sweep()
    statuses = {job.status for job in world.rows.group_jobs(group.id)}
    assert len(statuses) == 1
    return statuses == {Status.EXPIRED}


@pytest.mark.parametrize(("photos", "hours"), [(500, 1), (501, 6)])
@pytest.mark.parametrize("is_over", [False, True])
def test_photos_have_so_long_to_come(world: World, photos: int, hours: int, is_over: bool) -> None:
    until = hours * HOUR + STRAGGLER_TIME
    assert finished_after(world, photos, until + (TICK if is_over else -TICK)) is is_over


@pytest.mark.parametrize(("photos", "hours"), [(500, 2), (501, 8)])
def test_an_execution_waits_for_them_so_long(world: World, photos: int, hours: int) -> None:
    group = ordered(world, photos)
    world.clock.advance((hours * HOUR - TICK).total_seconds())
    is_large = photos > 500

    assert (world.closing.close_in_time(group.id) is None) is is_large
    world.clock.advance(2)
    assert world.closing.close_in_time(group.id) is not None


def test_one_that_nobody_closes_is_closed_by_the_sweeper_an_hour_later(world: World) -> None:
    group = ordered(world, 501)
    for hours in (8, 1.1):
        assert world.rows.group(group.id).stage is Stage.OPEN
        world.clock.advance(hours * 3600)
        world.group_sweeping.sweep()
    assert world.rows.group(group.id).stage is Stage.CLOSED


def test_cancelled_at_once_all_comes_back(world: World) -> None:
    group = ordered(world, 5000)

    assert world.closing.cancel(group) == 5000
    assert world.closing.close(group.id).refund == group.price


def test_a_retry_of_many_is_large_itself(world: World) -> None:
    group = ordered(world, 600)
    for job in world.rows.group_jobs(group.id):
        world.upload(job, b"flaky")
    for _ in range(4):
        world.clock.advance(300)
        for arrival in world.lane.copy():
            world.work(arrival)
    world.closing.close(group.id)

    again = world.retry(world.rows.group(group.id))

    assert (again.total, again.is_large, again.price) == (600, True, group.price)
    assert len(world.lanes.sent) == 600
