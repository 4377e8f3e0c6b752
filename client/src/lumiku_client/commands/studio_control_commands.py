"""`lumiku studio pause`, `resume`, `cancel` and `retry`: batches that are under way or over."""

from typing import Annotated

import typer

from lumiku_client._generation_models import GenerationBatch

from . import flags, report
from .connecting import account_for, client_for
from .exits import agree, problems_told
from .studio_batch_command import progress_told

_Batch = Annotated[str, typer.Argument(metavar="BATCH", help="As it was told when it was ordered.")]


def pause(batch: _Batch, api_url: flags.Server = None, as_json: flags.AsJson = False) -> None:
    """Pause a batch: nothing new of it begins. After 24 hours it is cancelled."""
    with problems_told(), client_for(account_for(api_url)) as client:
        _tell(client.studio.batches.pause(batch), as_json=as_json)


def resume(batch: _Batch, api_url: flags.Server = None, as_json: flags.AsJson = False) -> None:
    """Let a paused batch go on."""
    with problems_told(), client_for(account_for(api_url)) as client:
        _tell(client.studio.batches.resume(batch), as_json=as_json)


def cancel(batch: _Batch, api_url: flags.Server = None, as_json: flags.AsJson = False) -> None:
    """Cancel a batch: what has not begun is given back."""
    with problems_told(), client_for(account_for(api_url)) as client:
        _tell(client.studio.batches.cancel(batch), as_json=as_json)


def retry(
    batch: _Batch,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about the price.")] = False,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Order anew the items of a batch that failed, at exactly what came back for them."""
    notes = report.console_for(stderr=True)
    with problems_told(), client_for(account_for(api_url)) as client:
        over = client.studio.batches.show(batch)
        report.say(notes, f"{progress_told(over)}. {over.credits_refunded or 0} credits came back.")
        if not yes:
            agree("Spend what came back again?", otherwise="Nothing was ordered")
        ordered = client.studio.batches.retry(batch)
    if as_json:
        report.print_json(report.answer_json(ordered))
        return
    told = f"Ordered: {ordered.generation.generation_id}, {ordered.credits_used} credits."
    report.say(report.console_for(), told)


def _tell(batch: GenerationBatch, *, as_json: bool) -> None:
    if as_json:
        report.print_json(report.answer_json(batch))
    else:
        report.say(report.console_for(), progress_told(batch))
