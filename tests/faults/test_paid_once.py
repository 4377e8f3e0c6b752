"""A hosted photo whose worker dies, or is overtaken, anywhere: it ends well and is billed once."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from lumiku.apps.remover.prices import Tier
from lumiku.domain.work.jobs import Job, Status
from lumiku.services.hosting.provider import Provider
from lumiku.services.work.attempts import Attempt, Developed
from tests.fakes import developed
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.world import USER, VISIBILITY_S, Tripwire, World
from tests.unit.core.chain import FIRST, SECOND, Chain, Says

AT_ONCE = [Says()]
LATER = [Says("ticket"), Says("ticket"), Says()]
MAX_EFFECTS = 10


@pytest.fixture(params=[fake_world, dynamodb_world], ids=["fakes", "dynamodb"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as opened:
        yield opened


def hosted(world: World, script: list[Says]) -> Chain:
    """Let the world's photos go along a chain; each call of a provider can be interrupted too."""
    chain = Chain(clock=world.clock)
    chain.says(FIRST, *script)
    chain.says(SECOND, Says())
    chain.trip = lambda provider: cast(
        "Provider", Tripwire(provider, world._trip, world.weather.after)
    )

    def develop(attempt: Attempt) -> Developed:
        asked = chain.ask_for(attempt.job, world.processing.leases)  # type: ignore[arg-type]
        return developed(asked.found or b"local", receipt=asked.receipt)

    world.processing = replace(world.processing, develop=develop)
    return chain


def ends_well(world: World, job: Job, chain: Chain) -> None:
    world.come_to_rest()
    world.check(at_rest=True)
    assert world.job(job.id).status is Status.COMPLETED
    assert chain.may_bill <= 1
    assert chain.by_entry[SECOND].sent == 0


@pytest.mark.parametrize("script", [AT_ONCE, LATER], ids=["at once", "later"])
@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_a_worker_killed_before_any_side_effect(world: World, script: list[Says], at: int) -> None:
    chain = hosted(world, [*script, Says()])
    world.grant(USER, 100)
    job = world.submit(Tier.STANDARD)
    arrival = world.upload(job, b"good")
    world.interrupt(at, world.kill)
    world.work(arrival)

    held = world.job(job.id).submission
    ends_well(world, job, chain)

    receipt = world.job(job.id).receipt
    assert receipt is not None
    if held is not None and held.ticket is not None:
        assert receipt.entry == FIRST


@pytest.mark.parametrize("script", [AT_ONCE, LATER], ids=["at once", "later"])
@pytest.mark.parametrize("at", range(1, MAX_EFFECTS))
def test_a_second_worker_after_the_lease_of_a_slow_first(
    world: World, script: list[Says], at: int
) -> None:
    chain = hosted(world, [*script, Says(), Says(), Says()])
    world.grant(USER, 100)
    job = world.submit(Tier.STANDARD)
    arrival = world.upload(job, b"good")

    def overtake() -> None:
        world.clock.advance(VISIBILITY_S)
        world.work(arrival)

    world.interrupt(at, overtake)
    world.work(arrival)
    ends_well(world, job, chain)
