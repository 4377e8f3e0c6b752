"""Where the time of one photo goes: as its client sees it, and inside the worker.

Inside, the use case of process_photo runs here with its real adapters against the laptop cloud's
table and a bucket of the probe's own, so that no deployed worker takes its photos.
"""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import boto3

from darkroom import cutout, matte
from darkroom.models import Models
from darkroom.workflow import Tools, run
from local.layout import Layout, Outputs
from lumiku.adapters.rows import Rows
from lumiku.adapters.transactions import TransactionTable
from lumiku.adapters.work.jobs import JobTable
from lumiku.adapters.work.photos import PhotoBucket
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from lumiku.domain.work.jobs import Job
from lumiku.services.clock import utc_now
from lumiku.services.stopwatch import Stopwatch
from lumiku.services.transactions import Insert
from lumiku.services.work.attempts import Attempt, Developed
from lumiku.services.work.processing import Arrival, Done, Processing
from lumiku_client import Client, Progress, Stage
from models.fetch import fetch

PROBE_BUCKET = "benchmark-probe"

type Seconds = dict[str, float]


def send(client: Client, photo: Path, tier: str, target: Path) -> Seconds:
    """One photo through the service; seconds of each stage as its client sees them, and `all`."""
    moments: dict[Stage, float] = {}

    def note(progress: Progress) -> None:
        moments.setdefault(progress.stage, time.time())

    job = client.remove(photo, tier, target, on_progress=note).job
    ended = time.time()
    if job.completed_at is None or job.processing_time_ms is None:
        raise ValueError(job)
    completed = job.completed_at.timestamp()
    processing = job.processing_time_ms / 1000
    submitted, uploading, queued, downloading = (
        moments[stage]
        for stage in (Stage.SUBMITTING, Stage.UPLOADING, Stage.QUEUED, Stage.DOWNLOADING)
    )
    return {
        "submit": uploading - submitted,
        "upload": queued - uploading,
        "queue wait": max(0.0, completed - processing - queued),
        "processing": processing,
        "long poll answers": downloading - completed,
        "download": ended - downloading,
        "all": ended - submitted,
    }


class Probe:
    """The worker's use case, timed from within."""

    def __init__(self, layout: Layout, outputs: Outputs, threads: int) -> None:
        with layout.as_root():
            session = boto3.Session()
            self._s3 = session.client("s3", region_name="us-east-1")
            dynamodb = session.client("dynamodb")
        self._s3.create_bucket(Bucket=PROBE_BUCKET)
        self._transactions = TransactionTable(Rows(dynamodb, outputs.table))
        self._models = Models(fetch, threads)
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._processing = Processing(
            _Timed(JobTable(Rows(dynamodb, outputs.table)), self._timed, "DynamoDB"),
            _Timed(PhotoBucket(self._s3, PROBE_BUCKET, session.get_credentials), self._timed, "S3"),
            mock.Mock(),  # A job of its own that succeeds needs no settling and has no group.
            mock.Mock(),
            mock.Mock(),
            self._develop,
            utc_now,
        )

    def run(self, photo: Path, tier: Tier, number: int) -> Seconds:
        """Process one photo; seconds of each stage, and `processing` for all of them."""
        now = utc_now()
        job = probe_job(f"job_probe{time.time_ns():x}{number}", tier, now)
        self._transactions.commit(Insert(job))
        data = photo.read_bytes()
        put = self._s3.put_object(Bucket=PROBE_BUCKET, Key=job.source.key, Body=data)
        arrival = Arrival(job.source.key, put["ETag"].strip('"'), len(data))
        self._spent.clear()
        with self._pixels(), self._timed("processing"):
            done = self._processing.process(arrival, attempt_id="probe", time_left_s=60)
        if done != Done("completed"):
            raise ValueError(done)
        return dict(self._spent)

    def _develop(self, attempt: Attempt) -> Developed:
        watch = Stopwatch()
        made = run(attempt.photo, attempt.job.workflow, Tools(self._models, watch))
        for stage in ("decode", "encode"):
            self._spent[stage] += watch.ms[stage] / 1000
        return Developed(made.files)

    @contextmanager
    def _pixels(self) -> Iterator[None]:
        """Time what the step of cutting out is made of."""
        with ExitStack() as patches:
            for stage, module, name in (
                ("infer", matte, "infer"),
                ("alpha at full size", matte, "full_size"),
                ("edge colours", cutout, "decontaminate"),
            ):
                timed = _wrapped(getattr(module, name), stage, self._timed)
                patches.enter_context(mock.patch.object(module, name, timed))
            yield

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self._spent[stage] += time.perf_counter() - began


class _Timed:
    """Passes calls on and times them."""

    def __init__(self, inner: object, timed: Callable[[str], Any], service: str) -> None:
        self._inner = inner
        self._timed = timed
        self._service = service

    def __getattr__(self, name: str) -> Any:
        return _wrapped(getattr(self._inner, name), f"{self._service} {name}", self._timed)


def _wrapped(call: Callable[..., Any], stage: str, timed: Callable[[str], Any]) -> Any:
    def called(*arguments: Any, **named: Any) -> Any:
        with timed(stage):
            return call(*arguments, **named)

    return called


def probe_job(job_id: str, tier: Tier, now: datetime) -> Job:
    """A job that costs nobody anything."""
    return Job.model_validate(
        {
            "id": job_id,
            "user_id": "probe",
            "app": "background-remover",
            "tier": tier,
            "workflow": background_removal(tier),
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


def medians(runs: list[Seconds]) -> Seconds:
    """Median of each stage."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def breakdown(outside: Mapping[str, float], inside: Mapping[str, float]) -> Seconds:
    """Put the worker's own stages in the place of `processing`, what they leave out as `rest`."""
    stages = {name: s for name, s in outside.items() if name not in {"processing", "all"}}
    within = {name: s for name, s in inside.items() if name != "processing"}
    rest = outside["all"] - sum(stages.values()) - sum(within.values())
    before = [name for name in ("submit", "upload", "queue wait") if name in stages]
    after = [name for name in stages if name not in before]
    return {
        **{name: stages[name] for name in before},
        **within,
        **{name: stages[name] for name in after},
        "rest": max(0.0, rest),
    }
