"""The command line `lumiku`."""

import sys
import time
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lumiku_client._client import Client
from lumiku_client._models import JobStatus, Tier
from lumiku_client._options import Format
from lumiku_client._photos import printable

from . import report, settings
from .batch_command import batch
from .connecting import (
    BRIEF_S,
    PATIENT_S,
    AsJson,
    Server,
    account_for,
    balance_of,
    client_for,
)
from .display import Display
from .exits import INTERRUPTED, SOME_FAILED, give_up, problems_told, usage_errors_are_ones
from .option_flags import Background, Crop, FileFormat, Mask, MaxSize, chosen
from .out_folder import contact_sheet_in, targets_in
from .photos import find
from .removal import Removal, State


class _Commands(TyperGroup):
    """Usage errors exit with 1, since 2 says that some photos failed."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        with usage_errors_are_ones():
            return super().make_context(*args, **extra)

    def invoke(self, *args: Any, **extra: Any) -> Any:
        with usage_errors_are_ones():
            return super().invoke(*args, **extra)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Removes the background of product photos.\n\n"
    "Log in once with 'lumiku login', or set LUMIKU_API_URL and either LUMIKU_TOKEN or "
    "LUMIKU_EMAIL and LUMIKU_PASSWORD.",
    epilog="Exit codes: 0 all well, 1 could not run, 2 some photos failed, 130 interrupted.",
)


@app.command()
def login(
    api_url: Server = None,
    email: Annotated[
        str | None, typer.Option(envvar="LUMIKU_EMAIL", help="The account's e-mail address.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Log in and keep the token for later commands (never the password).

    The password is asked for, or taken from LUMIKU_PASSWORD.
    """
    known = settings.load(api_url)
    url = known.api_url or _asked("Server", "--api-url or LUMIKU_API_URL")
    address = email or _asked("E-mail", "--email or LUMIKU_EMAIL")
    password = known.password or _asked("Password", "LUMIKU_PASSWORD", hidden=True)
    with (
        problems_told(),
        Client(url, email=address, password=password, retry_for_s=BRIEF_S) as client,
    ):
        session = client.login()
    account = settings.Account(url, address, session.token, None, session.refresh_token)
    path = settings.store(account)
    if as_json:
        report.print_json({"apiUrl": url, "email": address, "expiresIn": session.expires_in})
    else:
        report.say(
            report.console_for(),
            f"Logged in as {address} for {session.expires_in // 60} minutes. Token kept in {path}",
        )


@app.command()
def remove(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILES|FOLDERS...",
            help="Photos, or folders of photos (not their sub-folders).",
        ),
    ],
    tier: Annotated[Tier, typer.Option(help="Quality and price.")] = Tier.STANDARD,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where results go; made if missing.")
    ] = Path("cut-outs"),
    format: FileFormat = Format.PNG,
    background: Background = None,
    crop: Crop = None,
    mask: Mask = False,
    max_size: MaxSize = None,
    parallel: Annotated[
        int,
        typer.Option("--parallel", "-j", min=1, max=32, help="Photos under way at a time."),
    ] = 4,
    api_url: Server = None,
    as_json: AsJson = False,
) -> None:
    """Remove the background of photos.

    Writes OUT/<stem>.png (.webp, .jpg) for each photo, OUT/<file name>.png where two share a stem,
    and OUT/contact-sheet.png. In a folder, every file that could be a photo by its content is
    tried.
    A photo that fails is reported, costs nothing, and the others go on. Ctrl-C keeps what is done.
    """
    options = chosen(format, background, crop, mask, max_size)
    missing = [path for path in paths if not path.exists()]
    if missing:
        give_up("No such file or folder: " + ", ".join(printable(str(p)) for p in missing))
    found = find(paths, out)
    if not found.photos:
        give_up("No photos found in " + ", ".join(printable(str(p)) for p in paths))
    targets = targets_in(out, found.photos, options.extension)

    notes = report.console_for(stderr=True)
    if found.skipped:
        names = ", ".join(printable(path.name) for path in found.skipped)
        report.say(notes, f"Not photos, not sent: {names}")
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
        client.be_patient(0)
        # Whoever pressed Ctrl-C is not kept waiting for a number.
        balance = None if removal.interrupted else balance_of(client)
    sheet = contact_sheet_in(out, outcomes)
    if as_json:
        report.print_json(report.removal_json(outcomes, found.skipped, sheet, balance))
    else:
        screen = report.console_for()
        headings = ("File", "Result", "Size in px", "Seconds", "Credits", "Remark")
        report.print_table(screen, headings, report.removal_rows(outcomes))
        report.say(screen, report.totals(outcomes, seconds, balance))
        if sheet:
            report.say(screen, f"Contact sheet: {printable(str(sheet))}")
    for line in report.unfinished(outcomes):
        report.say(notes, line)
    if removal.interrupted:
        report.say(notes, "Interrupted; what is done is kept.")
        raise typer.Exit(INTERRUPTED)
    if any(outcome.state is not State.DONE for outcome in outcomes):
        raise typer.Exit(SOME_FAILED)


app.command()(batch)


@app.command()
def jobs(
    status: Annotated[JobStatus | None, typer.Option(help="Only jobs that stand there.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first.")] = 20,
    api_url: Server = None,
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first."""
    with problems_told(), client_for(account_for(api_url)) as client:
        found = list(islice(client.jobs(status=status, page_size=min(limit, 50)), limit))
    if as_json:
        report.print_json([job.model_dump(mode="json", by_alias=True) for job in found])
    elif found:
        headings = ("Job", "File", "Status", "Tier", "Credits", "Made", "Error")
        report.print_table(report.console_for(), headings, report.job_rows(found))
    else:
        report.say(report.console_for(), "No jobs.")


@app.command()
def download(
    job_id: Annotated[str, typer.Argument(metavar="JOB", help="As 'lumiku jobs' lists it.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")],
    api_url: Server = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the result of a job that is done, for example after an interrupted run."""
    with problems_told(), client_for(account_for(api_url)) as client:
        path = client.download(job_id, out)
    if as_json:
        report.print_json({"jobId": job_id, "output": str(path)})
    else:
        report.say(report.console_for(), f"Written: {printable(str(path))}")


@app.command()
def credits(api_url: Server = None, as_json: AsJson = False) -> None:
    """Show what the account can spend."""
    with problems_told(), client_for(account_for(api_url)) as client:
        account = client.credits()
    if as_json:
        report.print_json(account.model_dump(mode="json", by_alias=True))
    else:
        report.say(report.console_for(), f"{account.balance} credits")


def main() -> None:
    """The entry point."""
    app(prog_name="lumiku")


def _asked(what: str, instead: str, *, hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        give_up(f"{what} is missing: give {instead}.")
    return str(typer.prompt(what, hide_input=hidden))
