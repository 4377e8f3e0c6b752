"""Two requests with one key at the same moment: one is a replay, and costs nothing at all."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from lumiku.apps.remover.batches import AcceptedBatch, NewBatch
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.submissions import Accepted, NewPhoto
from lumiku.domain.errors import TooManyRequests
from lumiku.domain.people.limits import BATCH, SINGLE, Limit
from lumiku.domain.work.groups import PlannedPhoto
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
    def submit(key: str) -> Accepted:
        return world.submissions.submit(USER, PHOTO, idempotency_key=key)

    won: list[Accepted] = []
    world.interrupt(at, lambda: won.append(submit("k")))
    late = submit("k")

    assert (late.job, late.balance) == (won[0].job, won[0].balance) == (won[0].job, 42)
    assert (late.pace is None, won[0].pace is None) == (True, False)
    another = submit("other").pace
    assert another is not None
    assert another.limit.count - another.remaining == 2


@pytest.mark.parametrize("at", [1, 2])
def test_a_batch(world: World, at: int) -> None:
    def submit(key: str) -> AcceptedBatch:
        return world.batches.submit(USER, PAIR, idempotency_key=key)

    won: list[AcceptedBatch] = []
    world.interrupt(at, lambda: won.append(submit("k")))
    late = submit("k")

    assert (late.group.id, late.balance) == (won[0].group.id, won[0].balance)
    assert late.balance == 34
    assert (late.pace is None, won[0].pace is None) == (True, False)
    another = submit("other").pace
    assert another is not None
    assert another.limit.count - another.remaining == 2


@pytest.mark.parametrize("limit", [SINGLE, BATCH], ids=["photo", "batch"])
def test_the_first_took_the_last_place_of_the_limit(
    world: World, limit: Limit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def submit(key: str) -> Accepted | AcceptedBatch:
        if limit is SINGLE:
            return world.submissions.submit(USER, PHOTO, idempotency_key=key)
        return world.batches.submit(USER, PAIR, idempotency_key=key)

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
