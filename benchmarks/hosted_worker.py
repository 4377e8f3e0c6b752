"""A worker of `benchmarks.providers`: process_photo's use case, all that is hosted being real."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import numpy as np
from PIL import Image

from darkroom.asking import Wish
from darkroom.models import Models
from darkroom.picture import Bytes, Floats
from darkroom.received import Unusable, for_sending
from darkroom.workflow import Tools, run
from lumiku.adapters.hosting.breaker import BreakerTable
from lumiku.adapters.hosting.budgets import BudgetTable
from lumiku.adapters.hosting.keyed_providers import price_today
from lumiku.adapters.hosting.providers import provider_of
from lumiku.adapters.hosting.slots import SlotTable
from lumiku.adapters.rows import Rows
from lumiku.adapters.work import jobs
from lumiku.adapters.work.jobs import JobTable
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.reach import Reach
from lumiku.domain.work.jobs import Job
from lumiku.domain.work.receipts import Receipt
from lumiku.services.clock import utc_now
from lumiku.services.hosting.asking import Hosting
from lumiku.services.hosting.provider import (
    Answer,
    Fault,
    Provider,
    ProviderFault,
    Sent,
    SentPhoto,
    SentPrompt,
)
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.work.attempts import Attempt, Developed
from lumiku.services.work.processing import Done, Processing
from photo_steps import Step, Workflow
from photo_steps.scenes import InScene, Painted
from tests.fake_photos import FakeBucket
from tests.imitation_providers.imitation import KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WIDTH_PX, HEIGHT_PX = 320, 240
RADIUS_PX = 60
RUN_S = 120.0
SENT_SIDE_PX = 2048


def photo(number: int, *, is_cut_out: bool = False) -> bytes:
    """A disc on a plain sheet or on nothing; its place and shade follow from the number."""
    rgb = np.full((HEIGHT_PX, WIDTH_PX, 3), 230, np.uint8)
    rgb[truth(number)] = _shade(number)
    alpha = truth(number).astype(np.uint8)[..., None] * 255
    file = BytesIO()
    pixels = np.concatenate([rgb, alpha], axis=-1) if is_cut_out else rgb
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _shade(number: int) -> tuple[int, int, int]:
    return 200, number // 250 * 10, number % 250


def truth(number: int) -> np.ndarray:
    """Where the disc of that photo is: (height, width) bool."""
    across = RADIUS_PX + 10 + number % (WIDTH_PX - 2 * RADIUS_PX - 20)
    down, right = np.mgrid[:HEIGHT_PX, :WIDTH_PX]
    inside: np.ndarray = np.hypot(down - HEIGHT_PX / 2, right - across) < RADIUS_PX
    return inside


class Blind(Models):
    """Models that see nothing: no painted scene is refused for what stands in it."""

    def __init__(self) -> None:
        super().__init__(Path, threads=1)

    def run(self, name: str, batch: Floats) -> Floats:
        """Nothing stands out."""
        return np.zeros((1, 1, 320, 320), np.float32)


@dataclass(frozen=True)
class Steps:
    """What a run asks providers for: by which route and chain, and what comes of it."""

    route: str
    chain: tuple[str, ...]
    workflow: Callable[[int], Workflow]
    photo: Callable[[int], bytes]
    check: Callable[[bytes, int], None]


def probe_job(job_id: str, workflow: Workflow, now: datetime) -> Job:
    """A job that costs nobody anything."""
    return Job.model_validate(
        {
            "id": job_id,
            "user_id": "probe",
            "app": "background-remover",
            "tier": Tier.STANDARD,
            "workflow": workflow,
            "price": 0,
            "pricing_type": "credits",
            "source": {"kind": "upload", "key": f"in/single/probe/{job_id}"},
            "file_name": "probe",
            "content_type": "",
            "declared_bytes": 1,
            "request_hash": "-",
            "created_at": now,
            "closes_at": now + timedelta(days=1),
        }
    )


class Worker:
    """One sandbox: its breaker counts alone, its rows are everybody's."""

    def __init__(
        self, client: "DynamoDBClient", table: str, steps: Steps, urls: Mapping[str, str]
    ) -> None:
        self._steps = steps
        self._jobs = JobTable(Rows(client, table))
        self._client = client
        self._table = table
        self._bucket = FakeBucket()
        self._urls = urls
        self._hosting = Hosting(
            {steps.route: steps.chain},
            self._provider,
            price_today,
            self._jobs,
            BreakerTable(Rows(client, table), utc_now),
            SlotTable(Rows(client, table), {}, utc_now),
            BudgetTable(Rows(client, table), {}, utc_now),
            utc_now,
            time.sleep,
            random.random,
        )
        nobody = mock.Mock()  # A job of its own that succeeds needs no settling and has no group.
        self._processing = Processing(
            self._jobs, self._bucket, nobody, nobody, nobody, self._develop, utc_now
        )

    def process(self, run: str, number: int) -> tuple[float, Receipt]:
        """Order a photo and put it through; seconds from its arrival, and its receipt."""
        workflow = self._steps.workflow(number)
        job = probe_job(f"job_{run.replace(' ', '')}{number:06d}", workflow, utc_now())
        # A plain put of the same row: moto copies the whole table for each transaction.
        self._client.put_item(**cast("Any", jobs.insert(self._table, job)["Put"]))
        arrival = self._bucket.upload(job.source.key, self._steps.photo(number))
        began = time.perf_counter()
        done = self._processing.process(arrival, attempt_id="a1", time_left_s=RUN_S)
        seconds = time.perf_counter() - began
        over = self._jobs.get(job.id)
        is_done = isinstance(done, Done) and done.outcome == "completed"
        if not is_done or over is None or over.result is None or over.receipt is None:
            raise ValueError(f"{job.id}: {done}")
        self._steps.check(self._bucket.objects[over.result.key], number)
        self._bucket.objects.clear()
        return seconds, over.receipt

    def _provider(self, entry: str) -> Provider:
        return provider_of(entry, KEY, base_url=self._urls[entry], reach=Reach(loopback=True))

    def _develop(self, attempt: Attempt) -> Developed:
        receipts = []

        def ask(place: int, route: str, wish: Wish) -> Bytes | None:
            asked = self._hosting.ask(
                attempt.job, place, route, lambda: _sent(wish), lambda answer: _read(answer, wish)
            )
            receipts.append(asked.receipt)
            if asked.found is None and wish.rgb is not None:
                return _threshold(wish.rgb)
            return asked.found

        tools = Tools(Blind(), Stopwatch(), ask)
        made = run(attempt.photo, attempt.job.workflow, tools)
        return Developed(made.files, receipt=receipts[0])


def _sent(wish: Wish) -> Sent:
    if wish.words is not None:
        words = wish.words
        return SentPrompt(words.prompt, words.seed, words.width, words.height)
    if wish.rgb is None:
        raise ValueError("a wish has a photo or words")
    sent = for_sending(wish.rgb, SENT_SIDE_PX)
    return SentPhoto(sent.data, sent.content_type, sent.width, sent.height)


def _read(answer: Answer, wish: Wish) -> Bytes:
    try:
        return wish.read(answer.data, answer.shows)
    except Unusable as unusable:
        raise ProviderFault(Fault.TRANSIENT, str(unusable), may_be_billed=True) from unusable


def _threshold(rgb: Bytes) -> Bytes:
    """What stands in for the embedded models."""
    return np.where(rgb[:, :, 1] < 115, np.uint8(255), np.uint8(0))


def _is_cut_out(result: bytes, number: int) -> None:
    """The result must be cut out of this photo."""
    with Image.open(BytesIO(result)) as image:
        alpha = np.asarray(image.getchannel("A")) > 127
    wanted = truth(number)
    if (alpha & wanted).sum() < 0.95 * (alpha | wanted).sum():
        raise ValueError(f"photo {number} has another one's result")


def _is_before_a_scene(result: bytes, number: int) -> None:
    """The photo's own pixels must stand before something else."""
    with Image.open(BytesIO(result)) as image:
        rgb = np.asarray(image.convert("RGB"))
    wanted = truth(number)
    if (rgb[wanted] != _shade(number)).any() or rgb[~wanted].std() < 1:
        raise ValueError(f"photo {number} is not before a scene")


CUT_OUTS = Steps(
    Tier.STANDARD.value,
    ("fal:birefnet-light", "segmind:bg-removal-v2", "replicate:bria"),
    lambda _: background_removal(Tier.STANDARD),
    photo,
    _is_cut_out,
)
SCENES = Steps(
    "ai-simple",
    ("fal:flux-schnell", "replicate:flux-schnell"),
    lambda number: (
        Step.of(
            Painted(
                route="ai-simple",
                prompt=f"a marble table, number {number}",
                local=InScene(exact_colours=True),
            )
        ),
    ),
    partial(photo, is_cut_out=True),
    _is_before_a_scene,
)
