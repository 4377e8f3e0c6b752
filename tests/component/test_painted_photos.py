"""process_photo with providers that paint: real HTTP to imitations of them, rows on moto.

Whatever comes back, the photo ends well and is billed at most once; what our own models made in a
provider's place is owed back, and words that a provider refuses cost nothing.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from darkroom.cutout import Recipe
from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from darkroom.steps.cut_out import RECIPES
from lumiku.bootstrap import hosting as providers
from lumiku.domain.work.jobs import Job, Status
from lumiku.domain.work.receipts import IfOurs
from lumiku.services.hosting.sharing import LOOK_S
from photo_steps import CutOut, Step
from photo_steps.scenes import Ground, InScene, Painted
from photo_steps.studio import Frame, Relight
from tests.component.hosted_lane import HostedLane, Killed, hosted_lane, receipt
from tests.component.lane import USER, Told
from tests.component.stack import Stack
from tests.imitation_providers.imitation import always
from tests.unit.darkroom.photos import png

SCHNELL, FILL, LIGHT = "fal:flux-schnell", "fal:flux-fill", "fal:iclight"
SECOND = "replicate:flux-schnell"
LOCAL = InScene(ground=Ground(shape="table"), seed=5)
BACK = 2
USELESS = ["black", "one-colour", "another-shape", "flagged", "no-picture", "second-product"]


def inside(rgb: Bytes, _: Floats) -> Bytes:
    """The product is in the middle of the photo."""
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    alpha[8:22, 10:30] = 255
    return alpha


type Open = Callable[..., AbstractContextManager[HostedLane]]


@pytest.fixture
def opened(stack: Stack, monkeypatch: pytest.MonkeyPatch, models: Models) -> Open:
    """Opens lanes whose function looks at what was painted with the real models."""

    @contextmanager
    def lane_of(*chain: Any, **options: Any) -> Iterator[HostedLane]:
        with hosted_lane(stack, monkeypatch, *chain, **options) as lane:
            monkeypatch.setattr(stack.app("process_photo"), "models", models)
            monkeypatch.setitem(RECIPES, "basic", Recipe(lane.lane.find, inside))
            yield lane

    return lane_of


@pytest.fixture
def painting(opened: Open) -> Iterator[HostedLane]:
    with opened(SCHNELL, SECOND, "ai-simple") as lane:
        yield lane


def ordered(lane: HostedLane, *behind: Any, route: str = "ai-simple") -> Told:
    """A generation of which 2 of 18 credits are owed back if our own models made it."""
    painted = Painted(route="ai-simple", prompt="a marble table", local=LOCAL)
    steps = (CutOut(quality="basic"), Frame(width=96), *(behind or (painted,)))
    return lane.lane.job(
        png(np.full((30, 40, 3), (180, 20, 30), np.uint8)),
        app="product-photo-studio",
        product="studio/process",
        workflow=tuple(map(Step.of, steps)),
        price=18,
        parts={"background-removal": 5, "ai-background": 15},
        if_ours=IfOurs(parts={route: "ai-background"}, credits={route: BACK}),
    )


def made(lane: HostedLane, told: Told) -> Job:
    assert lane.lane.deliver(told.body) == []
    return told.now()


def shown(lane: HostedLane, job: Job) -> np.ndarray:
    assert job.result is not None
    return np.asarray(Image.open(io.BytesIO(lane.lane.read(job.result.key))).convert("RGB"))


def test_a_scene_is_painted_and_costs_what_the_provider_takes(painting: HostedLane) -> None:
    job = made(painting, ordered(painting))

    asked = receipt(job).asked["ai-simple"]
    assert (asked.entry, asked.microusd) == (SCHNELL, 3_000)
    assert job.owed == 0
    assert painting.submissions == (1, 0)
    assert {submission.step for submission in job.submissions} == {2}
    assert shown(painting, job)[:10].mean() > 120


@pytest.mark.parametrize("scenario", USELESS)
def test_what_is_of_no_use_is_paid_once_and_made_by_us_for_less(
    painting: HostedLane, scenario: str
) -> None:
    painting.first.choose = always(scenario)

    job = made(painting, ordered(painting))

    asked = receipt(job).asked["ai-simple"]
    assert (asked.entry, asked.microusd) == ("local", 3_000)
    assert (job.owed, job.refunded) == (BACK, BACK)
    assert painting.submissions == (1, 0)
    assert painting.books.billed_twice == []


def test_what_costs_nothing_goes_to_the_next_provider(painting: HostedLane) -> None:
    painting.first.choose = always("no-credit")

    job = made(painting, ordered(painting))

    assert receipt(job).asked["ai-simple"].entry == SECOND
    assert job.owed == 0
    assert painting.submissions == (1, 1)


def test_words_that_a_provider_refuses_end_the_job_and_say_why(painting: HostedLane) -> None:
    painting.first.choose = always("prompt-refused")

    job = made(painting, ordered(painting))

    assert job.status is Status.FAILING
    assert job.failure is not None
    assert job.failure.code == "prompt_refused"
    assert painting.submissions == (1, 0)


def test_a_budget_of_the_day_ends_the_chain_in_our_own_scene(opened: Open) -> None:
    budgets = {"fal": 7_000, "replicate": 0}
    with opened(SCHNELL, SECOND, "ai-simple", budgets=budgets) as lane:
        jobs = [made(lane, ordered(lane)) for _ in range(3)]

    entries = [receipt(job).asked["ai-simple"].entry for job in jobs]
    assert entries == [SCHNELL, SCHNELL, "local"]
    assert [job.owed for job in jobs] == [0, 0, BACK]


def test_what_was_not_billed_is_left_in_the_budget(opened: Open) -> None:
    with opened(SCHNELL, SECOND, "ai-simple", budgets={"fal": 3_000}) as lane:
        lane.first.choose = always("no-credit")
        made(lane, ordered(lane))
        lane.first.choose = always("works")
        lane.moved_s += 3_600  # the breaker has forgotten it
        job = made(lane, ordered(lane))

    assert receipt(job).asked["ai-simple"].entry == SCHNELL


@pytest.mark.parametrize(
    ("entry", "route", "step", "good", "bad"),
    [
        (
            FILL,
            "ai-complex",
            Painted(route="ai-complex", prompt="a marble table", local=LOCAL),
            "around-the-product",
            "product-redrawn",
        ),
        (LIGHT, "relight", Relight(preset="studio"), "relit", "black"),
    ],
    ids=["around the product", "in another light"],
)
def test_the_other_routes_are_asked_alike(
    opened: Open,
    entry: str,
    route: str,
    step: Any,
    good: str,
    bad: str,
) -> None:
    with opened(entry, None, route) as lane:
        lane.first.choose = always(good)
        one = made(lane, ordered(lane, step, route=route))
        lane.first.choose = always(bad)
        two = made(lane, ordered(lane, step, route=route))

    assert receipt(one).asked[route].entry == entry
    assert receipt(two).asked[route].entry == "local"
    assert (one.owed, two.owed) == (0, BACK)


GROUP = "genbatch_" + "5" * 32


def of_batch(lane: HostedLane, index: int, prompt: str = "a marble table") -> Told:
    """A job of a batch whose items all have the same look."""
    painted = Painted(route="ai-simple", prompt=prompt, local=LOCAL)
    steps = (CutOut(quality="basic"), Frame(width=96), painted)
    job_id, key = f"{GROUP}_{index:04d}", f"kept/{index}.png"
    lane.lane.put(key, png(np.full((30, 40, 3), (180, 20, 30 + index), np.uint8)))
    lane.lane.stack.put_job(
        job_id,
        USER,
        group_id=GROUP,
        index=index,
        app="product-photo-studio",
        product="studio/batch",
        workflow=tuple(map(Step.of, steps)),
        price=8,
        source={"kind": "item", "key": key},
        if_ours=IfOurs(parts={"ai-simple": "ai-background"}, credits={"ai-simple": BACK}),
    )
    return Told(lane.lane.stack, job_id, {"job_id": job_id})


@pytest.fixture
def batch(painting: HostedLane, monkeypatch: pytest.MonkeyPatch) -> HostedLane:
    """The same lane, whose waiting for others only moves the clock."""
    by = replace(providers.sharing(), clock=painting.clock, sleep=painting.nap)
    monkeypatch.setattr(providers, "sharing", lambda: by)
    return painting


def test_a_batch_with_one_look_asks_once_and_all_stand_before_the_same(batch: HostedLane) -> None:
    jobs = [made(batch, of_batch(batch, index)) for index in range(4)]

    assert batch.submissions == (1, 0)
    asked = [receipt(job).asked["ai-simple"] for job in jobs]
    assert [one.entry for one in asked] == [SCHNELL] * 4
    assert [one.microusd for one in asked] == [3_000, 0, 0, 0]
    assert [job.owed for job in jobs] == [0] * 4
    behind = [shown(batch, job)[:20] for job in jobs]
    assert all(np.array_equal(behind[0], other) for other in behind)


def test_another_look_of_the_batch_is_asked_for_itself(batch: HostedLane) -> None:
    made(batch, of_batch(batch, 0))
    made(batch, of_batch(batch, 1, "a wooden table"))

    assert batch.submissions == (2, 0)


def test_what_was_of_no_use_for_one_is_made_by_us_for_all(batch: HostedLane) -> None:
    batch.first.choose = always("black")

    jobs = [made(batch, of_batch(batch, index)) for index in range(3)]

    assert batch.submissions == (1, 0)
    assert [receipt(job).asked["ai-simple"].entry for job in jobs] == ["local"] * 3
    assert [job.owed for job in jobs] == [BACK] * 3


def test_words_that_a_provider_refuses_are_sent_once_for_a_batch(batch: HostedLane) -> None:
    batch.first.choose = always("prompt-refused")

    jobs = [made(batch, of_batch(batch, index)) for index in range(3)]

    assert batch.submissions == (1, 0)
    assert [job.failure and job.failure.code for job in jobs] == ["prompt_refused"] * 3


def test_nobody_asks_in_the_place_of_a_worker_that_died(batch: HostedLane) -> None:
    batch.first.choose = always("never-ready")
    batch.dies_at_nap = 1
    first = of_batch(batch, 0)
    with pytest.raises(Killed):
        batch.lane.deliver(first.body)
    batch.dies_at_nap = None
    batch.first.choose = always("works")

    others = [made(batch, of_batch(batch, index)) for index in (1, 2)]
    batch.moved_s += 600  # the lease is over
    last = made(batch, first)

    assert batch.submissions == (1, 0)
    assert [receipt(job).asked["ai-simple"].entry for job in others] == ["local"] * 2
    # Who waits in vain says so: the second of them has not waited.
    waited = [nap for nap in batch.naps if nap == LOOK_S]
    assert len(waited) * LOOK_S < 80
    assert last.status is Status.COMPLETED
    assert batch.books.billed_twice == []
