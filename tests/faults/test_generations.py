"""Any order of process orders, deaths, deletions and settlements of the studio."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lumiku.domain.errors import Busy, IdempotencyKeyReused, InsufficientCredits, Refusal
from lumiku.domain.errors import TooManyRequests as Hurried
from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.projects.variations import Variation
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.transactions import Post
from lumiku.services.work.processing import Start
from tests.faults.machine import run
from tests.faults.studio import LOOKS, Studio, dynamodb_studio, fake_studio
from tests.faults.weather import Killed
from tests.faults.world import USER, VISIBILITY_S

AT = st.integers(1, 8)


class Generations(RuleBasedStateMachine):
    """The rules; `open_world` says over which stores and which use cases."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._open = type(self).open_world()
        self.studio: Studio = self._open.__enter__()
        self.world = self.studio.world
        self.world.grant(USER, 60)
        self.items = self.studio.item_ids

    def _completed(self, item: str) -> bool:
        """A completed order of the item held its removal."""
        return any(
            job.status is Status.COMPLETED and job.for_item.item_id == item and job.for_item.holds
            for job in self._jobs()
        )

    def _jobs(self) -> list[Any]:
        return [job for job in self.world.all_jobs() if job.for_item is not None]

    def _made(self, item: str, look: str) -> list[str]:
        return [
            one.id
            for one in self.studio.all_variations()
            if one.item_id == item
            and not one.deleted_at
            and one.asked == {"workflow": LOOKS[look][0]}
        ]

    @rule(
        which=st.integers(0, 1),
        look=st.sampled_from([*LOOKS]),
        key=st.sampled_from([None, "k1", "k2"]),
        at=AT,
        what=st.sampled_from(["nothing", "kill", "twin", "work", "delete"]),
    )
    def order(self, which: int, look: str, key: str | None, at: int, what: str) -> None:
        item = self.items[which]
        acts: dict[str, Callable[[], object]] = {
            "kill": self.world.kill,
            "twin": lambda: self._order(item, look, key),
            "work": self._work,
            "delete": lambda: self._delete(item),
        }
        if what in acts:
            self.world.interrupt(at, acts[what])
        self._order(item, look, key)
        self.world.plan = {}

    def _order(self, item: str, look: str, key: str | None) -> None:
        before = {job.id for job in self._jobs()}
        was_paid, was_made = self._completed(item), self._made(item, look)
        try:
            placed = self.studio.order(item, look, key)
        except (Refusal, Killed):
            return
        is_paid, is_made = self._completed(item), self._made(item, look)
        if isinstance(placed, Variation):
            assert placed.id in {*was_made, *is_made}
            return
        if placed.order.id in before or placed.pace is None:
            return
        _, whole, rest = LOOKS[look]
        assert not (was_made and was_made == is_made), "it was made before"
        if was_paid == is_paid:
            assert placed.order.price == (rest if is_paid else whole)
        assert placed.order.price in {whole, rest}

    def _work(self) -> None:
        self.world.begin()

    @precondition(lambda self: self.world.lanes.sent or self._open_jobs())
    @rule(
        data=st.data(),
        photo=st.sampled_from([b"good", b"good", b"bad", b"flaky"]),
        at=AT,
        what=st.sampled_from(["nothing", "kill", "twin", "settle", "sweep", "delete", "look"]),
    )
    def deliver(self, data: st.DataObject, photo: bytes, at: int, what: str) -> None:
        world = self.world
        told = [Start(job_id) for _, job_id in world.lanes.sent]
        told += [Start(job.id) for job in self._open_jobs()]
        start = data.draw(st.sampled_from(told))
        job = world.rows.get(start.job_id)
        if job.source.key in world.bucket.objects:
            world.bucket.upload(job.source.key, photo)
        acts: dict[str, Callable[[], object]] = {
            "kill": world.kill,
            "twin": lambda: world.work(start),
            "settle": world.settle_all,
            "sweep": self._sweep,
            "delete": lambda: self._delete(job.for_item.item_id),
            "look": self.look,
        }
        if what in acts:
            world.interrupt(at, acts[what])
        world.work(start)
        world.plan = {}

    def _sweep(self) -> None:
        self.world.sweep()

    @rule(at=AT, killed=st.booleans())
    def keep(self, at: int, killed: bool) -> None:
        if killed:
            self.world.interrupt(at, self.world.kill)
        self.look()
        self.world.plan = {}

    def look(self) -> None:
        with suppress(Killed):
            self.studio.look_at_all()

    @rule(at=st.integers(1, 3), killed=st.booleans())
    def settle(self, at: int, killed: bool) -> None:
        if killed:
            self.world.interrupt(at, self.world.kill)
        self.world.settle_all()
        self.world.sweep()
        self.world.plan = {}

    @rule(seconds=st.sampled_from([1, VISIBILITY_S, 1800, 7 * 3600]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @rule(which=st.integers(0, 7))
    def delete_an_item(self, which: int) -> None:
        if which < len(self.items):
            self._delete(self.items[which])

    def _delete(self, item: str) -> None:
        if found := self.studio.item(item):
            self.studio.finishing.store.delete_item(found, self.world.clock())

    @precondition(lambda self: self.studio.all_variations())
    @rule(data=st.data())
    def delete_a_variation(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(sorted(self.studio.all_variations(), key=lambda v: v.id)))
        if (item := self.studio.item(one.item_id)) and not one.deleted_at:
            self.studio.finishing.variations.delete_variation(item, one, self.world.clock())

    def _open_jobs(self) -> list[Job]:
        return [job for job in self._jobs() if not job.status.is_over]

    @invariant()
    def money_is_right(self) -> None:
        self.world.check()

    @invariant()
    def variations_are_of_completed_jobs_and_one_of_each(self) -> None:
        jobs = {job.id: job for job in self._jobs()}
        made = Counter(one.generation_id for one in self.studio.all_variations())
        assert set(made.values()) <= {1}
        for one in self.studio.all_variations():
            job = jobs[one.generation_id]
            assert job.status is Status.COMPLETED
            assert one.credits == job.price
            if self.studio.item(one.item_id):
                assert {f.key for f in one.files.values()} <= self.world.bucket.objects.keys()

    def teardown(self) -> None:
        try:
            self.world.plan = {}
            for _ in range(2):
                for _ in range(6):
                    self.world.clock.advance(VISIBILITY_S)
                    for job in self._open_jobs():
                        self.world.work(Start(job.id))
                    self.world.settle_all()
                self.world.come_to_rest()
                self.look()
            self.world.check(at_rest=True)
            assert self.studio.look_at_all() == []
            made = {one.generation_id for one in self.studio.all_variations()}
            for job in self._jobs():
                if job.status is Status.COMPLETED and self.studio.item(job.for_item.item_id):
                    assert job.id in made
        finally:
            self._open.__exit__(None, None, None)


def test_on_the_fakes() -> None:
    run(Generations, fake_studio, examples=200, steps=25)


def test_on_dynamodb() -> None:
    run(Generations, dynamodb_studio, examples=8, steps=15)


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
