"""Batches under any order of uploads, deliveries, deaths, cancels, closes and time-outs."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lumiku.apps.remover import prices as pricing
from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.plans import PlanName
from lumiku.apps.remover.prices import APP, Tier, worth
from lumiku.domain.errors import NothingToRetry, Refusal
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH, EntryKind
from lumiku.domain.money.quotas import Payment
from lumiku.domain.work.groups import Group, Outcome, PlannedPhoto, Stage, settle
from lumiku.domain.work.jobs import GAVE_UP, NEVER_UPLOADED, Job, Source, Status
from lumiku.services.transactions import AlreadyDone, CloseGroup, Post
from lumiku.services.work.closing import Closing
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.owed import owed
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import CALLER, USER, VISIBILITY_S, Killed, World

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


def test_on_the_fakes() -> None:
    run(Orders, fake_world, examples=400, steps=30)


def test_on_dynamodb() -> None:
    run(Orders, dynamodb_world, examples=8, steps=20)


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        opened.grant(USER, 400)
        yield opened


PAIR = NewBatch(Tier.STANDARD, tuple(PlannedPhoto(name=n, size_bytes=9) for n in ("a", "b")))


@pytest.mark.parametrize("at", range(1, 6))
def test_a_slow_repetition_of_an_order_resets_nothing(world: World, at: int) -> None:
    def meanwhile() -> None:
        group = world.batch(PAIR, "k")
        world.work(world.bucket.upload(str(group.photo_key(0)), b"good"))

    world.interrupt(at, meanwhile)
    group = world.batch(PAIR, "k")
    world.plan = {}
    meanwhile()
    assert [job.status for job in world.rows.group_jobs(group.id)] == [
        Status.COMPLETED,
        Status.PENDING,
    ]
    assert len(world.entries()) == 3


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_finish_that_was_cut_short_is_made_up_for(world: World, at: int) -> None:
    """Else the execution sleeps until its time-out, for the sets are never full."""
    group = world.batch(PAIR)
    world.closing.await_all(group.id, "token")
    world.interrupt(at, world.kill)
    with pytest.raises(Killed):
        world.closing.finish(group)
    assert world.executions.woken == []

    world.closing.finish(group)
    assert world.executions.woken == ["token"]


def test_photos_that_nobody_took_in_time_earn_their_discount(world: World) -> None:
    photos = tuple(PlannedPhoto(name=f"{i}.jpg", size_bytes=9) for i in range(21))
    group = world.batch(NewBatch(Tier.BASIC, photos))
    arrivals = [world.bucket.upload(str(group.photo_key(i)), b"good") for i in range(20)]
    for arrival in arrivals[:10]:
        world.work(arrival)
    world.settlement.settle(f"{group.id}_0010")
    outcome = world.closing.close(group.id)

    reasons = [job.failure and job.failure.code for job in world.rows.group_jobs(group.id)]
    assert reasons == [None] * 10 + [GAVE_UP.code] + ["out_of_time"] * 9 + ["upload_missing"]
    assert group.price - outcome.refund == 28  # ten shares of the 57 that 20 photos cost


def test_stored_photos_are_not_missing_uploads() -> None:
    with fake_world() as world:
        world.grant(USER, 400)
        group = world.batch(PAIR)
        [first, _] = world.rows.group_jobs(group.id)
        stored = Source(kind="item", key="kept/shoe")
        world.rows.jobs[first.id] = first.model_copy(update={"source": stored})

        assert world.closing.finish(group) == 1
        assert world.rows.get(first.id).status is Status.PENDING
        world.closing.close(group.id)

        reasons = [job.failure and job.failure.code for job in world.rows.group_jobs(group.id)]
        assert reasons == ["out_of_time", "upload_missing"]


def test_failed_photos_are_tried_again_at_what_came_back(world: World) -> None:
    group = world.batch(PAIR)
    for index, photo in enumerate([b"good", b"bad"]):
        world.work(world.bucket.upload(str(group.photo_key(index)), photo))
    outcome = world.closing.close(group.id)
    again = world.retry(group)
    assert world.retry(group).id == again.id
    assert again.price == outcome.refund == 8
    world.bucket.objects[str(group.photo_key(1))] = b"good now"
    assert world.begin() == ["completed"]
    assert world.closing.close(again.id).completed == 1
    assert world.rows.account(USER).balance == 400 + FREE_CREDITS_A_MONTH - 16
    with pytest.raises(NothingToRetry):
        world.retry(again)


def test_a_retry_can_be_tried_again_from_the_same_originals(world: World) -> None:
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    first = world.retry(group)
    assert world.begin() == ["damaged_photo"] * 2
    world.closing.close(first.id)
    for index in range(2):
        world.bucket.objects[str(group.photo_key(index))] = b"good now"

    second = world.retry(first)

    assert world.begin() == ["completed"] * 2
    assert world.closing.close(second.id).refund == 0
    assert world.rows.account(USER).balance == 400 + FREE_CREDITS_A_MONTH - 16


@pytest.mark.parametrize("at", range(1, 6))
def test_a_retry_that_was_cut_short_is_made_of_the_photos_that_were_paid_for(
    world: World, at: int
) -> None:
    """One of them expired before the request was repeated."""
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    world.interrupt(at, world.kill)
    with suppress(Killed):
        world.retry(group)
    world.plan = {}
    world.bucket.delete(str(group.photo_key(1)))

    again = world.retry(group)

    jobs = world.rows.group_jobs(again.id)
    assert [job.source.key for job in jobs] == [str(group.photo_key(i)) for i in range(again.total)]
    assert world.closing.close(again.id).refund == again.price


def test_an_original_that_is_gone_fails_alone(world: World) -> None:
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    world.bucket.objects[str(group.photo_key(0))] = b"good now"
    again = world.retry(group)
    world.bucket.delete(str(group.photo_key(1)))

    assert world.begin() == ["completed", "photo_missing"]
    assert world.closing.close(again.id).refund == again.price // 2


def test_what_is_uploaded_where_nothing_is_awaited_goes(world: World) -> None:
    group = world.batch(PAIR)
    for index in range(2):
        world.work(world.bucket.upload(str(group.photo_key(index)), b"bad"))
    world.closing.close(group.id)
    again = world.retry(group)
    stray = world.bucket.upload(str(again.photo_key(0)), b"good")

    assert world.work(stray) == "stray_object"

    assert stray.key not in world.bucket.objects
    assert world.begin() == ["damaged_photo"] * 2


class SettlesFromTheSets(Closing):
    """Planted bug: counts what workers said, not what the rows say."""

    def close(self, group_id: str) -> Outcome:
        group = self._group(group_id)
        if group.outcome is not None:
            return group.outcome
        said = self.groups.done.get(group_id, set())  # type: ignore[attr-defined]
        jobs = self._all_over(group)
        claimed = [
            job.model_copy(
                update={"status": Status.COMPLETED if job.index in said else Status.FAILED}
            )
            for job in jobs
        ]
        outcome = settle(group, claimed, worth).outcome
        with suppress(AlreadyDone):
            self.transactions.commit(
                CloseGroup(group, outcome, self.clock()),
                Post(group.refund(outcome, self.clock())),
            )
        return outcome


def test_settling_from_the_progress_sets_is_caught() -> None:
    world = partial(fake_world, closing_class=SettlesFromTheSets)
    assert_caught(partial(run_briefly, Orders, world), 1)
