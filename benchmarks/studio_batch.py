"""Batches of the studio on the laptop cloud: `python -m benchmarks.studio_batch [--photos 100]`.

So many products with a template, from the order to the last result, against the same steps alone:
a warm process for each worker of the cloud, one thread each. In a second batch a few photos are
empty, and it is paused and resumed; every row, variation and credit of both is counted.
"""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from PIL import Image

from benchmarks import batch_load, laptop, report
from benchmarks import photos as photo_files
from benchmarks.yardsticks import Pace
from darkroom.models import Models
from darkroom.workflow import Tools, run
from local.layout import ROOT
from local.steps import step
from lumiku.apps.studio.http import STUDIO_PREFIX as S
from lumiku.apps.studio.offers import shipped
from lumiku.apps.studio.plans import RENDERINGS, StudioPlanName
from lumiku.apps.studio.wanted import of_template
from lumiku.apps.studio.workflow import MIN_SIDE_PX
from lumiku.apps.studio.worth import worth
from lumiku.domain.work.jobs import Status
from lumiku.services.stopwatch import Stopwatch
from lumiku_client import GenerationBatch, Look
from models.build import build
from tests.e2e import desk
from tests.e2e.buyer import Buyer, buyer, data, proof_of
from tests.e2e.service import Service, until

STATE = ROOT / ".local" / "bench-studio-batch"
TEMPLATE = "pure-white"
WORKERS = 2
SIDE_PX = 1200
CREDITS = 10_000
EMPTY_EVERY = 14
MIN_VS_BARE = 0.85
PATIENCE_S = 900


@dataclass(frozen=True)
class Count:
    """Items without an end, variations that there are twice, credits that are not as agreed."""

    lost: int
    double: int
    off_by: int


@contextmanager
def bare(photos: Sequence[Path]) -> Iterator[Callable[[], Pace]]:
    """The template's steps as Premium renders them, and nothing else."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:

        def paced() -> Pace:
            began = time.perf_counter()
            list(pool.map(_made, photos))
            return Pace(len(photos), time.perf_counter() - began)

        list(pool.map(_made, photos[: 2 * WORKERS]))
        yield paced


def _made(photo: Path) -> None:
    workflow = of_template(TEMPLATE, shipped).steps(RENDERINGS[StudioPlanName.PREMIUM])
    run(photo.read_bytes(), workflow, Tools(_models(), Stopwatch()))


_loaded: list[Models] = []


def _models() -> Models:
    if not _loaded:
        _loaded.append(Models(build, threads=1))
    return _loaded[0]


def large(photos: Sequence[Path], count: int) -> list[Path]:
    """So many of those that the studio takes once they are small, each as often as need be."""
    found = []
    for photo in photos:
        with Image.open(photo) as opened:
            shorter, longer = sorted(opened.size)
        if shorter * min(1, SIDE_PX / longer) >= MIN_SIDE_PX:
            found.append(photo)
    return list(islice(cycle(found), count))


def on_premium(seller: Buyer) -> None:
    """Take the plan that has batches of 100."""
    asked = seller("POST", f"{S}/subscription", json={"plan": StudioPlanName.PREMIUM})
    path, token = proof_of(data(asked)["payment"])
    data(seller("POST", path, json={"status": "paid", "token": token}))


def project_of(seller: Buyer, photos: Sequence[Path]) -> str:
    """A project with these photos as items."""
    project_id = desk.project(seller)
    ordered = desk.order_upload(seller, project_id, *photos)
    desk.send(ordered, *photos)
    path = f"{S}/projects/{project_id}/uploads/{ordered['uploadId']}"
    data(seller("POST", f"{path}/finish"))

    def kept() -> bool | None:
        files = data(seller("GET", path))["files"]
        if refused := [file for file in files if file["error"]]:
            raise LookupError(refused)
        return all(file["itemId"] for file in files) or None

    until(kept, PATIENCE_S)
    return project_id


def batch(seller: Buyer, project_id: str, *, paused: bool) -> tuple[GenerationBatch, Pace]:
    """A batch of a whole project, awaited as our client does, and its pace until it is closed."""
    batches, ended = seller.person.client.studio.batches, list[float]()

    def on_look(seen: GenerationBatch) -> None:
        if seen.completed_at is not None:
            ended.append(time.perf_counter())

    began = time.perf_counter()
    batch_id = batches.order(project_id, Look(template_id=TEMPLATE)).generation.generation_id
    if paused:
        batches.pause(batch_id)
        time.sleep(1)
        batches.resume(batch_id)
    made = batches.wait(batch_id, timeout_s=PATIENCE_S, on_look=on_look)
    return made, Pace(made.progress.total_items, ended[0] - began)


def counted(service: Service, seller: Buyer, shown: GenerationBatch, empty: int) -> Count:
    """What of a batch is not as it should be."""
    jobs = service.groups.group_jobs(shown.generation_id)
    lost = sum(not job.status.is_over for job in jobs)
    lost += abs(sum(job.status is Status.FAILED for job in jobs) - empty)
    made: Counter[str] = Counter()
    for one in shown.items or ():
        kept = seller.person.client.studio.variations.list(one.item_id)
        made.update(variation.generation_id for variation in kept)
    group = service.groups.group(shown.generation_id)
    if group is None:
        raise LookupError(shown.generation_id)
    return Count(
        lost=lost,
        double=sum(times - 1 for times in made.values()),
        off_by=shown.credits_used - worth(group, len(jobs) - empty),
    )


def main(
    photos: Annotated[int, typer.Option(help="Photos of a batch, 2 to 100")] = 100,
    folder: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
    state: Annotated[Path, typer.Option(help="Folder of the laptop cloud")] = STATE,
) -> None:
    """Measure and print."""
    with laptop.laptop_cloud(state) as (layout, outputs), TemporaryDirectory() as name:
        service, work = Service(layout, outputs), Path(name)
        chosen = large(photo_files.choose(folder, photos), photos)
        small = batch_load.shrunk(chosen, work / "small", SIDE_PX)
        spoilt = batch_load.shrunk(chosen, work / "spoilt", SIDE_PX)
        nothing = spoilt[::EMPTY_EVERY]
        for path in nothing:
            Image.new("RGBA", (600, 600)).save(path, "PNG")
        with buyer(service, credits=CREDITS) as seller:
            on_premium(seller)
            with step("Warm up"):
                batch(seller, project_of(seller, small[:4]), paused=False)
            with step("Upload"):
                projects = project_of(seller, small), project_of(seller, spoilt)
            with bare(small) as alone:
                with step("Steps alone"):
                    before = alone()
                with step("Batch"):
                    shown, whole = batch(seller, projects[0], paused=False)
                with step("Steps alone"):
                    after = alone()
            with step("Batch with empty photos, paused and resumed"):
                settled, _ = batch(seller, projects[1], paused=True)
            counts = [
                counted(service, seller, shown, 0),
                counted(service, seller, settled, len(nothing)),
            ]
        service.close()
    steps = (before.per_minute + after.per_minute) / 2
    ratio = whole.per_minute / steps
    report.table(
        {"way": "", "seconds": ".1f", "photos a minute": ".0f"},
        [
            ("steps alone", before.seconds, before.per_minute),
            ("batch", whole.seconds, whole.per_minute),
            ("steps alone", after.seconds, after.per_minute),
        ],
    )
    lost, double = sum(one.lost for one in counts), sum(one.double for one in counts)
    off_by = sum(abs(one.off_by) for one in counts)
    report.verdict(f"batch_vs_bare is at least {MIN_VS_BARE}", ratio >= MIN_VS_BARE)
    report.verdict("lost, double and off_by are 0", lost == double == off_by == 0)
    report.figures(
        batch_vs_bare=round(ratio, 2),
        photos=photos,
        empty=len(nothing),
        photos_per_minute=round(whole.per_minute),
        lost=lost,
        double=double,
        off_by=off_by,
    )


if __name__ == "__main__":
    typer.run(main)
