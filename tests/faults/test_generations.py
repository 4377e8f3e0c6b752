"""Any order of process orders, deaths, deletions and settlements of the studio."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lumiku.domain.errors import Refusal
from lumiku.domain.instant import iso
from lumiku.domain.money.ledger import Entry, EntryKind
from lumiku.domain.money.pockets import ANEW
from lumiku.domain.projects.variations import Variation
from lumiku.domain.work.jobs import Cause, Job, Status
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
        # So many that orders need both pockets, and some end after these have expired.
        until = iso(self.world.clock() + timedelta(hours=6))
        month = Entry(
            user_id=USER,
            kind=EntryKind.GRANT,
            amount=15,
            granted={until: 15},
            reference="month",
            at=self.world.clock(),
        )
        self.world.rows.commit(Post(month))
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
            and one.asked["workflow"] == LOOKS[look][0]
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
        photo=st.sampled_from([b"good", b"ours", b"bad", b"flaky"]),
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
    def pockets_are_right(self) -> None:
        """Each is the sum of its entries; a refund goes to the pockets that paid."""
        account, entries = self.world.rows.account(USER), self.world.entries()
        lots: Counter[str] = Counter()
        for entry in entries:
            lots.update(entry.granted or {})
        assert {u: c for u, c in account.granted.items() if c} == {
            u: c for u, c in lots.items() if c
        }
        assert min(account.bought, *lots.values()) >= 0
        jobs = {job.id: job for job in self._jobs()}
        charges = {e.reference: e for e in entries if e.kind is EntryKind.CHARGE}
        for refund in entries:
            if refund.kind is not EntryKind.REFUND:
                continue
            if jobs[refund.reference].status is Status.COMPLETED:
                continue  # only a part comes back
            charge, expected = charges[refund.reference], Counter[str]()
            for until, credits in (charge.granted or {}).items():
                assert until > iso(charge.at)
                is_ours = jobs[refund.reference].cause is Cause.SERVICE
                is_anew = until <= iso(refund.at) and is_ours
                expected[iso(refund.at + ANEW) if is_anew else until] -= credits
            assert (refund.bought, refund.granted or {}) == (-charge.bought, expected)

    @invariant()
    def variations_are_of_completed_jobs_and_one_of_each(self) -> None:
        jobs = {job.id: job for job in self._jobs()}
        made = Counter(one.generation_id for one in self.studio.all_variations())
        assert set(made.values()) <= {1}
        for one in self.studio.all_variations():
            job = jobs[one.generation_id]
            assert job.status is Status.COMPLETED
            assert one.credits == job.price - job.owed
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
