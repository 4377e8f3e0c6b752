"""What an app spends by a grant: as much as its orders cost, whatever dies in between."""

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from lumiku.apps.remover.ordering import NewBatch, NewPhoto, Request
from lumiku.apps.remover.prices import Tier
from lumiku.domain.connected.grants import Grant
from lumiku.domain.errors import Refusal
from lumiku.domain.money.ledger import month
from lumiku.domain.money.quotas import Payment
from lumiku.domain.people.callers import Caller
from lumiku.domain.work.groups import Outcome, PlannedPhoto, Stage
from lumiku.domain.work.jobs import Status
from lumiku.services.transactions import Change, Unspend
from tests.fakes import START, FakeStore
from tests.faults.machine import assert_caught
from tests.faults.stores import fake_world
from tests.faults.weather import Killed
from tests.faults.world import USER, World

APP, CAP = "avatar-creator", 40


class Forgetful(FakeStore):
    """Planted bug: what came back stays counted."""

    def commit(self, *changes: Change) -> None:
        super().commit(*(one for one in changes if not isinstance(one, Unspend)))


class Unbounded(FakeStore):
    """Planted bug: nobody looks at the cap when it is charged."""

    def check_spending(self, asked: object, read: object) -> None:
        pass


@contextmanager
def opened(rows: FakeStore | None = None) -> Iterator[World]:
    """A world whose account connected an app."""
    with fake_world(rows or FakeStore()) as world:
        world.rows.grants[USER, APP] = Grant(
            id=f"grant_{USER}_{'0' * 32}",
            account=USER,
            app=APP,
            app_id="app_1",
            scopes=("remove",),
            monthly_cap=CAP,
            created_at=START,
        )
        world.grant(USER, 500)
        yield world


def grant(world: World) -> Grant:
    found: Grant = world.rows.grants[USER, APP]
    return found


def acting(world: World) -> Caller:
    """The app, as it was read when its request came."""
    return Caller(f"app:{APP}", USER, grant=grant(world))


def order(world: World, caller: Caller, key: str, photos: int) -> None:
    """An order of the app, which may be refused or die."""
    with suppress(Refusal, Killed):
        if photos == 1:
            photo = NewPhoto("a.png", 9, "", Tier.STANDARD)
            world.photo_orders.order(caller, photo, Request(key))
            return
        planned = tuple(PlannedPhoto(name=str(n), size_bytes=9) for n in range(photos))
        world.batch_orders.order(caller, NewBatch(Tier.BASIC, planned), Request(key))


def live(seed: int, rows: FakeStore | None = None) -> None:
    """Orders, photos that come or do not, closings and deaths; then everything comes to rest."""
    chance = random.Random(seed)  # noqa: S311 - reproducible
    with opened(rows) as world:
        readers = [acting(world)]
        for step in range(25):
            if chance.random() < 0.3:
                world.interrupt(chance.randrange(1, 8), world.kill)
            match chance.randrange(4):
                case 0:
                    readers.append(acting(world))
                case 1:
                    order(world, chance.choice(readers), f"k{step // 2}", chance.randrange(1, 5))
                case 2:
                    for job in world.all_jobs():
                        is_open = job.status is Status.PENDING
                        if is_open and job.group_id is None and chance.random() < 0.5:
                            world.upload(job, chance.choice([b"photo", b"bad"]))
                    for arrival in world.lane.copy():
                        world.work(arrival)
                    world.settle_all()
                case 3:
                    world.clock.advance(900)
                    with suppress(Killed):
                        world.sweep()
                    close_all(world)
            check(world)
        world.come_to_rest()
        close_all(world)
        check(world)


def close_all(world: World) -> list[Outcome]:
    """Close every group, as its execution does in the end."""
    done: list[Outcome] = []
    for group in world.all_groups():
        with suppress(Killed):
            world.grouping.make(group)
            if group.stage is not Stage.CLOSED:
                done.append(world.closing.close(group.id))
    return done


def check(world: World) -> None:
    """The count is the sum of the app's entries by month of their orders, and within the cap."""
    orders = {one.id: one for one in (*world.all_jobs(), *world.all_groups())}
    net: dict[str, int] = {}
    for entry in world.entries():
        if entry.integrated_with == APP:
            of = month(orders[entry.reference].created_at)
            net[of] = net.get(of, 0) - entry.amount
    assert {of: spent for of, spent in grant(world).spent.items() if spent} == {
        of: spent for of, spent in net.items() if spent
    }
    assert all(0 <= spent <= CAP for spent in net.values())


@pytest.mark.parametrize("seed", range(60))
def test_the_count_is_what_the_orders_cost(seed: int) -> None:
    live(seed)


def test_a_count_that_never_falls_is_caught() -> None:
    assert_caught(lambda seed: live(seed, Forgetful()), 0)


def test_a_cap_that_nobody_looks_at_when_it_is_charged_is_caught() -> None:
    assert_caught(lambda seed: live(seed, Unbounded()), 6)


def test_an_app_takes_nothing_of_a_plans_quota() -> None:
    with opened() as world:
        photo = NewPhoto("a.png", 9, "", Tier.STANDARD, Payment.AUTO)
        job = world.photo_orders.order(acting(world), photo, Request("k")).order

        assert (job.pricing_type, job.quota_day, job.integrated_with) == ("credits", None, APP)
