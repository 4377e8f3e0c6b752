"""One order that cannot be swept holds up none of those behind it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from lumiku.apps.remover.ordering import NewBatch
from lumiku.apps.remover.prices import Tier
from lumiku.domain.money.ledger import FREE_CREDITS_A_MONTH
from lumiku.domain.telling.group_mail import compose
from lumiku.domain.work.groups import PlannedPhoto, Stage
from lumiku.domain.work.jobs import Job, Status
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.weather import Killed
from tests.faults.world import USER, World

PAIR = NewBatch(Tier.STANDARD, tuple(PlannedPhoto(name=n, size_bytes=9) for n in ("a", "b")))


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        opened.grant(USER, 400)
        yield opened


def broken_for(rows: Any, name: str, id_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a method of the store fail for one id."""
    method = getattr(rows, name)

    def called(asked: str) -> Any:
        if asked == id_:
            raise OSError("no answer")
        return method(asked)

    monkeypatch.setattr(rows, name, called, raising=False)


def test_photos(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    poison, behind = world.submit(Tier.BASIC), world.submit(Tier.BASIC)
    world.clock.advance(7200)
    broken_for(world.rows, "get", poison.id, monkeypatch)

    with pytest.raises(ExceptionGroup, match="1 failed") as raised:
        world.sweeping.sweep()

    [error] = raised.value.exceptions
    assert error.__notes__ == [f"while looking at {poison.id}"]
    assert world.job(behind.id).status is Status.EXPIRED


def test_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    poison = world.batch(PAIR)
    behind = world.batch(PAIR)
    world.clock.advance(4 * 3600)
    broken_for(world.rows, "group_jobs", poison.id, monkeypatch)

    with pytest.raises(ExceptionGroup, match="1 failed") as raised:
        world.group_sweeping.sweep()

    [error] = raised.value.exceptions
    assert error.__notes__ == [f"while looking at {poison.id}"]
    assert world.rows.group(behind.id).stage is Stage.CLOSED


def test_batches_that_fail_for_ever_do_not_stay_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_jobs, poison = world.rows.make_jobs, "unknown yet"

    def broken(jobs: list[Job]) -> None:
        if poison in {"unknown yet", jobs[0].group_id}:
            raise OSError("no answer")
        make_jobs(jobs)

    monkeypatch.setattr(world.rows, "make_jobs", broken, raising=False)
    for _ in range(2):
        with pytest.raises(OSError, match="no answer"):
            world.batch(PAIR)
        world.clock.advance(600)
    poison, behind = (group.id for group in sorted(world.all_groups(), key=lambda g: g.created_at))

    with pytest.raises(ExceptionGroup):
        world.group_sweeping.sweep(limit=1)
    assert world.group_sweeping.sweep(limit=1) == {"batch_made": 1}
    assert world.rows.group(behind).stage is Stage.OPEN


def test_batches_that_cannot_be_closed_do_not_stay_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = world.batch(PAIR)
    world.clock.advance(60)
    behind = world.batch(PAIR)
    world.clock.advance(4 * 3600)
    broken_for(world.rows, "group_jobs", poison.id, monkeypatch)

    with pytest.raises(ExceptionGroup):
        world.group_sweeping.sweep(limit=1)
    assert world.group_sweeping.sweep(limit=1) == {"batch_closed": 1}
    assert world.rows.group(behind.id).stage is Stage.CLOSED


@pytest.mark.parametrize("at", range(2, 7))
def test_a_batch_that_could_not_be_made_for_days_is_given_back(world: World, at: int) -> None:
    """Nothing could start its execution, and by now the list of its photos has expired."""
    world.interrupt(at, world.kill)
    with suppress(Killed):
        world.batch(PAIR)
    world.plan = {}
    world.bucket.objects.clear()
    world.clock.advance(7 * 86_400)

    world.group_sweeping.sweep()

    groups = world.all_groups()
    assert all(group.stage is Stage.CLOSED for group in groups)
    assert all(group.outcome.refund == group.price for group in groups if group.outcome)
    assert world.balance(USER) == 400 + FREE_CREDITS_A_MONTH
    assert world.group_sweeping.sweep() == {}


def test_one_of_many_photos_that_was_half_made_is_given_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_jobs = world.rows.make_jobs

    def half(jobs: list[Job]) -> None:
        make_jobs(jobs[:1])
        raise OSError("no answer")

    monkeypatch.setattr(world.rows, "make_jobs", half, raising=False)
    with pytest.raises(OSError, match="no answer"):
        world.batch(PAIR)
    world.bucket.objects.clear()
    world.clock.advance(7 * 86_400)

    assert world.group_sweeping.sweep() == {"batch_closed": 1}

    [group] = world.all_groups()
    assert group.outcome is not None
    assert (group.outcome.refund, group.outcome.never_sent) == (16, 2)
    assert [job.status for job in world.rows.group_jobs(group.id)] == [Status.EXPIRED]
    mail = compose(group, group.outcome, world.rows.group_jobs(group.id), "en")
    assert "0 of 2" in mail.subject
