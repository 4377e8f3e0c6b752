"""`lumiku remove`: photos one by one, several at a time."""

import time
from typing import Annotated

import typer

from lumiku_client._models import Tier
from lumiku_client._options import Format

from . import flags, report
from .connecting import PATIENT_S, account_for, balance_of, client_for
from .display import Display
from .exits import INTERRUPTED, SOME_FAILED, problems_told
from .out_folder import check_there, contact_sheet_in, no_photos, targets_in
from .outcomes import all_done
from .photos import find
from .removal import Removal


def remove(
    paths: flags.Photos,
    tier: flags.Quality = Tier.STANDARD,
    out: flags.Out = flags.OUT,
    format: flags.FileFormat = Format.PNG,
    background: flags.Background = None,
    crop: flags.Crop = None,
    mask: flags.Mask = False,
    max_size: flags.MaxSize = None,
    parallel: Annotated[
        int, typer.Option("--parallel", "-j", min=1, max=32, help="Photos under way at a time.")
    ] = 4,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Remove the background of photos.

    Writes OUT/<stem>.png (.webp, .jpg) for each photo, OUT/<file name>.png where two share a stem,
    and OUT/contact-sheet.png. In a folder, every file that could be a photo by its content is
    tried.
    A photo that fails is reported, costs nothing, and the others go on. Ctrl-C keeps what is done.
    """
    options = flags.chosen(format, background, crop, mask, max_size)
    check_there(paths)
    found = find(paths, out)
    if not found.photos:
        no_photos(paths)
    targets = targets_in(out, found.photos, options.extension)

    notes = report.console_for(stderr=True)
    report.say_skipped(notes, found.skipped)
    display = Display(notes, len(targets))
    removal = Removal(targets, tier, options, parallel=parallel, watch=display.watch)
    begun, account = time.monotonic(), account_for(api_url)
    with client_for(account, removal.pause) as client:
        with problems_told():
            client.credits()
        client.be_patient(PATIENT_S)
        with display:
            removal.run(client)
        outcomes, seconds = removal.outcomes, time.monotonic() - begun
        # Whoever pressed Ctrl-C is not kept waiting for a number.
        balance = None if removal.interrupted else balance_of(client)
    sheet = contact_sheet_in(out, outcomes)
    report.Report(outcomes, found.skipped, sheet, balance, seconds).show(as_json=as_json)
    for line in report.unfinished(outcomes):
        report.say(notes, line)
    if removal.interrupted:
        report.say(notes, "Interrupted; what is done is kept.")
        raise typer.Exit(INTERRUPTED)
    if not all_done(outcomes):
        raise typer.Exit(SOME_FAILED)
