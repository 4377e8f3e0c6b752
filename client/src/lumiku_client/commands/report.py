"""What the commands say when they are done: tables for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typer
from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lumiku_client._batch_models import Batch
from lumiku_client._models import Stage
from lumiku_client._photos import printable

from .outcomes import Outcome, State

_UNLIMITED = 100_000
_NUMBERS = {
    "Seconds",
    "Credits",
    "Photos",
    "Done",
    "Failed",
    "Cancelled",
    "Not sent",
    "Success",
    "Refunded",
    "On plan",
    "ZIP",
    "Size",
}
# What is copied from a table is not broken.
_IDS = {"Batch", "Job", "Project", "Item", "Template"}
_HEADINGS = ("File", "Result", "Size in px", "Seconds", "Credits", "Remark")


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


def answer_json(answer: BaseModel) -> dict[str, Any]:
    """An answer as the server gave it, as far as this version knows it."""
    return answer.model_dump(mode="json", by_alias=True, exclude_unset=True)


def print_answers(
    answers: Sequence[BaseModel],
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    none: str,
    as_json: bool,
) -> None:
    """A list as JSON, or as a table, or in the words for `none`."""
    if as_json:
        print_json(list(map(answer_json, answers)))
    elif answers:
        print_table(console_for(), headings, rows)
    else:
        say(console_for(), none)


def print_table(console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns; with lines around them on a terminal only. Numbers stand right.

    Where ids do not fit beside the rest, lines are as long as they are; the terminal breaks them.
    """
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for heading in headings:
        numeric = heading in _NUMBERS
        table.add_column(
            heading,
            justify="right" if numeric else "left",
            no_wrap=heading in _IDS,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    needed = console.measure(table, options=console.options.update(max_width=_UNLIMITED)).minimum
    if needed > console.width and not _IDS.isdisjoint(headings):
        console.width = _UNLIMITED
    console.print(table)


def say_skipped(notes: Console, paths: Sequence[Path]) -> None:
    """Which files are left out, if any."""
    if paths:
        say(notes, f"Not photos, not sent: {', '.join(printable(path.name) for path in paths)}")


@dataclass(frozen=True)
class Report:
    """What became of all photos, whether sent one by one or as a batch.

    skipped   files that are no photos
    sheet     the contact sheet, if there is any
    balance   what the account has left, if that is known
    """

    outcomes: Sequence[Outcome]
    skipped: Sequence[Path]
    sheet: Path | None
    balance: int | None
    seconds: float
    batch: Batch | None = None

    def show(self, *, as_json: bool) -> None:
        """A table and a sentence for a person, or JSON for a program."""
        if as_json:
            print_json(self._json() if self.batch is None else self._batch_json(self.batch))
            return
        screen = console_for()
        if self.batch is None:
            print_table(screen, _HEADINGS, map(_row, self.outcomes))
        elif rows := list(_remarks(self.outcomes)):
            print_table(screen, ("File", "Result", "Remark"), rows)
        say(screen, self._totals())
        if self.sheet:
            say(screen, f"Contact sheet: {printable(str(self.sheet))}")

    def _json(self) -> dict[str, Any]:
        return {
            "photos": [_outcome_json(outcome) for outcome in self.outcomes],
            "skipped": [str(path) for path in self.skipped],
            "contactSheet": str(self.sheet) if self.sheet else None,
            "done": self._done,
            "credits": sum(outcome.credits for outcome in self.outcomes),
            "balance": self.balance,
        }

    def _batch_json(self, batch: Batch) -> dict[str, Any]:
        charged, refunded = _cost(batch)
        about = {"batchId": batch.batch_id, "status": batch.status}
        cost = {"charged": charged, "refunded": refunded, "credits": charged - refunded}
        return {**about, **self._json(), **cost}

    @property
    def _done(self) -> int:
        return sum(outcome.is_done for outcome in self.outcomes)

    def _totals(self) -> str:
        photos = counted(len(self.outcomes), "photo")
        done = f"{self._done} of {photos} done in {self.seconds:.1f} s"
        left = "" if self.balance is None else f" {self.balance} left"
        if self.batch is None:
            cost = sum(outcome.credits for outcome in self.outcomes)
            return f"{done}, {counted(cost, 'credit')} used{left and f',{left}'}."
        return f"{done}. {cost_told(*_cost(self.batch), self.balance)}"


def _cost(batch: Batch) -> tuple[int, int]:
    """Credits that were charged, and those of them that came back."""
    return batch.pricing.total_credits, batch.pricing.credits_refunded or 0


def _row(outcome: Outcome) -> Sequence[str]:
    return (
        outcome.photo.name,
        outcome.state.replace("_", " "),
        f"{outcome.width_px} x {outcome.height_px}" if outcome.width_px else "",
        f"{outcome.seconds:.1f}" if outcome.seconds else "",
        str(outcome.credits),
        outcome.remark,
    )


def _remarks(outcomes: Iterable[Outcome]) -> Iterable[Sequence[str]]:
    """Of each photo that is not simply done, failures first."""
    for outcome in sorted(outcomes, key=lambda outcome: outcome.is_done):
        if outcome.remark or not outcome.is_done:
            yield (outcome.photo.name, outcome.state.replace("_", " "), outcome.remark)


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    about = {"file": str(outcome.photo)}
    if outcome.item_id is not None:
        about = {"file": outcome.photo.name, "itemId": outcome.item_id}
    return {
        **about,
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
        yield f"{counted(waiting, 'photo')} not sent yet."


def cost_told(charged: int, refunded: int, balance: int | None) -> str:
    """What an order cost, and what is left if that is known."""
    net = f", {refunded} refunded, {charged - refunded} in all" if refunded else ""
    left = "" if balance is None else f"; {balance} left"
    return f"{counted(charged, 'credit')} charged{net}{left}."


def moment_told(moment: datetime) -> str:
    """A moment, here."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def counted(count: int, noun: str) -> str:
    """So many of something."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
