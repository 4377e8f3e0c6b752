"""What counts against a limit: orders that are accepted; and, apart from them, those refused."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from lumiku.apps.remover.ordering import NewBatch, NewPhoto, Request
from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import (
    IdempotencyKeyReused,
    InsufficientCredits,
    PriceChanged,
    Refusal,
    TooManyRequests,
)
from lumiku.domain.money.quotas import Payment
from lumiku.domain.money.refusals import NoSubscription
from lumiku.domain.people.limits import BATCH, REFUSED, SINGLE, Pace
from lumiku.domain.work.groups import PlannedPhoto
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import CALLER, USER, World

PAIR = tuple(PlannedPhoto(name=n, size_bytes=9) for n in ("a", "b"))
CHEAP = NewPhoto("a.png", 9, "", Tier.BASIC)


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        yield opened


def too_dear(world: World) -> Pace | None:
    """500 photos cost far more than a month's free credits."""
    many = tuple(PlannedPhoto(name=str(n), size_bytes=9) for n in range(500))
    return world.order_batch(NewBatch(Tier.INDUSTRY, many)).pace


def another_price(world: World) -> Pace | None:
    return world.photo_orders.order(CALLER, CHEAP, Request(expected_credits=1)).pace


def without_a_plan(world: World) -> Pace | None:
    return world.order_batch(NewBatch(Tier.BASIC, PAIR, Payment.SUBSCRIPTION)).pace


def another_order_with_the_key(world: World) -> Pace | None:
    world.order_photo(CHEAP, "k")
    return world.order_photo(NewPhoto("b.png", 9, "", Tier.BASIC), "k").pace


REFUSALS = pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        (too_dear, InsufficientCredits),
        (another_price, PriceChanged),
        (without_a_plan, NoSubscription),
        (another_order_with_the_key, IdempotencyKeyReused),
    ],
)


@REFUSALS
def test_what_is_refused_takes_nothing_from_the_limits_of_orders(
    world: World, ask: Callable[[World], Any], refusal: type[Refusal]
) -> None:
    for _ in range(BATCH.count + 1):
        with pytest.raises(refusal):
            ask(world)

    batch, photo = world.order_batch(NewBatch(Tier.BASIC, PAIR)).pace, world.order_photo(CHEAP).pace
    assert batch is not None
    assert photo is not None
    assert batch.remaining == BATCH.count - 1
    assert photo.remaining == SINGLE.count - 1 - (ask is another_order_with_the_key)


@REFUSALS
def test_who_is_refused_too_often_is_told_to_wait_and_may_still_order_what_is_accepted(
    world: World, ask: Callable[[World], Any], refusal: type[Refusal]
) -> None:
    for _ in range(REFUSED.count):
        with pytest.raises(refusal):
            ask(world)

    with pytest.raises(TooManyRequests) as told:
        ask(world)

    assert (told.value.limit, told.value.count) == (REFUSED.name, REFUSED.count)
    assert world.order_batch(NewBatch(Tier.BASIC, PAIR)).pace is not None
    world.clock.advance(told.value.retry_after_s)
    with pytest.raises(refusal):
        ask(world)


def test_who_is_refused_too_often_writes_once_each_time(world: World) -> None:
    """Neither an order's place nor a list of photos: nothing but that it was refused."""
    written = list[str]()
    take = world.rows.take

    def count(*asked: Any) -> Any:
        written.append(asked[1].name)
        return take(*asked)

    world.balance(USER)  # the month's free credits are there
    world.rows.take = count
    before = world.effects
    for _ in range(REFUSED.count + 5):
        with suppress(Refusal):
            too_dear(world)

    assert world.effects == before
    assert set(written) == {REFUSED.name}
    assert len(written) == REFUSED.count + 5
    assert world.bucket.objects == {}


def test_an_order_that_is_refused_at_the_last_moment_takes_no_place_either(world: World) -> None:
    """Another one spends the credits between the look and the charge."""
    world.interrupt(2, lambda: world.order_batch(NewBatch(Tier.STANDARD, PAIR)))
    with pytest.raises(InsufficientCredits):
        world.order_batch(NewBatch(Tier.PROFESSIONAL, (*PAIR, PAIR[0])))
    world.plan = {}

    pace = world.order_batch(NewBatch(Tier.BASIC, PAIR)).pace
    assert pace is not None
    assert pace.remaining == BATCH.count - 2
