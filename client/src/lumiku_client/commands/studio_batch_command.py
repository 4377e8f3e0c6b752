"""`lumiku studio batch`: many items in one order, waited for and fetched."""

import csv
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from rich.console import Console

from lumiku_client._client import Client, OnProgress
from lumiku_client._errors import ApiProblem
from lumiku_client._generation_models import BatchedItem, GenerationBatch
from lumiku_client._looks import Look
from lumiku_client._models import Progress, Stage
from lumiku_client._photos import printable
from lumiku_client._studio_models import Project

from . import flags, report, studio_flags
from .carrying_out import carry_out
from .connecting import PATIENT_S, account_for, client_for
from .exits import INTERRUPTED, agree, give_up, problems_told
from .making import Make
from .out_folder import targets_in
from .outcomes import Outcome
from .process_command import OUT
from .sentences import credits_missing, lacking_told

_BATCH_ID = re.compile(r"genbatch_[0-9a-f]{32}")


def batch(
    named: Annotated[
        str,
        typer.Argument(
            metavar="PROJECT|BATCH", help="A project, or a batch that is ordered already."
        ),
    ],
    template: studio_flags.Template = None,
    background: studio_flags.Background = None,
    prompt: studio_flags.Prompt = None,
    light: studio_flags.Light = None,
    shadow: studio_flags.Shadow = None,
    look: studio_flags.LookFile = None,
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            exists=True,
            help="A CSV with the columns sku (or item), templateId and color: a line an item.",
        ),
    ] = None,
    items: Annotated[
        str, typer.Option(metavar="ITEM,...", help="Only these; otherwise all of the project.")
    ] = "",
    out: flags.Out = OUT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about the price.")] = False,
    parallel: Annotated[
        int, typer.Option("--parallel", "-j", min=1, max=32, help="Downloads at a time.")
    ] = 4,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Make pictures of many items in one order, which is cheaper than one by one; fetch them.

    Writes OUT/<stem>.png for each item and OUT/contact-sheet.png, before and after. After Ctrl-C
    the batch goes on by itself; 'lumiku studio batch BATCH' waits for it and fetches the pictures.
    """
    flagged = (template, background, prompt, light, shadow, look)
    is_ordered = _BATCH_ID.fullmatch(named) is not None
    if is_ordered and any((*flagged, settings, items)):
        give_up("What is ordered already cannot be ordered differently.")
    wanted = None
    if any(flagged) or not (is_ordered or settings):
        wanted = studio_flags.chosen(*flagged)
    chosen = [one for one in map(str.strip, items.split(",")) if one]
    account, notes = account_for(api_url), report.console_for(stderr=True)
    targets_in(out, [], "png")  # which gives up before anything is paid
    with problems_told(), client_for(account) as client:
        if is_ordered:
            batch_id = named
        else:
            project = studio_flags.project_named(client, named)
            batch_id = _order(notes, client, project, wanted, settings, chosen, yes=yes)
        client.be_patient(PATIENT_S)
        over = _waited(notes, client, batch_id)
    with tempfile.TemporaryDirectory(prefix="lumiku-") as folder:
        # Where the photo of each item will be, for the contact sheet.
        befores = {
            Path(folder, str(one.index), Path(one.file_name).name): one for one in over.items or ()
        }
        targets = targets_in(out, list(befores), "png")
        carry_out(
            account,
            _outcomes(over, befores, targets),
            _fetching(befores),
            out=out,
            parallel=parallel,
            left_over=lambda outcomes: _left_over(batch_id, outcomes),
            as_json=as_json,
        )


def _order(
    notes: Console,
    client: Client,
    project: Project,
    wanted: Look | None,
    settings: Path | None,
    chosen: Sequence[str],
    *,
    yes: bool,
) -> str:
    """Id of the batch, once somebody has agreed to its price and it is paid."""
    lines = _read(settings) if settings else None
    count = len(chosen) or project.item_count
    if lines is not None and wanted is None and not chosen:
        # Cells may have line breaks in them.
        count = sum(any(row) for row in csv.reader(lines.splitlines(keepends=True))) - 1
    if count < 1:
        give_up("There are no items. Upload photos with: lumiku studio upload PROJECT PHOTOS")
    features = () if wanted else ("template",)
    quote = client.studio.price(items=count, look=wanted, features=features)
    if quote.not_in_plan is not None:
        give_up(lacking_told(quote.not_in_plan))
    # One alone may have been paid for in part, and a line may ask for less than the look.
    is_sure = count > 1 and (lines is None or wanted is None)
    at_most = "" if is_sure else "at most "
    told = f"{report.counted(count, 'picture')}: {at_most}{quote.total} credits"
    report.say(notes, f"{told}, {quote.balance} available.")
    if not quote.affordable:
        give_up(credits_missing(quote.total, quote.balance))
    if not yes:
        agree("Go on?", otherwise="Nothing was ordered")
    ordered = client.studio.batches.order(
        project.project_id,
        wanted,
        items=chosen or None,
        settings_csv=lines,
        expected_credits=quote.total if is_sure else None,
    )
    batch_id = ordered.generation.generation_id
    report.say(notes, f"Ordered: {batch_id}, {ordered.credits_used} credits.")
    return batch_id


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        give_up(f"{printable(str(path))} cannot be read as text: {printable(str(error))}")


def _waited(notes: Console, client: Client, batch_id: str) -> GenerationBatch:
    told = ""

    def on_look(seen: GenerationBatch) -> None:
        nonlocal told
        now = progress_told(seen)
        if now != told:
            report.say(notes, now)
        told = now

    try:
        return client.studio.batches.wait(batch_id, on_look=on_look)
    except KeyboardInterrupt:
        report.say(notes, f"Interrupted; the batch goes on. {_go_on(batch_id)}")
        raise typer.Exit(INTERRUPTED) from None


def progress_told(seen: GenerationBatch) -> str:
    """How far a batch is, and when it will be over."""
    progress = seen.progress
    told = f"{seen.status}: {progress.processed_items} of {progress.total_items} done"
    if progress.failed_items:
        told += f", {progress.failed_items} failed"
    if seen.estimated_completion_at is not None:
        told += f", until about {report.moment_told(seen.estimated_completion_at)}"
    if seen.paused_until is not None:
        told += f"; cancelled {report.moment_told(seen.paused_until)} unless it is resumed"
    return told


def _go_on(batch_id: str) -> str:
    return f"Fetch it with: lumiku studio batch {batch_id}"


def _outcomes(
    over: GenerationBatch, befores: Mapping[Path, BatchedItem], targets: Mapping[Path, Path]
) -> Sequence[Outcome]:
    """What is to be fetched, each with its share of the price, and what failed."""
    made = [one.index for one in befores.values() if one.variation_id]
    share, rest = divmod(over.credits_used, len(made) or 1)
    found = []
    for before, one in befores.items():
        outcome = Outcome(before, targets[before], item_id=one.item_id, job_id=one.generation_id)
        if one.variation_id is None:
            found.append(outcome.failed(_why(one), job_over=True))
        else:
            found.append(replace(outcome, credits=share + (made.index(one.index) < rest)))
    return found


def _why(one: BatchedItem) -> ApiProblem:
    if one.error is not None:
        return ApiProblem(code=one.error.code, title=one.error.message)
    return ApiProblem(code=one.status, title="There is no picture of it.")


def _fetching(befores: Mapping[Path, BatchedItem]) -> Make:
    def make(
        client: Client, before: Path, target: Path, on_progress: OnProgress
    ) -> Mapping[str, object]:
        one = befores[before]
        with suppress(ApiProblem):
            client.studio.items.fetch_view(client.studio.items.show(one.item_id), before)

        def on_bytes(done: int, total: int) -> None:
            on_progress(
                Progress(Stage.DOWNLOADING, one.generation_id, done_bytes=done, total_bytes=total)
            )

        client.studio.variations.download(
            one.item_id, target, variation_id=one.variation_id, on_bytes=on_bytes
        )
        with Image.open(target) as picture:
            width, height = picture.size
        return {"width_px": width, "height_px": height}

    return make


def _left_over(batch_id: str, outcomes: Iterable[Outcome]) -> Iterable[str]:
    outcomes = list(outcomes)
    if any(outcome.unfetched for outcome in outcomes):
        yield _go_on(batch_id)
    if any(outcome.job_over for outcome in outcomes):
        yield f"Try again what failed, at what came back: lumiku studio retry {batch_id}"
