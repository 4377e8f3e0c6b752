"""`lumiku account`: a copy of all that is kept of the account, and its deletion."""

from pathlib import Path
from typing import Annotated

import typer

from lumiku_client._account import AccountExport
from lumiku_client._photos import printable

from . import flags, report, settings
from .asking import asked
from .connecting import account_for, client_for
from .exits import problems_told


def export(
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Fetch the ZIP that is ready."),
    ] = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Ask for a copy of all your data; with --out, fetch it once it is ready.

    One copy a day is made, and kept for seven days. It has every row as a line of JSON, photos and
    results, and a manifest.
    """
    with problems_told(), client_for(account_for(api_url)) as client:
        if out is None:
            found = client.account.ask_for_export()
        else:
            client.account.download_export(out)
            found = client.account.export()
    if as_json:
        report.print_json(report.answer_json(found))
    else:
        report.say(report.console_for(), _told(found, out))


def delete(
    email: Annotated[
        str | None, typer.Option("--confirm", metavar="EMAIL", help="The account's own address.")
    ] = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Delete the account, its photos, projects, orders and credits, for ever.

    The address is to be typed, or given with --confirm; the password is asked for, or taken from
    LUMIKU_PASSWORD.
    """
    account = account_for(api_url)
    address = email or asked("Type the account's e-mail address to delete it", "--confirm")
    password = account.password or asked("Password", "LUMIKU_PASSWORD", hidden=True)
    with problems_told(), client_for(account) as client:
        done = client.account.delete(address, password)
    settings.forget()
    if as_json:
        report.print_json(report.answer_json(done))
        return
    report.say(
        report.console_for(),
        "The account is closed. All of it is erased after"
        f" {done.settles_at.astimezone():%Y-%m-%d %H:%M}.",
    )


def _told(found: AccountExport, out: Path | None) -> str:
    if out is None:
        return (
            "A copy is being made; a mail tells when it is ready."
            " Then: lumiku account export --out FILE"
        )
    left = f" {found.left_out} files were left out: see manifest.json." if found.left_out else ""
    return f"Written: {printable(str(out))}.{left}"
