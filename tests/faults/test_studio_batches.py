"""Batches of items under any order of pauses, deliveries, deaths, calls off and time-outs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from lumiku.domain.errors import BatchClosed
from lumiku.domain.work.groups import Group, Stage
from lumiku.domain.work.jobs import Status
from lumiku.services.work.pausing import Pausing
from lumiku.services.work.processing import Start
from tests.faults.batches import ALONE, BatchDesk, Batches
from tests.faults.machine import assert_caught, run, run_briefly
from tests.faults.studio import dynamodb_studio, fake_studio
from tests.faults.weather import Killed
from tests.faults.world import USER


@contextmanager
def fake_desk(pausing_class: type[Pausing] = Pausing) -> Iterator[BatchDesk]:
    """A desk in memory, with three items of somebody who bought credits."""
    with fake_studio(count=3) as studio:
        rows = studio.world.rows
        account = rows.account(USER)
        rows.accounts[USER] = account.model_copy(update={"topped_up": True})
        yield BatchDesk(studio, pausing_class)


@contextmanager
def dynamodb_desk(pausing_class: type[Pausing] = Pausing) -> Iterator[BatchDesk]:
    """The same over the adapters."""
    with dynamodb_studio(count=3) as studio:
        studio.world.rows.rows.update(
            (f"USER#{USER}", "ACCOUNT"), "SET topped_up = :yes", {":yes": True}
        )
        yield BatchDesk(studio, pausing_class)


def test_on_the_fakes() -> None:
    run(Batches, fake_desk, examples=200, steps=25)


def test_on_dynamodb() -> None:
    run(Batches, dynamodb_desk, examples=6, steps=15)


@pytest.fixture(params=[fake_desk, dynamodb_desk], ids=["fakes", "dynamodb"])
def desk(request: pytest.FixtureRequest) -> Iterator[BatchDesk]:
    with request.param() as opened:
        opened.world.grant(USER, 400)
        yield opened


def deliver(desk: BatchDesk) -> list[str]:
    """Deliver all messages that were sent; answers what came of each."""
    return desk.world.begin()


def test_23_hours_of_pause_take_no_time_from_a_batch(desk: BatchDesk) -> None:
    group = desk.order(3)
    desk.pausing.pause(group)
    assert deliver(desk) == ["already_paused"] * 3
    for _ in range(23):
        desk.world.clock.advance(3600)
        desk.sweeping.sweep()
        desk.execute()
    desk.pausing.resume(group)

    assert deliver(desk) == ["completed"] * 3
    desk.execute()
    closed = desk.group(group.id)
    assert closed.stage is Stage.CLOSED
    assert closed.outcome is not None
    assert closed.outcome.completed == 3


def test_25_hours_of_pause_cancel_a_batch_and_give_all_back(desk: BatchDesk) -> None:
    before = desk.world.balance(USER)
    group = desk.order(3)
    for hours in (12, 13):
        desk.pausing.pause(group)
        for _ in range(4 * hours):
            desk.world.clock.advance(900)
            desk.sweeping.sweep()
            desk.execute()
        with suppress(BatchClosed):
            desk.pausing.resume(group)
    desk.execute()

    assert {job.status for job in desk.jobs(group.id)} == {Status.CANCELLED}
    assert desk.world.balance(USER) == before


def test_what_nobody_sweeps_cannot_be_resumed_after_a_day(desk: BatchDesk) -> None:
    group = desk.order(2)
    desk.pausing.pause(group)
    desk.world.clock.advance(timedelta(hours=24).total_seconds())

    with pytest.raises(BatchClosed):
        desk.pausing.resume(group)

    assert {job.status for job in desk.jobs(group.id)} == {Status.CANCELLED}


def test_what_runs_when_a_batch_is_paused_ends(desk: BatchDesk) -> None:
    group = desk.order(2)
    first, _ = desk.jobs(group.id)
    desk.world.interrupt(2, lambda: desk.pausing.pause(group))

    assert desk.world.work(Start(first.id)) == "completed"

    statuses = [job.status for job in desk.jobs(group.id)]
    assert statuses == [Status.COMPLETED, Status.PAUSED]


def test_who_calls_off_all_but_one_pays_for_one(desk: BatchDesk) -> None:
    before = desk.world.balance(USER)
    group = desk.order(3)
    desk.world.work(Start(desk.jobs(group.id)[0].id))
    desk.closing.cancel(group)
    desk.execute()

    assert desk.world.balance(USER) == before - ALONE


def test_a_batch_without_one_of_its_items_is_paused_and_resumed_like_any(desk: BatchDesk) -> None:
    group = desk.order(3)
    desk.closing.cancel(group, only={desk.jobs(group.id)[0].id})
    desk.pausing.pause(group)

    desk.pausing.resume(group)

    assert deliver(desk)[-2:] == ["completed"] * 2
    desk.execute()
    with pytest.raises(BatchClosed):
        desk.pausing.resume(group)


@pytest.mark.parametrize("at", range(1, 5))
def test_a_pause_in_the_middle_of_a_cancellation_keeps_nothing_back(
    desk: BatchDesk, at: int
) -> None:
    group = desk.order(3)

    def meanwhile() -> None:
        with suppress(BatchClosed):
            desk.pausing.pause(group)

    desk.world.interrupt(at, meanwhile)
    desk.closing.cancel(group)

    assert {job.status for job in desk.jobs(group.id)} == {Status.CANCELLED}


@pytest.mark.parametrize("what", ["pause", "resume"])
@pytest.mark.parametrize("killed_at", range(1, 7))
def test_wherever_it_dies_the_sweeper_ends_it(desk: BatchDesk, what: str, killed_at: int) -> None:
    group = desk.order(3)
    if what == "resume":
        desk.pausing.pause(group)
        deliver(desk)
    desk.world.interrupt(killed_at, desk.world.kill)
    with suppress(Killed):
        getattr(desk.pausing, what)(group)
    is_dead, desk.world.plan = not desk.world.plan, {}
    desk.world.clock.advance(121)
    desk.sweeping.sweep()

    is_paused = desk.group(group.id).is_paused
    statuses = {job.status for job in desk.jobs(group.id)}
    assert statuses == {Status.PAUSED if is_paused else Status.PENDING}
    if is_paused:
        desk.pausing.resume(group)
    assert deliver(desk) == ["completed"] * 3
    assert is_dead or killed_at == 6


class SendsFinishedAgain(Pausing):
    """Planted bug: whatever is in the batch begins again when it is resumed."""

    def follow(self, group: Group) -> None:
        if not group.is_paused and not group.pause.is_done:
            for job in self.grouping.groups.group_jobs(group.id):
                again = {"status": Status.PENDING, "completed_at": None}
                self.grouping.groups.jobs[job.id] = job.model_copy(update=again)  # type: ignore[attr-defined]
        super().follow(group)


class LosesMessages(Pausing):
    """Planted bug: a message that came while a batch was paused is gone for good."""

    def follow(self, group: Group) -> None:
        sent = list(self.grouping.lanes.inner.sent)  # type: ignore[attr-defined]
        super().follow(group)
        self.grouping.lanes.inner.sent[:] = sent  # type: ignore[attr-defined]


class ForgetsWhatItBegan(Pausing):
    """Planted bug: who dies while jobs follow leaves them where they are."""

    def follow(self, group: Group) -> None:
        self.grouping.groups.followed(group)
        super().follow(group)


@pytest.mark.parametrize(
    ("bug", "known"),
    [(SendsFinishedAgain, 0), (LosesMessages, 6), (ForgetsWhatItBegan, 9)],
    ids=["a finished item begins again", "a pause loses a message", "half a turn stays"],
)
def test_bugs_of_pauses_are_caught(bug: type[Pausing], known: int) -> None:
    desk: Callable[..., Any] = partial(fake_desk, pausing_class=bug)
    assert_caught(partial(run_briefly, Batches, desk), known)
