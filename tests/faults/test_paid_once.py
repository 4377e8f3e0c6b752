"""A hosted photo whose worker dies, or is overtaken, anywhere: it ends well and is billed once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PIL import Image

from darkroom.asking import Wish, alpha_of
from darkroom.models import Models
from darkroom.picture import Bytes, Picture
from darkroom.steps.operation import Hosted, operation
from darkroom.workflow import Kept, Tools, run
from lumiku.apps.remover.prices import Tier
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.receipts import Receipt
from lumiku.services.hosting.provider import Provider
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Developed
from photo_steps import Parameters, Step
from tests.fake_photos import developed
from tests.faults.stores import dynamodb_world, fake_world
from tests.faults.weather import Tripwire
from tests.faults.world import USER, VISIBILITY_S, World
from tests.unit.core.chain import FIRST, ROUTE, SECOND, Chain, Says
from tests.unit.darkroom.photos import png

AT_ONCE = [Says()]
LATER = [Says("ticket"), Says("ticket"), Says()]
MAX_EFFECTS = 10
INK, GREY = 200, 90


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
        asked = chain.ask_for(attempt.job, world.processing.jobs)
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

    held = world.job(job.id).submission_of(0)
    ends_well(world, job, chain)

    receipt = world.job(job.id).receipt
    assert receipt is not None
    if held is not None and held.ticket is not None:
        assert receipt.entry == FIRST


class Inked(Parameters, step="test-inked"):
    """A provider inks its own row of the picture; who does without it leaves the row grey."""

    row: int


@operation(Inked, "hosted")
def inked(picture: Picture, told: Inked, *, hosted: Hosted) -> Picture:
    ink = hosted(ROUTE, alpha_of(picture.rgb))
    rgb = picture.rgb.copy()
    rgb[told.row] = GREY if ink is None else INK
    return replace(picture, rgb=rgb)


def two_steps(world: World, chain: Chain) -> Counter[int]:
    """Let jobs have two hosted steps; answers how often each was billed."""
    billed: Counter[int] = Counter()

    def develop(attempt: Attempt) -> Developed:
        job, picture, receipt = attempt.job, attempt.kept(), Receipt()
        resume = None
        if job.kept is not None and picture is not None:
            resume, receipt = Kept(job.kept.step, picture), job.kept.receipt

        def ask(place: int, _: str, wish: Wish) -> Bytes | None:
            nonlocal receipt
            before = chain.may_bill
            try:
                asked = chain.ask_for(job, world.processing.jobs, place)
            finally:
                billed[place] += chain.may_bill - before
            receipt = receipt.plus(asked.receipt)
            return None if asked.found is None else wish.rgb

        workflow = (Step.of(Inked(row=0)), Step.of(Inked(row=1)))
        tools = Tools(Models(Path, threads=1), Stopwatch(), ask)
        made = run(
            attempt.photo,
            workflow,
            tools,
            resume=resume,
            keep=lambda place, picture: attempt.keep(place, picture, receipt),
        )
        return Developed(made.files, receipt=receipt)

    world.processing = replace(world.processing, develop=develop)
    return billed


@pytest.mark.parametrize("script", [AT_ONCE, LATER], ids=["at once", "later"])
@pytest.mark.parametrize("at", range(1, 24))
def test_each_of_two_paid_steps_is_paid_once_wherever_its_worker_dies(
    world: World, script: list[Says], at: int
) -> None:
    chain = hosted(world, [*script, *script, Says(), Says()])
    billed = two_steps(world, chain)
    world.grant(USER, 100)
    job = world.submit(Tier.STANDARD)
    arrival = world.upload(job, png(np.zeros((8, 8, 3), np.uint8)))
    world.interrupt(at, world.kill)
    world.work(arrival)
    kept = world.job(job.id).kept

    world.come_to_rest()

    world.check(at_rest=True)
    done = world.job(job.id)
    assert done.result is not None
    assert done.receipt is not None
    assert max(billed.values()) == 1
    if kept is None:
        return
    with Image.open(BytesIO(world.bucket.objects[done.result.key])) as result:
        rows = [result.getpixel((0, row)) for row in range(kept.step + 1)]
    assert rows == [(INK, INK, INK)] * (kept.step + 1)
    assert billed[kept.step] == 1
    assert done.receipt.provider_microusd == 3_000 * 2


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
