"""Photos that are made one by one, from the first step to the report."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import typer

from . import report
from .connecting import PATIENT_S, balance_of, client_for
from .display import Display
from .exits import INTERRUPTED, SOME_FAILED, problems_told
from .making import Make, Making
from .out_folder import contact_sheet_in
from .outcomes import Outcome, all_done
from .settings import Account


def carry_out(
    account: Account,
    outcomes: Sequence[Outcome],
    make: Make,
    *,
    out: Path,
    skipped: Sequence[Path] = (),
    parallel: int,
    left_over: Callable[[Iterable[Outcome]], Iterable[str]] = report.unfinished,
    as_json: bool,
) -> None:
    """Makes all that wait and reports; ends the command unless every photo has its result.

    `left_over` says what is to be done about photos that were interrupted.
    """
    notes = report.console_for(stderr=True)
    display = Display(notes, len(outcomes))
    making = Making(outcomes, make, parallel=parallel, watch=display.watch)
    begun = time.monotonic()
    with client_for(account, making.pause) as client:
        with problems_told():
            client.credits()
        client.be_patient(PATIENT_S)
        with display:
            making.run(client)
        ended, seconds = making.outcomes, time.monotonic() - begun
        # Whoever pressed Ctrl-C is not kept waiting for a number.
        balance = None if making.interrupted else balance_of(client)
    sheet = contact_sheet_in(out, ended)
    report.Report(ended, skipped, sheet, balance, seconds).show(as_json=as_json)
    for line in left_over(ended):
        report.say(notes, line)
    if making.interrupted:
        report.say(notes, "Interrupted; what is done is kept.")
        raise typer.Exit(INTERRUPTED)
    if not all_done(ended):
        raise typer.Exit(SOME_FAILED)
