"""Plans with credits that expire: paid for, used by the remover too, given back, raced, expired."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta

import pytest

from lumiku.apps.remover.ordering import NewBatch, NewPhoto
from lumiku.apps.remover.prices import Tier
from lumiku.apps.studio.plans import StudioPlanName
from lumiku.domain.errors import InsufficientCredits
from lumiku.domain.instant import iso
from lumiku.domain.money import ledger
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.pockets import ANEW
from lumiku.domain.work.groups import PlannedPhoto
from lumiku.domain.work.jobs import GAVE_UP, Status
from lumiku.services.transactions import Post
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import CALLER, USER, World

DAY_S = 86_400
FREE = 50


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """An account on Professional, with 500 credits for a month and the 50 free ones."""
    opened: AbstractContextManager[World] = request.param()
    with opened as world:
        world.clock.now = world.clock.now.replace(day=2, hour=12)
        world.balance(USER)
        buy(world, StudioPlanName.PROFESSIONAL)
        yield world


def buy(world: World, plan: StudioPlanName) -> None:
    shown = world.studio_subscriptions.subscribe(CALLER, plan, idempotency_key=None)
    assert shown.invoice is not None
    word = {"status": "paid", "token": shown.invoice.secret}
    for _ in range(2):
        world.payments.notify(shown.invoice.id, word)


def pockets(world: World) -> tuple[int, list[int]]:
    """Bought credits, and granted ones by lot, the next to expire first."""
    account = world.rows.account(USER)
    assert sum(entry.amount for entry in world.entries()) == account.balance
    return account.bought, [credits for _, credits in sorted(account.granted.items()) if credits]


def period_end(world: World) -> datetime:
    found = world.rows.subscription(USER, "product-photo-studio").period_end
    assert isinstance(found, datetime)
    return found


def just_after_the_expiry(world: World) -> None:
    world.clock.now = period_end(world)


def leave(world: World, bought: int, granted: int) -> None:
    """Use granted credits until so many are left, and give or take bought ones."""
    account = world.rows.account(USER)
    [(until, held)] = account.granted.items()
    charge = world.submit(Tier.BASIC).charge()
    spent = granted - held + 3
    used = {"amount": spent, "granted": {until: spent}, "reference": "spent"}
    world.rows.commit(Post(charge.model_copy(update=used)))
    if bought != FREE:
        world.grant(USER, bought - FREE)
    assert pockets(world) == (bought, [granted])


def test_a_paid_period_brings_its_credits_once_until_its_end(world: World) -> None:
    assert pockets(world) == (FREE, [500])
    assert list(world.rows.account(USER).granted) == [iso(period_end(world))]


def test_granted_credits_pay_first_in_the_other_app_too(world: World) -> None:
    job = world.submit(Tier.INDUSTRY)

    assert job.granted == {iso(period_end(world)): 25}
    assert pockets(world) == (FREE, [475])


def test_the_rest_of_a_price_is_paid_by_bought_credits(world: World) -> None:
    leave(world, 50, 5)

    job = world.submit(Tier.STANDARD)

    assert job.granted == {iso(period_end(world)): 5}
    assert pockets(world) == (47, [])


def test_expiry_takes_only_what_is_left_and_once(world: World) -> None:
    world.submit(Tier.INDUSTRY)
    just_after_the_expiry(world)

    for _ in range(2):
        world.balance(USER)

    [expiry] = [e for e in world.entries() if e.kind is EntryKind.EXPIRY]
    assert expiry.amount == -475
    assert pockets(world) == (FREE * 2, [])  # another month's free credits came


def test_expired_credits_buy_nothing_even_before_anybody_took_them(world: World) -> None:
    just_after_the_expiry(world)

    assert world.submit(Tier.STANDARD).granted is None
    assert pockets(world) == (FREE * 2 - 8, [])


def test_a_charge_whose_pockets_moved_is_split_anew(world: World) -> None:
    leave(world, 50, 5)
    world.interrupt(1, lambda: world.submit(Tier.BASIC))

    placed = world.order_photo(NewPhoto("shoe.jpg", 10, "image/jpeg", Tier.STANDARD))

    assert placed.order.granted == {iso(period_end(world)): 2}
    assert placed.balance == 50 - 6
    assert pockets(world) == (50 - 6, [])


def test_what_expires_while_an_order_is_taken_in_may_still_pay_for_it(world: World) -> None:
    leave(world, 50, 5)
    ordered_at = world.clock.now = period_end(world) - timedelta(milliseconds=1)
    world.balance(USER)  # another month's free credits come
    world.interrupt(1, lambda: world.clock.advance(60))

    job = world.submit(Tier.STANDARD)

    assert (job.created_at, job.granted) == (ordered_at, {iso(period_end(world)): 5})


def test_credits_that_are_taken_for_expired_meanwhile_are_not_charged(world: World) -> None:
    leave(world, 50, 5)
    world.clock.now = period_end(world) - timedelta(milliseconds=1)
    world.balance(USER)  # another month's free credits come

    def expire() -> None:
        just_after_the_expiry(world)
        account = world.rows.account(USER)
        world.rows.commit(Post(ledger.expiry(USER, account.granted, world.clock())))

    world.interrupt(1, expire)

    assert world.submit(Tier.STANDARD).granted is None
    assert pockets(world) == (50 + FREE - 8, [])


def test_orders_that_race_for_the_last_credits_take_what_there_is(world: World) -> None:
    leave(world, 10, 7)
    done: list[str] = []

    def order() -> None:
        done.append(world.submit(Tier.STANDARD).id)

    for _ in range(2):
        world.interrupt(1, order)
        with suppress(InsufficientCredits):
            order()

    assert len(done) == 2
    assert pockets(world) == (1, [])


def test_an_order_that_the_customer_gives_up_after_the_expiry_gains_nothing(world: World) -> None:
    job = world.submit(Tier.INDUSTRY)
    just_after_the_expiry(world)

    world.sweep()

    assert world.job(job.id).status is Status.EXPIRED
    assert world.balance(USER) == FREE * 2
    assert pockets(world) == (FREE * 2, [])


def test_a_broken_file_of_before_the_expiry_gains_nothing(world: World) -> None:
    job = world.submit(Tier.INDUSTRY)
    arrival = world.upload(job, b"bad")
    just_after_the_expiry(world)

    world.work(arrival)
    world.settle_all()

    assert world.balance(USER) == FREE * 2


def test_what_we_failed_to_do_is_granted_anew_for_30_days(world: World) -> None:
    job = world.submit(Tier.INDUSTRY)
    just_after_the_expiry(world)

    world.settlement.settle(job.id)

    assert world.balance(USER) == FREE * 2 + 25
    assert world.rows.account(USER).granted == {iso(world.clock.now + ANEW): 25}


def test_a_renewed_period_has_a_lot_of_its_own(world: World) -> None:
    job = world.submit(Tier.INDUSTRY)
    world.clock.now = period_end(world)
    buy(world, StudioPlanName.PROFESSIONAL)
    assert pockets(world)[1] == [475, 500]

    world.sweep()  # the photo never came

    assert world.job(job.id).status is Status.EXPIRED
    assert world.balance(USER) == FREE * 2 + 500
    assert pockets(world) == (FREE * 2, [500])


def test_an_upgrade_brings_the_difference_for_the_days_that_are_left(world: World) -> None:
    world.clock.advance(20 * DAY_S)
    buy(world, StudioPlanName.PREMIUM)

    # November has 30 days, and 10 of them are left.
    assert pockets(world) == (FREE, [500 + 500])


def test_a_batch_gives_each_part_back_where_it_came_from(world: World) -> None:
    leave(world, 50, 4)
    photos = tuple(PlannedPhoto(name=f"{n}.jpg", size_bytes=1) for n in range(4))
    group = world.batch(NewBatch(Tier.BASIC, photos))
    assert pockets(world) == (50 - 8, [])
    done, failed, *_ = world.rows.group_jobs(group.id)
    world.work(world.upload(done, b"good"))
    just_after_the_expiry(world)

    # One is done, one failed by our fault, two never came: 3 are kept, 9 come back.
    world.rows.end([failed], Status.FAILED, GAVE_UP, at=world.clock())
    outcome = world.closing.close(group.id)

    assert (outcome.refund, outcome.ours) == (9, 3)
    assert world.balance(USER) == 50 + 1 + FREE
    [lot] = world.rows.account(USER).granted.items()
    assert lot == (iso(world.clock.now + ANEW), 1)
