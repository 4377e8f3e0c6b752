"""Memory of one sandbox over many photos: `python -m benchmarks.soak [--count 300]`.

The handler of process_photo runs in this process against AWS as moto imitates it; rows and objects
are deleted again after each photo, so that only what the sandbox itself keeps can add up.
"""

import contextlib
import io
import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from matplotlib import pyplot as plt

from benchmarks import laptop, plots
from local.layout import Layout
from lumiku.adapters.work.jobs import job_key
from lumiku.adapters.work.photos import PhotoBucket
from lumiku.apps.remover.prices import Tier
from lumiku.apps.remover.workflow import background_removal
from models.fetch import CACHE, fetch_all
from tests.component.stack import Context, Stack, running_stack

USER = "soak"
# The first photos build the session and let the allocator find its size.
WARM_UP_SHARE = 0.2
MAX_GROWTH_SHARE = 0.05


def rss_mb() -> float:
    """Memory that this process holds, in MB."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return int(listed.stdout) / 1024


@contextlib.contextmanager
def sandbox() -> Iterator[Stack]:
    """A stack whose process_photo takes its weights from the cache and logs nothing."""
    fetch_all()
    with pytest.MonkeyPatch.context() as patch, running_stack(patch) as stack:
        patch.setattr(PhotoBucket, "weights", lambda _, sha256: CACHE / f"{sha256}.onnx")
        stack.app("process_photo").logger.setLevel("CRITICAL")
        yield stack


def process(stack: Stack, photo: Path, tier: Tier, number: int) -> None:
    """Send one photo through the handler, then forget it."""
    job_id = f"job_{number}"
    job = stack.put_job(job_id, USER, tier=tier, workflow=background_removal(tier))
    data = photo.read_bytes()
    put = stack.s3.put_object(Bucket=stack.bucket, Key=job.source.key, Body=data)
    with contextlib.redirect_stdout(io.StringIO()):
        answer = stack.app("process_photo").handler(
            event(job.source.key, put["ETag"].strip('"'), len(data)), Context("process_photo")
        )
    done = stack.jobs.get(job_id)
    if answer["batchItemFailures"] or done is None or done.result is None:
        raise SystemExit(f"{photo.name}: {done}")
    for key in (job.source.key, *(output.key for output in done.outputs.values())):
        stack.s3.delete_object(Bucket=stack.bucket, Key=key)
    pk, sk = job_key(job_id)
    stack.dynamodb.delete_item(TableName=stack.table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


def event(key: str, etag: str, size_bytes: int) -> dict[str, Any]:
    """The delivery of one message with one record."""
    body = {"Records": [{"s3": {"object": {"key": key, "eTag": etag, "size": size_bytes}}}]}
    message = {
        "messageId": "m",
        "receiptHandle": "h",
        "body": json.dumps(body),
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ap-southeast-1:123456789012:SingleLane",
    }
    return {"Records": [message]}


def draw(rss: list[float], tier: Tier) -> None:
    """Plot the memory after each photo."""
    figure, axes = plt.subplots(figsize=(8, 3.6))
    axes.plot(range(1, len(rss) + 1), rss, color="#2563eb", linewidth=1)
    axes.set(xlabel="photos", ylabel="MB", title=f"Memory of one sandbox of process_photo, {tier}")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    plots.save(figure, "soak")


def main(
    photos: Annotated[Path | None, typer.Option(help="Folder of photos")] = None,
    count: Annotated[int, typer.Option(help="Photos in all", min=20)] = 300,
    tier: Annotated[Tier, typer.Option(help="Quality tier")] = Tier.BASIC,
) -> None:
    """Watch the memory of one sandbox."""
    chosen = laptop.photos(photos, Layout(laptop.STATE), count)
    rss = []
    with sandbox() as stack:
        for number, photo in enumerate(chosen):
            process(stack, photo, tier, number)
            rss.append(rss_mb())
    warm = rss[int(WARM_UP_SHARE * count) :]
    part = max(1, len(warm) // 4)
    early, late = statistics.median(warm[:part]), statistics.median(warm[-part:])
    growth = late / early - 1
    plots.print_table(
        (f"{count} photos, {tier}", "MB"),
        [
            ("after the first", f"{rss[0]:.0f}"),
            ("when warm, median", f"{early:.0f}"),
            ("at the end, median", f"{late:.0f}"),
            ("peak after a photo", f"{max(rss):.0f}"),
        ],
    )
    draw(rss, tier)
    print(f"grows at most {MAX_GROWTH_SHARE:.0%}: {'yes' if growth <= MAX_GROWTH_SHARE else 'NO'}")
    plots.print_figures(
        {
            "photos": count,
            "warm_mb": round(early),
            "end_mb": round(late),
            "growth": round(growth, 3),
        }
    )


if __name__ == "__main__":
    typer.run(main)
