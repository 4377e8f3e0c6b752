"""`lumiku batch`: many photos as one order, with one price."""

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from lumiku_client._client import Client
from lumiku_client._errors import ApiProblem
from lumiku_client._models import Tier
from lumiku_client._options import Format
from lumiku_client._photos import printable

from . import flags, report
from .batch_plan import Plan, plan
from .batch_run import BatchRun
from .batch_state import STATE_FILE, BatchState, forget
from .connecting import PATIENT_S, account_for, balance_of, client_for
from .exits import INTERRUPTED, SOME_FAILED, agree, give_up, problems_told
from .order_display import OrderDisplay
from .out_folder import contact_sheet_in
from .outcomes import all_done
from .sentences import GO_ON, credits_missing, price_told, sentence


def batch(
    paths: flags.Photos,
    tier: flags.Quality = Tier.STANDARD,
    out: flags.Out = flags.OUT,
    format: flags.FileFormat = Format.PNG,
    background: flags.Background = None,
    crop: flags.Crop = None,
    mask: flags.Mask = False,
    max_size: flags.MaxSize = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about the price.")] = False,
    parallel: Annotated[
        int, typer.Option("--parallel", "-j", min=1, max=32, help="Uploads at a time.")
    ] = 4,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Remove the background of 2 to 5,000 photos as one order.

    Writes the same files as 'lumiku remove'. A photo that fails is reported and costs nothing.
    After Ctrl-C or a lost connection the same command goes on where it stopped, and nothing is
    charged twice: OUT/.lumiku-batch.json keeps what that takes until the batch is over.
    """
    notes = report.console_for(stderr=True)
    options = flags.chosen(format, background, crop, mask, max_size)
    account = account_for(api_url)
    planned = plan(paths, tier, options, out, account)
    _announce(notes, planned)
    begun = time.monotonic()
    with client_for(account) as client:
        state = _agreed(notes, client, planned, yes=yes)
        client.be_patient(PATIENT_S)
        display = OrderDisplay(notes)
        run = BatchRun(client, state, out, parallel=parallel, watch=display)
        try:
            with display:
                ended, own = run.run()
            outcomes = [*own, *planned.refused]
            sheet = contact_sheet_in(out, outcomes)
        except KeyboardInterrupt:
            _interrupted(notes, run.state, as_json=as_json)
        except ApiProblem as problem:
            _broken_off(problem, run.state, out)
        except OSError as error:
            give_up(f"Something cannot be written or read: {printable(str(error))}. {GO_ON}")
        forget(out)
        balance = balance_of(client)
    seconds = time.monotonic() - begun
    told = report.Report(outcomes, planned.skipped, sheet, balance, seconds, ended)
    told.show(as_json=as_json)
    if not all_done(outcomes):
        raise typer.Exit(SOME_FAILED)


def _announce(notes: Console, planned: Plan) -> None:
    report.say_skipped(notes, planned.skipped)
    for outcome in planned.refused:
        report.say(notes, f"{printable(outcome.photo.name)}: {outcome.error}", style="red")
    if planned.is_resumed:
        report.say(notes, f"Going on with a batch of {len(planned.state.photos)} photos.")
    if planned.new:
        names = ", ".join(printable(path.name) for path in planned.new)
        report.say(notes, f"Not part of that batch, so not sent now: {names}")


def _agreed(notes: Console, client: Client, planned: Plan, *, yes: bool) -> BatchState:
    """The order at a price that the person agrees to, unless it is paid already."""
    state = planned.state
    with problems_told():
        if state.batch_id is not None:
            client.credits()
            return state
        price = client.batches.price(state.tier, len(state.photos))
    today = price.today
    report.say(notes, price_told(price))
    if planned.is_resumed:
        report.say(notes, "If an earlier run has ordered it already, it is not charged again.")
    elif not today.affordable or today.credits is None:
        give_up(credits_missing(today.credits or price.final_total, today.balance))
    if not yes:
        agree("Go on?", otherwise="Nothing was ordered")
    return replace(state, credits=today.credits or 0)


def _interrupted(notes: Console, state: BatchState, *, as_json: bool) -> NoReturn:
    if as_json:
        report.print_json({"batchId": state.batch_id, "status": "interrupted"})
    if state.batch_id is None:
        report.say(notes, f"Interrupted. {GO_ON}")
    elif state.finished:
        report.say(notes, f"Interrupted; the batch goes on by itself. {GO_ON}")
    else:
        until = ""
        if state.closes_at is not None:
            closes_at = datetime.fromisoformat(state.closes_at).astimezone()
            until = f" What is not there by {closes_at:%H:%M} is refunded."
        report.say(notes, f"Interrupted before all photos were sent.{until} {GO_ON}")
    raise typer.Exit(INTERRUPTED)


def _broken_off(problem: ApiProblem, state: BatchState, out: Path) -> NoReturn:
    """Ends the command; forgets the batch where nothing of it is left to go on with."""
    told = sentence(problem)
    uncertain = problem.status == 0 or problem.status >= 500
    if state.batch_id is None and not uncertain:
        forget(out)
        give_up(f"{told} Nothing was ordered.")
    if problem.status == 410:
        forget(out)
        give_up(told)
    if problem.status == 404:
        give_up(
            f"The server does not know the batch, or it is another account's. {told} "
            f"To drop it: delete {printable(str(out / STATE_FILE))}"
        )
    give_up(f"{told} {GO_ON}")
