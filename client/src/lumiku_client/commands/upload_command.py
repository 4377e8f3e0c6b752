"""`lumiku studio upload`: photos into a project, each once, however often the command is run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from lumiku_client._client import Client
from lumiku_client._errors import ApiProblem
from lumiku_client._photos import MAX_ITEM_BYTES, printable
from lumiku_client._studio_models import MAX_UPLOAD, Project, Upload
from lumiku_client._uploads import announced_name

from . import flags, report
from .connecting import PATIENT_S, account_for, balance_of, client_for
from .exits import INTERRUPTED, SOME_FAILED, agree, give_up, problems_told
from .order_display import OrderDisplay
from .out_folder import check_there, no_photos
from .outcomes import hopeless
from .photos import find
from .sentences import GO_ON, credits_missing, sentence
from .studio_flags import InProject, project_named
from .upload_run import Begun, Chosen, Taken, Unfinished, run


@dataclass(frozen=True)
class Plan:
    """What is to be uploaded.

    earlier  what an earlier run has begun
    new      photos to order now, in uploads of at most 100, each at its price
    there    photos that the project has already
    refused  photos that cannot be part of any upload
    """

    earlier: Begun | None
    new: Sequence[Begun]
    there: Sequence[Path]
    refused: Sequence[Taken]
    balance: int


def upload(
    project: InProject,
    paths: flags.Photos,
    again: Annotated[
        bool, typer.Option("--again", help="Also what has the name and size of one that is there.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about the price.")] = False,
    parallel: Annotated[
        int, typer.Option("--parallel", "-j", min=1, max=32, help="Uploads at a time.")
    ] = 4,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Upload photos into a project, 2 credits each; those that are there already are not sent.

    JPEG, PNG, WebP, HEIC or AVIF, at most 20 MiB, 500 to 8,000 pixels a side. A photo that is
    refused is reported and costs nothing. After Ctrl-C or a lost connection the same command goes
    on where it stopped, and nothing is charged twice.
    """
    notes, begun_at = report.console_for(stderr=True), time.monotonic()
    check_there(paths)
    found = find(paths)
    if not found.photos:
        no_photos(paths)
    report.say_skipped(notes, found.skipped)
    with client_for(account_for(api_url)) as client:
        with problems_told():
            into = project_named(client, project)
            planned = _planned(client, into, found.photos, again=again)
        _agree(notes, into, planned, yes=yes)
        client.be_patient(PATIENT_S)
        ended, taken = _run(notes, client, into, planned, parallel=parallel)
        balance = balance_of(client)
    _tell(
        into, planned, ended, taken, balance, seconds=time.monotonic() - begun_at, as_json=as_json
    )
    if any(one.item_id is None for one in taken):
        raise typer.Exit(SOME_FAILED)


def _planned(client: Client, into: Project, photos: Sequence[Path], *, again: bool) -> Plan:
    earlier = Unfinished(into.project_id).load()
    reasons = {photo: hopeless(photo, MAX_ITEM_BYTES) for photo in photos}
    refused = [Taken(p, None, why.code, sentence(why)) for p, why in reasons.items() if why]
    fit = [_chosen(photo) for photo, why in reasons.items() if why is None]
    known = {photo.path for photo in earlier.photos} if earlier else set()
    fit = [photo for photo in fit if photo.path not in known]
    items = () if again else client.studio.items.list(into.project_id, page_size=100)
    had = {(item.file_name, item.size_bytes) for item in items}
    new = [p for p in fit if (announced_name(p.name), p.size_bytes) not in had]
    there = [photo.path for photo in fit if photo not in new]
    prices: dict[int, int] = {}
    orders, balance = [], 0
    for some in batched(new, MAX_UPLOAD, strict=False):
        if len(some) not in prices:
            quote = client.studio.price(uploads=len(some))
            prices[len(some)], balance = quote.total, quote.balance
        orders.append(Begun(some, prices[len(some)]))
    return Plan(earlier, orders, there, refused, balance)


def _chosen(photo: Path) -> Chosen:
    return Chosen(photo.parent.resolve() / photo.name, photo.stat().st_size)


def _agree(notes: Console, into: Project, planned: Plan, *, yes: bool) -> None:
    for one in planned.refused:
        report.say(notes, f"{printable(one.photo.name)}: {one.error}", style="red")
    if planned.there:
        told = report.counted(len(planned.there), "photo")
        report.say(notes, f"In the project already, not sent (unless --again): {told}.")
    if planned.earlier is not None:
        told = report.counted(len(planned.earlier.photos), "photo")
        report.say(notes, f"Going on with an upload of {told}; what is paid is not charged again.")
    if not planned.new:
        return
    count = sum(len(order.photos) for order in planned.new)
    cost = sum(order.credits for order in planned.new)
    order = f"{report.counted(count, 'photo')} into {printable(into.name)}"
    report.say(notes, f"{order}: {cost} credits, {planned.balance} available.")
    if cost > planned.balance:
        give_up(credits_missing(cost, planned.balance))
    if not yes:
        agree("Go on?", otherwise="Nothing was ordered")


def _run(
    notes: Console, client: Client, into: Project, planned: Plan, *, parallel: int
) -> tuple[Sequence[Upload], Sequence[Taken]]:
    """All uploads, one after the other, and what became of every photo that was to be sent."""
    ended: list[Upload] = []
    taken = list(planned.refused)
    display = OrderDisplay(notes)
    orders = [planned.earlier, *planned.new] if planned.earlier else planned.new
    try:
        with display:
            for order in orders:
                done, photos = run(client, into.project_id, order, parallel=parallel, watch=display)
                ended.append(done)
                taken += photos
    except KeyboardInterrupt:
        until = "What is not there within 15 minutes of the order is refunded."
        report.say(notes, f"Interrupted. {until} {GO_ON}")
        raise typer.Exit(INTERRUPTED) from None
    except ApiProblem as problem:
        is_refused = Unfinished(into.project_id).load() is None
        give_up(f"{sentence(problem)} {'Nothing more was ordered.' if is_refused else GO_ON}")
    except OSError as error:
        give_up(f"Something cannot be written or read: {printable(str(error))}. {GO_ON}")
    return ended, taken


def _tell(
    into: Project,
    planned: Plan,
    ended: Sequence[Upload],
    taken: Sequence[Taken],
    balance: int | None,
    *,
    seconds: float,
    as_json: bool,
) -> None:
    charged = sum(upload.credits_used for upload in ended)
    refunded = sum(upload.credits_refunded or 0 for upload in ended)
    if as_json:
        report.print_json(
            {
                "projectId": into.project_id,
                "uploadIds": [upload.upload_id for upload in ended],
                "photos": [_json(one) for one in taken],
                "thereAlready": [str(path) for path in planned.there],
                "charged": charged,
                "refunded": refunded,
                "balance": balance,
            }
        )
        return
    screen = report.console_for()
    failed = [(one.photo.name, one.error or "") for one in taken if one.item_id is None]
    if failed:
        report.print_table(screen, ("File", "Not kept, since"), failed)
    kept = len(taken) - len(failed)
    cost = report.cost_told(charged, refunded, balance)
    report.say(
        screen,
        f"{kept} of {report.counted(len(taken), 'photo')} uploaded into {printable(into.name)} "
        f"in {seconds:.1f} s. {cost}",
    )
    for hint in filter(None, (upload.hint for upload in ended)):
        report.say(screen, printable(hint))


def _json(one: Taken) -> dict[str, Any]:
    return {
        "file": str(one.photo),
        "itemId": one.item_id,
        "error": {"code": one.code, "message": one.error} if one.error else None,
    }
