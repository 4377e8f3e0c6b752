"""`lumiku jobs`, `batches` and `download`: what was ordered before, and its results."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from lumiku_client._batch_models import Batch, BatchStatus
from lumiku_client._models import Job, JobStatus
from lumiku_client._options import Format
from lumiku_client._photos import printable

from . import flags, report
from .connecting import account_for, client_for
from .exits import give_up, problems_told
from .studio_flags import ITEM_ID

_MOST_AT_ONCE = 50
_KINDS = {
    "batchId": re.compile(r"batch_[0-9a-f]+"),
    "exportId": re.compile(r"export_[0-9a-f]+"),
    "itemId": ITEM_ID,
}
_Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]


def jobs(
    status: Annotated[JobStatus | None, typer.Option(help="Only jobs that stand there.")] = None,
    batch: Annotated[
        str | None, typer.Option(metavar="BATCH", help="Only the photos of this batch, in order.")
    ] = None,
    batches: Annotated[
        bool, typer.Option("--batches", help="Photos of batches too, among the others.")
    ] = False,
    limit: _Limit = 20,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """List jobs, the newest first: photos that were sent one by one, unless you ask for others."""
    with problems_told(), client_for(account_for(api_url)) as client:
        page_size = min(limit, _MOST_AT_ONCE)
        listed = client.jobs(
            status=status, batch_id=batch, include_batches=batches, page_size=page_size
        )
        found = list(islice(listed, limit))
    headings = ("Job", "File", "Status", "Tier", "Credits", "Made", "Error")
    report.print_answers(found, headings, _job_rows(found), none="No jobs.", as_json=as_json)


def batches(
    status: Annotated[
        BatchStatus | None, typer.Option(help="Only batches that stand there.")
    ] = None,
    limit: _Limit = 20,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """List batches, the newest first; 'lumiku download BATCH' fetches the ZIP of one."""
    with problems_told(), client_for(account_for(api_url)) as client:
        listed = client.batches.list(status=status, page_size=min(limit, _MOST_AT_ONCE))
        found = list(islice(listed, limit))
    headings = ("Batch", "Status", "Tier", "Photos", "Done", "Failed", "Credits", "Made", "ZIP")
    report.print_answers(found, headings, _batch_rows(found), none="No batches.", as_json=as_json)


def download(
    ordered: Annotated[
        str,
        typer.Argument(
            metavar="JOB|BATCH|ITEM|EXPORT", help="As 'lumiku jobs' or 'lumiku batches' lists it."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", dir_okay=False, help="The file to write.")],
    format: Annotated[
        Format | None, typer.Option(help="Of an item's picture, if not as it is stored.")
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Of an item's picture: 1080, or as 1200x800.")
    ] = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Fetch the result of a job, the picture of an item, or the ZIP of a batch or an export.

    Pictures of items come in any format and size that your plan has. The ZIP of a batch of more
    than 500 photos comes in parts: FILE-01.zip, FILE-02.zip ...
    """
    kind = next((kind for kind, form in _KINDS.items() if form.fullmatch(ordered)), "jobId")
    if (format or size) and kind != "itemId":
        give_up("Only the picture of an item can be fetched with --format or --size.")
    with problems_told(), client_for(account_for(api_url)) as client:
        match kind:
            case "itemId":
                files = [client.studio.variations.download(ordered, out, format=format, size=size)]
            case "exportId":
                files = [client.studio.exports.download(ordered, out)]
            case "batchId":
                files = [*client.batches.download_all(ordered, out)]
            case _:
                files = [client.download(ordered, out)]
    paths = [str(path) for path in files]
    if as_json:
        others = {"outputs": paths} if len(paths) > 1 else {}
        report.print_json({kind: ordered, "output": paths[0], **others})
    else:
        report.say(report.console_for(), f"Written: {printable(', '.join(paths))}")


def _job_rows(jobs: Iterable[Job]) -> Iterable[Sequence[str]]:
    for job in jobs:
        yield (
            job.job_id,
            job.file_name,
            job.status,
            job.tier,
            str(job.credits_used),
            report.moment_told(job.created_at),
            job.error.message if job.error else "",
        )


def _batch_rows(batches: Iterable[Batch]) -> Iterable[Sequence[str]]:
    for batch in batches:
        progress, cost = batch.progress, batch.pricing
        yield (
            batch.batch_id,
            batch.status,
            batch.tier,
            str(progress.total_images),
            str(progress.processed_images),
            str(progress.failed_images),
            str(cost.total_credits - (cost.credits_refunded or 0)),
            report.moment_told(batch.timing.started_at),
            f"{batch.zip_size_bytes / 1e6:.1f} MB" if batch.zip_size_bytes else "",
        )
