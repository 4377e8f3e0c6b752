"""Batches as a machine of rules: uploads, deliveries, deaths, cancels, closes in any order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lumiku.apps.remover import prices as pricing
from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.plans import PlanName
from lumiku.apps.remover.prices import APP, Tier
from lumiku.domain.errors import Refusal
from lumiku.domain.money.ledger import EntryKind
from lumiku.domain.money.quotas import Payment
from lumiku.domain.work.groups import Group, PlannedPhoto, Stage
from lumiku.domain.work.jobs import NEVER_UPLOADED, Job, Status
from tests.faults.owed import owed
from tests.faults.weather import Killed
from tests.faults.world import CALLER, USER, VISIBILITY_S, World

# Bands that a batch of a few photos can cross, so that sending fewer changes the price.
BANDS = ((5, 50), (4, 30), (3, 10), (1, 0))


INDEX = st.integers(0, 5)


class Orders(RuleBasedStateMachine):
    """The rules; `open_world` says over which stores and which use cases."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._bands = patch.object(pricing, "VOLUME_DISCOUNTS", BANDS)
        self._bands.start()
        self._open = type(self).open_world()
        self.world: World = self._open.__enter__()
        self.world.grant(USER, 400)
        self.closed: dict[str, list[Job]] = {}
        self.accepted: dict[str, tuple[NewBatch, str, bytes | None]] = {}
        self.uploaded: set[str] = set()

    @initialize(on_plan=st.booleans())
    def start_with(self, on_plan: bool) -> None:
        if on_plan:
            shown = self.world.subscriptions.subscribe(CALLER, PlanName.PRO, idempotency_key=None)
            assert shown.invoice is not None
            word = {"status": "paid", "token": shown.invoice.secret}
            self.world.payments.notify(shown.invoice.id, word)

    @rule(
        count=st.integers(2, 6),
        tier=st.sampled_from(Tier),
        payment=st.sampled_from([Payment.AUTO, Payment.CREDITS]),
        key=st.sampled_from(["k1", "k2"]),
        form=st.sampled_from([None, None, b"good", b"better", b"bad"]),
        killed_at=st.sampled_from([None, 1, 2, 3, 4, 5, 6, 7, 8]),
    )
    def order(
        self,
        count: int,
        tier: Tier,
        payment: Payment,
        key: str,
        form: bytes | None,
        killed_at: int | None,
    ) -> None:
        photos = tuple(PlannedPhoto(name=f"{i}.jpg", size_bytes=10) for i in range(count))
        self._ask(NewBatch(tier, photos, payment), key, form, killed_at)

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        self._ask(*data.draw(st.sampled_from(list(self.accepted.values()))), None)

    def _ask(self, batch: NewBatch, key: str, form: bytes | None, killed_at: int | None) -> None:
        """Whatever is asked, and however often, no photo is written over."""
        world, before = self.world, dict(self.world.bucket.objects)
        images = None if form is None else [form] * len(batch.photos)
        placed = None
        if killed_at is not None:
            world.interrupt(killed_at, world.kill)
        with suppress(Refusal, Killed):
            placed = world.order_batch(batch, key, images=images)
        world.plan = {}
        assert {k: world.bucket.objects[k] for k in before} == before
        if placed is not None:
            asked = batch, key, form
            assert self.accepted.setdefault(placed.order.id, asked) == asked
        for stored in sorted(world.bucket.objects.keys() - before.keys()):
            if stored.startswith("in/"):
                self._arrives(stored, world.bucket.objects[stored])

    def _arrives(self, key: str, photo: bytes) -> None:
        self.uploaded.add(key)
        self.world.lane.append(self.world.bucket.upload(key, photo))

    def _groups(self, *stages: Stage) -> list[Group]:
        return [group for group in self.world.all_groups() if group.stage in stages]

    @precondition(lambda self: self._groups(Stage.OPEN, Stage.CLOSED))
    @rule(data=st.data(), index=INDEX, photo=st.sampled_from([b"good", b"good", b"bad", b"flaky"]))
    def upload(self, data: st.DataObject, index: int, photo: bytes) -> None:
        group = data.draw(st.sampled_from(self._groups(Stage.OPEN, Stage.CLOSED)))
        self._arrives(str(group.photo_key(index)), photo)

    @precondition(lambda self: self._groups(Stage.CLOSED))
    @rule(data=st.data(), killed_at=st.sampled_from([None, 1, 2, 3, 4]))
    def retry(self, data: st.DataObject, killed_at: int | None) -> None:
        """What a batch and all tries of its photos cost is never more than it was ordered at."""
        world, group = self.world, data.draw(st.sampled_from(self._groups(Stage.CLOSED)))
        if killed_at is not None:
            world.interrupt(killed_at, world.kill)
        again = None
        with suppress(Refusal, Killed):
            again = world.retry(group)
        world.plan = {}
        assert group.outcome is not None
        assert again is None or again.price <= group.outcome.refund
        world.begin()

    @precondition(lambda self: self.world.lane)
    @rule(
        data=st.data(),
        at=st.integers(1, 5),
        what=st.sampled_from(["nothing", "kill", "twin", "late twin", "dlq", "close", "cancel"]),
    )
    def deliver(self, data: st.DataObject, at: int, what: str) -> None:
        world = self.world
        arrival = data.draw(st.sampled_from(world.lane))
        group_id = arrival.key.split("/")[3]

        def late_twin() -> None:
            world.clock.advance(VISIBILITY_S)
            world.work(arrival)

        acts: dict[str, Callable[[], object]] = {
            "kill": world.kill,
            "twin": lambda: world.work(arrival),
            "late twin": late_twin,
            "dlq": lambda: world.settlement.settle(f"{group_id}_{arrival.key[-4:]}"),
            "close": lambda: world.closing.close(group_id),
            "cancel": lambda: world.closing.cancel(world.rows.group(group_id)),
        }
        if what in acts:
            world.interrupt(at, acts[what])
        world.work(arrival)
        world.plan = {}

    @precondition(lambda self: self._groups(Stage.OPEN))
    @rule(
        data=st.data(),
        what=st.sampled_from(["await", "finish", "cancel", "close", "close"]),
        killed_at=st.sampled_from([None, 1, 2, 3]),
    )
    def operate(self, data: st.DataObject, what: str, killed_at: int | None) -> None:
        world, group = self.world, data.draw(st.sampled_from(self._groups(Stage.OPEN)))
        acts: dict[str, Callable[[], object]] = {
            "await": lambda: world.closing.await_all(group.id, f"token-{group.id}"),
            "finish": lambda: world.closing.finish(group),
            "cancel": lambda: world.closing.cancel(group),
            "close": lambda: world.closing.close(group.id),
        }
        if killed_at is not None:
            world.interrupt(killed_at, world.kill)
        with suppress(Killed):
            acts[what]()
        world.plan = {}

    @rule()
    def sweep(self) -> None:
        self.world.group_sweeping.sweep()

    @rule(seconds=st.sampled_from([60, VISIBILITY_S, 3600, 4 * 3600]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @invariant()
    def ledger_is_right(self) -> None:
        world, entries = self.world, self.world.entries()
        assert world.rows.account(USER).balance == sum(entry.amount for entry in entries) >= 0
        for group in world.all_groups():
            mine = [entry for entry in entries if entry.reference == group.id]
            kinds = [entry.kind for entry in mine]
            settled = group.stage is Stage.CLOSED
            assert kinds.count(EntryKind.CHARGE) == 1
            given_back = group.total - group.outcome.completed if group.outcome else 0
            assert kinds.count(EntryKind.REFUND) == (given_back > 0)
            if settled:
                jobs = world.rows.group_jobs(group.id)
                assert all(job.status.is_over for job in jobs)
                assert -sum(entry.amount for entry in mine) == owed(group, jobs)
                assert self.closed.setdefault(group.id, jobs) == jobs
                self._missing_is_what_was_not_uploaded(jobs)

    def _missing_is_what_was_not_uploaded(self, jobs: list[Job]) -> None:
        expired = [job for job in jobs if job.status is Status.EXPIRED and job.failure]
        never_sent = {job.id for job in expired if job.source.key not in self.uploaded}
        missing = {
            job.id for job in expired if job.failure and job.failure.code == NEVER_UPLOADED.code
        }
        assert never_sent <= missing

    @invariant()
    def an_open_group_has_its_execution(self) -> None:
        for group in self._groups(Stage.OPEN):
            assert group.id in self.world.executions.started

    @invariant()
    def quota_is_what_completed_or_waits(self) -> None:
        taken: dict[str, int] = {}
        for group in self.world.all_groups():
            if group.quota_day:
                kept = group.outcome.completed if group.outcome else group.total
                taken[group.quota_day] = taken.get(group.quota_day, 0) + kept
        for day, photos in taken.items():
            assert self.world.rows.usage(USER, APP, day).total == photos

    def teardown(self) -> None:
        world = self.world
        try:
            for _ in range(6):
                world.clock.advance(3600)
                world.group_sweeping.sweep()
                for arrival in list(world.lane):
                    world.work(arrival)
            self.ledger_is_right()
            assert all(group.stage is Stage.CLOSED for group in world.all_groups())
        finally:
            self._open.__exit__(None, None, None)
            self._bands.stop()
