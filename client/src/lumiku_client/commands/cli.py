"""The command line `lumiku`."""

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lumiku_client._client import Client
from lumiku_client._models import JobStatus
from lumiku_client._photos import printable

from . import report, settings
from .batch_command import batch
from .connecting import BRIEF_S, account_for, client_for
from .exits import give_up, problems_told, usage_errors_are_ones
from .flags import AsJson, Server
from .remove_command import remove


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


app.command()(remove)
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
