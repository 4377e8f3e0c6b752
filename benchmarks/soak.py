"""Memory of one sandbox over many photos: `python -m benchmarks.soak [--count 300]`.

The handler of process_photo runs in this process against AWS as moto imitates it; rows and objects
are deleted again after each photo, so that only what the sandbox itself keeps can add up.
"""

import contextlib
import io
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
import typer

from benchmarks import own_process, photos, report
from darkroom.weights import manifest
from lumiku.adapters.work.jobs import job_key
from lumiku.adapters.work.photos import PhotoBucket
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from models.build import build
from models.fetch import CACHE
from tests.component.lane import Lane
from tests.component.stack import running_stack

# The first photos build the session and let the allocator find its size.
WARM_UP_SHARE = 0.2
MAX_GROWTH_SHARE = 0.05


@contextlib.contextmanager
def sandbox() -> Iterator[Lane]:
    """A lane whose process_photo takes its weights from the cache and logs nothing."""
    for name in manifest():
        build(name)
    with pytest.MonkeyPatch.context() as patch, running_stack(patch) as stack:
        patch.setattr(PhotoBucket, "weights", lambda _, sha256: CACHE / f"{sha256}.onnx")
        stack.app("process_photo").logger.setLevel("CRITICAL")
        yield Lane(stack)


def process(lane: Lane, photo: Path, tier: Tier) -> float:
    """Send one photo through the handler, then forget it; MB that are held afterwards."""
    stack = lane.stack
    told = lane.job(photo.read_bytes(), tier=tier, workflow=background_removal(tier))
    with contextlib.redirect_stdout(io.StringIO()):  # metrics are printed
        failed = lane.deliver(told.body)
    job = told.now()
    if failed or job.result is None:
        raise SystemExit(f"{photo.name}: {job}")
    for key in (job.source.key, *(output.key for output in job.outputs.values())):
        stack.s3.delete_object(Bucket=stack.bucket, Key=key)
    pk, sk = job_key(job.id)
    stack.dynamodb.delete_item(TableName=stack.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
    return own_process.memory_bytes("VmRSS") / 2**20


def main(
    folder: Annotated[Path | None, typer.Option("--photos", help="Folder of photos")] = None,
    count: Annotated[int, typer.Option(help="Photos in all", min=20)] = 300,
    tier: Annotated[Tier, typer.Option(help="Quality tier")] = Tier.BASIC,
) -> None:
    """Watch the memory of one sandbox."""
    chosen = photos.choose(folder, count)
    with sandbox() as lane:
        held_mb = [process(lane, photo, tier) for photo in chosen]
    warm = held_mb[int(WARM_UP_SHARE * count) :]
    part = max(1, len(warm) // 4)
    early, late = statistics.median(warm[:part]), statistics.median(warm[-part:])
    growth = late / early - 1
    report.table(
        {f"{count} photos, {tier}": "", "MB": ".0f"},
        [
            ("after the first", held_mb[0]),
            ("when warm, median", early),
            ("at the end, median", late),
            ("peak after a photo", max(held_mb)),
        ],
    )
    report.verdict(f"grows at most {MAX_GROWTH_SHARE:.0%}", growth <= MAX_GROWTH_SHARE)
    report.figures(photos=count, warm_mb=round(early), end_mb=round(late), growth=round(growth, 3))


if __name__ == "__main__":
    typer.run(main)
