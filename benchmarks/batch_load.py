"""Sending batches to the laptop cloud, and counting what came of them."""

import io
import json
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from benchmarks.yardsticks import Pace
from lumiku.adapters.rows import Rows
from lumiku.adapters.work.groups import GroupTable
from lumiku.apps.remover.prices import Tier, price
from lumiku.domain.work.jobs import Status
from lumiku_client import BatchPhoto, PhotoUpload
from tests.e2e.service import Person, Service

TIER = "basic"
STAND_IN = Path(__file__).parent / "stand_in"
# What the function's own configuration says, and what stands in for it.
REAL_HANDLER, STAND_IN_HANDLER = "app.handler", "ten_ms.handler"


@dataclass(frozen=True)
class Sent:
    """A batch from its order to its ZIPs on disk."""

    person: Person
    batch_id: str
    archives: Sequence[Path]
    pace: Pace


@dataclass(frozen=True)
class Count:
    """Photos without a result, and results, ledger entries or ZIP entries that there are twice."""

    lost: int
    double: int
    processing_s: tuple[float, ...]


def shrunk(photos: Sequence[Path], folder: Path, side_px: int) -> list[Path]:
    """Small JPEGs of the photos, in their order."""
    folder.mkdir()
    small: dict[Path, bytes] = {}
    for photo in set(photos):
        with Image.open(photo) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
        image.thumbnail((side_px, side_px))
        image.save(file := io.BytesIO(), "JPEG", quality=88)
        small[photo] = file.getvalue()
    paths = [folder / f"{number:04d}.jpg" for number in range(len(photos))]
    for path, photo in zip(paths, photos, strict=True):
        path.write_bytes(small[photo])
    return paths


def send_batch(person: Person, photos: Sequence[Path], archive: Path) -> Sent:
    """Order, upload, wait and fetch, as `lumiku batch` does."""
    batches, began = person.client.batches, time.perf_counter()
    made = batches.submit([BatchPhoto(p.name, p.stat().st_size) for p in photos], TIER)
    uploads = [PhotoUpload(file.index, photos[file.index], file.key) for file in made.files]
    problems: list[object] = []
    batches.upload(
        made.batch_id,
        uploads,
        made.upload,
        on_over=lambda _, problem: problems.append(problem) if problem else None,
    )
    if problems:
        raise SystemExit(f"{len(problems)} uploads failed: {problems[0]}")
    batches.wait(made.batch_id)
    archives = batches.download_all(made.batch_id, archive)
    return Sent(person, made.batch_id, archives, Pace(len(photos), time.perf_counter() - began))


def at_once(
    service: Service, people: Sequence[Person], photos: Sequence[Path], folder: Path
) -> tuple[Pace, list[Count]]:
    """A batch of all the photos from each of the people, at the same time."""
    began = time.perf_counter()
    archives = [folder / f"crowd-{number}.zip" for number in range(len(people))]
    with ThreadPoolExecutor(len(people)) as pool:
        sent = list(pool.map(send_batch, people, repeat(photos), archives))
    pace = Pace(len(photos) * len(people), time.perf_counter() - began)
    return pace, [count(service, one) for one in sent]


def count(service: Service, sent: Sent) -> Count:
    """Look at every row, object, ledger entry and ZIP entry of a batch of good photos."""
    person, photos = sent.person, sent.pace.photos
    jobs = GroupTable(Rows(service.dynamodb, service.outputs.table)).group_jobs(sent.batch_id)
    completed = [job for job in jobs if job.status is Status.COMPLETED]
    pages = service.s3.get_paginator("list_objects_v2").paginate(
        Bucket=service.bucket, Prefix=f"out/{person.user_id}/{sent.batch_id}_"
    )
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    zipped, charged = [], 0
    for path in sent.archives:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                raise SystemExit(f"the ZIP {path.name} of {sent.batch_id} is damaged")
            zipped += [name for name in archive.namelist() if name.startswith("removed-")]
            charged += json.loads(archive.read("manifest.json"))["creditsCharged"]
    moved = service.moved(person, sent.batch_id)
    service.balance(person)
    owed = price(Tier.BASIC, photos).total
    if -sum(moved) != owed or charged != owed:
        raise SystemExit(f"{sent.batch_id} cost {-sum(moved)} credits instead of {owed}")
    beside = {job.outputs["thumbnail"].key for job in completed if "thumbnail" in job.outputs}
    results = [key.split("/")[2] for key in keys if key not in beside]
    return Count(
        lost=photos - min(len(completed), len(zipped)),
        double=_more_than_once(results) + _more_than_once(zipped) + max(0, len(moved) - 2),
        processing_s=tuple((job.processing_ms or 0) / 1000 for job in completed),
    )


def _more_than_once(names: Sequence[str]) -> int:
    return sum(Counter(names).values()) - len(set(names))


@contextmanager
def ten_ms_step(service: Service) -> Iterator[None]:
    """Let process_photo wait 10 ms where it would look for the subject."""
    _configure(service, STAND_IN_HANDLER)
    try:
        yield
    finally:
        use_real_step(service)


def use_real_step(service: Service) -> None:
    """Put process_photo right, also when an earlier run was ended in the middle."""
    _configure(service, REAL_HANDLER)


def _configure(service: Service, handler: str) -> None:
    name = service.names["ProcessPhoto"]
    now: Any = service.lambda_.get_function_configuration(FunctionName=name)
    variables = {k: v for k, v in now["Environment"]["Variables"].items() if k != "PYTHONPATH"}
    if handler == STAND_IN_HANDLER:
        variables["PYTHONPATH"] = str(STAND_IN)
    if (now["Handler"], now["Environment"]["Variables"]) != (handler, variables):
        service.lambda_.update_function_configuration(
            FunctionName=name, Handler=handler, Environment={"Variables": variables}
        )
