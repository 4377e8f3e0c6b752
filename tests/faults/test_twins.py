"""Two requests with one key at the same moment: one is a replay, and costs nothing at all."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from lumiku.apps.remover.ordering import NewBatch, NewPhoto
from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import TooManyRequests
from lumiku.domain.people.limits import BATCH, SINGLE, Limit
from lumiku.domain.work.groups import Group, PlannedPhoto
from lumiku.domain.work.jobs import Job
from lumiku.services.work.ordering import Placed
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import USER, World

PHOTO = NewPhoto("a.png", 9, "", Tier.STANDARD)
PAIR = NewBatch(Tier.STANDARD, tuple(PlannedPhoto(name=n, size_bytes=9) for n in ("a", "b")))


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        yield opened


@pytest.mark.parametrize("at", [1, 2])
def test_a_photo(world: World, at: int) -> None:
    def submit(key: str) -> Placed[Job]:
        return world.order_photo(PHOTO, key)

    won: list[Placed[Job]] = []
    world.interrupt(at, lambda: won.append(submit("k")))
    late = submit("k")

    assert (late.order, late.balance) == (won[0].order, won[0].balance) == (won[0].order, 42)
    assert (late.pace is None, won[0].pace is None) == (True, False)
    another = submit("other").pace
    assert another is not None
    assert another.limit.count - another.remaining == 2


@pytest.mark.parametrize("at", [1, 2])
def test_a_batch(world: World, at: int) -> None:
    def submit(key: str) -> Placed[Group]:
        return world.order_batch(PAIR, key)

    won: list[Placed[Group]] = []
    world.interrupt(at, lambda: won.append(submit("k")))
    late = submit("k")

    assert (late.order.id, late.balance) == (won[0].order.id, won[0].balance)
    assert late.balance == 34
    assert (late.pace is None, won[0].pace is None) == (True, False)
    another = submit("other").pace
    assert another is not None
    assert another.limit.count - another.remaining == 2


@pytest.mark.parametrize("limit", [SINGLE, BATCH], ids=["photo", "batch"])
def test_the_first_took_the_last_place_of_the_limit(
    world: World, limit: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def submit(key: str) -> Placed[Any]:
        if limit is SINGLE:
            return world.order_photo(PHOTO, key)
        return world.order_batch(PAIR, key)

    take, won = world.rows.take, []

    def take_late(*asked: Any) -> datetime:
        monkeypatch.setattr(world.rows, "take", take)
        won.append(submit("k"))
        moved: datetime = take(*asked)
        return moved

    for _ in range(limit.count - 1):
        take(USER, limit, world.clock())
    monkeypatch.setattr(world.rows, "take", take_late)
    late = submit("k")

    assert late.balance == won[0].balance == world.rows.account(USER).balance
    assert (late.pace is None, won[0].pace is None) == (True, False)
    with pytest.raises(TooManyRequests):
        submit("other")
