"""The command line `lumiku`."""

import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lumiku_client._client import Client

from . import account_commands, report, settings
from .asking import asked
from .batch_command import batch
from .billing_commands import credits, stats, studio_plan, subscription, top_up
from .connecting import BRIEF_S
from .exits import problems_told, usage_errors_are_ones
from .export_command import export, platforms
from .finding_commands import batches, download, jobs
from .flags import AsJson, Server
from .preview_command import preview
from .process_command import process
from .remove_command import remove
from .studio_batch_command import batch as studio_batch
from .studio_commands import projects, templates
from .studio_control_commands import cancel, pause, resume, retry
from .team_commands import workspaces
from .upload_command import upload


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
    help="Removes the background of product photos, and makes pictures of them.\n\n"
    "Log in once with 'lumiku login', or set LUMIKU_API_URL and either LUMIKU_TOKEN or "
    "LUMIKU_EMAIL and LUMIKU_PASSWORD.",
    epilog="Exit codes: 0 all well, 1 could not run, 2 some photos failed, 130 interrupted.",
)


@app.callback()
def lumiku(
    workspace: Annotated[
        str | None,
        typer.Option(
            "--workspace",
            metavar="ID",
            help="Act for this account, of whose team you are; 'lumiku workspaces' lists them. "
            "[env var: LUMIKU_WORKSPACE]",
        ),
    ] = None,
) -> None:
    """What holds for every command."""
    if workspace is not None:
        os.environ[settings.WORKSPACE] = workspace


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
    url = known.api_url or asked("Server", "--api-url or LUMIKU_API_URL")
    address = email or asked("E-mail", "--email or LUMIKU_EMAIL")
    password = known.password or asked("Password", "LUMIKU_PASSWORD", hidden=True)
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


studio = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    help="Keep product photos in projects, and make pictures of them.",
)
app.add_typer(studio, name="studio")
studio.command()(projects)
studio.command()(upload)
studio.command()(preview)
studio.command()(process)
studio.command("batch")(studio_batch)
for act in (pause, resume, cancel):
    studio.command()(act)
studio.command()(retry)
studio.command()(templates)
studio.command()(export)
studio.command()(platforms)
studio.command("plan")(studio_plan)
account = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    help="Take all your data along, or delete the account.",
)
app.add_typer(account, name="account")
account.command()(account_commands.export)
account.command()(account_commands.delete)
app.command()(remove)
app.command()(batch)
for command in (jobs, batches, download, credits, stats, top_up, subscription, workspaces):
    app.command()(command)


@app.command()
def logout(as_json: AsJson = False) -> None:
    """Forget the login that 'lumiku login' keeps here."""
    with problems_told():
        path = settings.forget()
    left = settings.load(None)
    if as_json:
        report.print_json({"deleted": None if path is None else str(path)})
        return
    notes = report.console_for()
    report.say(notes, "Nobody was logged in." if path is None else f"Logged out: {path} deleted.")
    if left.token or left.password:
        report.say(notes, "The environment (LUMIKU_TOKEN or LUMIKU_PASSWORD) still logs you in.")


def main() -> None:
    """The entry point."""
    app(prog_name="lumiku")
