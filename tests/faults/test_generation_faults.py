"""Process orders that meet: on the last credits, on credits that expire, on workers that die."""

from collections import Counter
from contextlib import suppress

import pytest

from lumiku.domain.errors import Busy, IdempotencyKeyReused, InsufficientCredits
from lumiku.domain.errors import TooManyRequests as Hurried
from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.projects.variations import Variation
from lumiku.services.transactions import Post
from lumiku.services.work.processing import Start
from tests.faults.studio import dynamodb_studio, fake_studio
from tests.faults.weather import Killed
from tests.faults.world import USER, VISIBILITY_S


def test_of_ten_orders_at_once_one_gets_the_last_credits() -> None:
    with fake_studio() as studio:
        world = studio.world
        world.clock.advance(1)
        spent = world.balance(USER) - 5
        entry = Entry(
            user_id=USER,
            kind=EntryKind.CHARGE,
            amount=-spent,
            reference="before",
            at=world.clock(),
            app="background-remover",
            product="remover/basic",
            photos=1,
        )
        world.rows.commit(Post(entry))
        item = studio.item_ids[0]
        outcomes: Counter[str] = Counter()

        def race(others: int) -> None:
            if others:
                world.interrupt(1, lambda: race(others - 1))
            try:
                studio.order(item, "removed")
            except (InsufficientCredits, Hurried, Busy) as refused:
                outcomes[refused.code] += 1
            else:
                outcomes["placed"] += 1

        race(9)

        assert outcomes == {"placed": 1, "insufficient_credits": 9}
        assert world.balance(USER) == 0


def test_an_order_that_is_cancelled_before_its_credits_expire_goes_back_to_them() -> None:
    with fake_studio() as studio:
        world = studio.world
        world.balance(USER)  # the month's free credits come first
        account = world.rows.account(USER)
        until = iso(world.clock().replace(hour=23, minute=59, second=59, microsecond=999999))
        world.clock.now = world.clock().replace(hour=10)
        granted = Entry(
            user_id=USER,
            kind=EntryKind.GRANT,
            amount=12,
            granted={until: 12},
            reference="month",
            at=world.clock(),
        )
        world.rows.commit(Post(granted))
        item = studio.item_ids[0]
        placed = studio.order(item, "dropped")
        assert not isinstance(placed, Variation)
        assert placed.order.granted == {until: 12}
        found = studio.item(item)
        assert found is not None
        studio.finishing.store.delete_item(found, world.clock())
        world.clock.advance(24 * 3600)

        assert studio.look_at_all() == ["generation_cancelled"]

        assert world.rows.account(USER).granted == {until: 12}
        assert world.balance(USER) == account.balance, "they have expired: nothing is granted anew"


@pytest.mark.parametrize("killed_at", range(1, 12))
@pytest.mark.parametrize("lost", [False, True])
def test_wherever_a_worker_dies_an_order_becomes_one_variation(killed_at: int, lost: bool) -> None:
    with dynamodb_studio() as studio:
        world = studio.world
        world.grant(USER, 20)
        before = world.balance(USER)
        item = studio.item_ids[0]
        world.interrupt(killed_at, world.lose_answer if lost else world.kill)
        for _ in range(2):
            with suppress(Killed, IdempotencyKeyReused):
                studio.order(item, "dropped", "k")
        for _ in range(4):
            world.begin()
            world.clock.advance(VISIBILITY_S)
            for job in world.all_jobs():  # the queue delivers again what was not done
                world.work(Start(job.id))
            with suppress(Killed):
                studio.look_at_all()
            world.clock.advance(1800)
            world.sweep()
        assert not world.plan, "nobody died"

        assert [one.credits for one in studio.all_variations()] == [12]
        assert world.balance(USER) == before - 12
        assert studio.look_at_all() == []
