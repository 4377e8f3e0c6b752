"""Any interleaving of submits, uploads, deliveries, deaths, dead letters and sweeps."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from lumiku.apps.remover.prices import Tier
from lumiku.domain.errors import IdempotencyKeyReused, InsufficientCredits, TooManyRequests
from tests.faults.machine import run
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import USER, VISIBILITY_S, World

AT = st.integers(1, 9)


class Interleavings(RuleBasedStateMachine):
    """The rules; `open_world` says over which stores and which use cases."""

    open_world: Callable[..., Any]

    def __init__(self) -> None:
        super().__init__()
        self._open = type(self).open_world()
        self.world: World = self._open.__enter__()
        self.world.grant(USER, 40)

    @rule(tier=st.sampled_from(Tier), key=st.sampled_from([None, "k1", "k2"]))
    def submit(self, tier: Tier, key: str | None) -> None:
        with suppress(InsufficientCredits, IdempotencyKeyReused, TooManyRequests):
            self.world.submit(tier, key=key)

    @precondition(lambda self: self.world.all_jobs())
    @rule(data=st.data(), photo=st.sampled_from([b"good", b"better", b"bad", b"flaky"]))
    def upload(self, data: st.DataObject, photo: bytes) -> None:
        job = data.draw(st.sampled_from(self.world.all_jobs()))
        self.world.upload(job, photo)

    @precondition(lambda self: self.world.lane)
    @rule(
        data=st.data(),
        at=AT,
        what=st.sampled_from(["nothing", "kill", "twin", "late twin", "settle", "sweep", "dlq"]),
    )
    def deliver(self, data: st.DataObject, at: int, what: str) -> None:
        world = self.world
        arrival = data.draw(st.sampled_from(world.lane))

        def late_twin() -> None:
            world.clock.advance(VISIBILITY_S)
            world.work(arrival)

        acts: dict[str, Callable[[], object]] = {
            "kill": world.kill,
            "twin": lambda: world.work(arrival),
            "late twin": late_twin,
            "settle": world.settle_all,
            "sweep": world.sweep,
            "dlq": lambda: world.dead_letter(arrival),
        }
        if what in acts:
            world.interrupt(at, acts[what])
        world.work(arrival)
        world.plan = {}

    @rule(at=st.integers(1, 3), killed=st.booleans())
    def settle(self, at: int, killed: bool) -> None:
        if killed:
            self.world.interrupt(at, self.world.kill)
        self.world.settle_all()
        self.world.plan = {}

    @rule(at=st.integers(1, 3), killed=st.booleans())
    def sweep(self, at: int, killed: bool) -> None:
        if killed:
            self.world.interrupt(at, self.world.kill)
        self.world.sweep()
        self.world.plan = {}

    @precondition(lambda self: self.world.lane)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        self.world.dead_letter(data.draw(st.sampled_from(self.world.lane)))

    @rule(seconds=st.sampled_from([1, 10, VISIBILITY_S, 1800, 7200]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @invariant()
    def ledger_is_right(self) -> None:
        self.world.check()

    def teardown(self) -> None:
        try:
            self.world.come_to_rest()
            self.world.check(at_rest=True)
        finally:
            self._open.__exit__(None, None, None)


def test_on_the_fakes() -> None:
    run(Interleavings, fake_world, examples=300, steps=25)


def test_on_dynamodb() -> None:
    run(Interleavings, dynamodb_world, examples=12, steps=20)
