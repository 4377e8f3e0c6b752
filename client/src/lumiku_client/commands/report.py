"""What the commands say when they are done: tables for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lumiku_client._batch_models import Batch
from lumiku_client._models import Job, Stage
from lumiku_client._photos import printable

from .outcomes import Outcome, State

_UNLIMITED = 100_000


def console_for(*, stderr: bool = False) -> Console:
    """A console that neither wraps nor colours when nobody looks."""
    console = Console(stderr=stderr, highlight=False, markup=False)
    if not console.is_terminal:
        console.width, console.no_color = _UNLIMITED, True
    return console


def say(console: Console, text: str, style: str = "") -> None:
    """One paragraph, as it is."""
    console.print(Text(text, style=style), soft_wrap=True)


def print_json(value: Any) -> None:
    """The machine's answer on standard output."""
    typer.echo(json.dumps(value, indent=2))


def print_table(console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns; with lines around them on a terminal only. Numbers stand right."""
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for heading in headings:
        numeric = heading in {"Seconds", "Credits"}
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)


def removal_rows(outcomes: Iterable[Outcome]) -> Iterable[Sequence[str]]:
    """File, state, size, seconds, credits, and error or hints of each photo."""
    for outcome in outcomes:
        yield (
            outcome.photo.name,
            outcome.state.replace("_", " "),
            f"{outcome.width_px} x {outcome.height_px}" if outcome.width_px else "",
            f"{outcome.seconds:.1f}" if outcome.seconds else "",
            str(outcome.credits),
            outcome.remark,
        )


def removal_json(
    outcomes: Sequence[Outcome], skipped: Iterable[Path], sheet: Path | None, balance: int | None
) -> dict[str, Any]:
    """The same for a program."""
    return {
        "photos": [_outcome_json(outcome) for outcome in outcomes],
        "skipped": [str(path) for path in skipped],
        "contactSheet": str(sheet) if sheet else None,
        "done": sum(outcome.is_done for outcome in outcomes),
        "credits": sum(outcome.credits for outcome in outcomes),
        "balance": balance,
    }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": str(outcome.photo),
        "state": outcome.state,
        "output": str(outcome.target) if outcome.is_done else None,
        "jobId": outcome.job_id,
        "widthPx": outcome.width_px,
        "heightPx": outcome.height_px,
        "seconds": round(outcome.seconds, 2),
        "credits": outcome.credits,
        "error": {"code": outcome.code, "message": outcome.error} if outcome.error else None,
        "warnings": list(outcome.warnings),
    }


def batch_json(
    batch: Batch,
    outcomes: Sequence[Outcome],
    skipped: Iterable[Path],
    sheet: Path | None,
    balance: int | None,
) -> dict[str, Any]:
    """The same for the photos of a batch, and what it cost: credits = charged - refunded."""
    charged, refunded = batch.pricing.total_credits, batch.pricing.credits_refunded or 0
    return {
        "batchId": batch.batch_id,
        "status": batch.status,
        **removal_json(outcomes, skipped, sheet, balance),
        "charged": charged,
        "refunded": refunded,
        "credits": charged - refunded,
    }


def remark_rows(outcomes: Iterable[Outcome]) -> Iterable[Sequence[str]]:
    """File, state and reason of each photo that is not simply done, failures first."""
    for outcome in sorted(outcomes, key=lambda outcome: outcome.is_done):
        if outcome.remark or not outcome.is_done:
            yield (outcome.photo.name, outcome.state.replace("_", " "), outcome.remark)


def batch_totals(
    batch: Batch, outcomes: Sequence[Outcome], seconds: float, balance: int | None
) -> str:
    """All photos of a batch, and what they cost."""
    charged, refunded = batch.pricing.total_credits, batch.pricing.credits_refunded or 0
    net = f", {refunded} refunded, {charged - refunded} in all" if refunded else ""
    left = f"; {balance} left" if balance is not None else ""
    return f"{_done(outcomes, seconds)}. {_counted(charged, 'credit')} charged{net}{left}."


def totals(outcomes: Sequence[Outcome], seconds: float, balance: int | None) -> str:
    """One sentence over all photos."""
    cost = sum(outcome.credits for outcome in outcomes)
    left = f", {balance} left" if balance is not None else ""
    return f"{_done(outcomes, seconds)}, {_counted(cost, 'credit')} used{left}."


def _done(outcomes: Sequence[Outcome], seconds: float) -> str:
    done = sum(outcome.is_done for outcome in outcomes)
    return f"{done} of {_counted(len(outcomes), 'photo')} done in {seconds:.1f} s"


def skipped(notes: Console, paths: Sequence[Path]) -> None:
    """Which files are left out, if any."""
    if paths:
        say(notes, f"Not photos, not sent: {', '.join(printable(path.name) for path in paths)}")


def contact_sheet(screen: Console, sheet: Path | None) -> None:
    """Where the contact sheet is, if there is one."""
    if sheet:
        say(screen, f"Contact sheet: {printable(str(sheet))}")


def unfinished(outcomes: Iterable[Outcome]) -> Iterable[str]:
    """What the server still has, or never got, of an interrupted or broken run."""
    for outcome in outcomes:
        name = printable(outcome.photo.name)
        if outcome.state is State.INTERRUPTED and outcome.job_id is None:
            yield f"{name}: perhaps submitted; if so, it is in the list of: lumiku jobs"
        elif outcome.unfetched and outcome.stage in (Stage.SUBMITTING, Stage.UPLOADING):
            yield (
                f"{name}: paid but not uploaded (job {outcome.job_id}); "
                "its credits come back when the upload time runs out."
            )
        elif outcome.unfetched:
            yield (
                f"{name}: on the server; fetch it with: lumiku download {outcome.job_id} "
                f"--out {printable(str(outcome.target))}"
            )
    waiting = sum(outcome.state is State.WAITING for outcome in outcomes)
    if waiting:
        yield f"{_counted(waiting, 'photo')} not sent yet."


def job_rows(jobs: Iterable[Job]) -> Iterable[Sequence[str]]:
    """Job, file, status, tier, credits, time of making, error of each job."""
    for job in jobs:
        yield (
            job.job_id,
            job.file_name,
            job.status,
            job.tier,
            str(job.credits_used),
            f"{job.created_at.astimezone():%Y-%m-%d %H:%M}",
            job.error.message if job.error else "",
        )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
