"""`lumiku connections`: other apps that may act for the account."""

from typing import Annotated

import typer

from lumiku_client._connections import Connection

from . import flags, report
from .connecting import account_for, client_for
from .exits import give_up, problems_told


def connections(
    app: Annotated[
        str | None, typer.Argument(metavar="APP", help="Without it: the apps there are.")
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="remove, pictures or results; may be repeated."),
    ] = None,
    cap: Annotated[
        int | None, typer.Option(metavar="CREDITS", min=0, help="At most so many a month.")
    ] = None,
    disconnect: Annotated[
        bool, typer.Option("--disconnect", help="Allow APP nothing any more.")
    ] = False,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """List other apps; let one order for the account, or stop that."""
    is_grant = allow is not None or cap is not None
    if (is_grant or disconnect) != (app is not None) or (is_grant and disconnect):
        give_up("Name an app with --allow and --cap, or with --disconnect.")
    if is_grant and (not allow or cap is None):
        give_up("Say both what the app may do (--allow) and for how much (--cap).")
    with problems_told(), client_for(account_for(api_url)) as client:
        if app is not None and disconnect:
            gone = client.connections.disconnect(app)
            if as_json:
                report.print_json(report.answer_json(gone))
            else:
                report.say(report.console_for(), f"{gone.app} may not act for the account.")
            return
        if app is not None and allow and cap is not None:
            found = [client.connections.connect(app, allow, monthly_cap=cap)]
        else:
            found = [*client.connections.list()]
    headings = ("App", "May be allowed", "Is allowed", "Spent this month")
    report.print_answers(
        found, headings, [_row(one) for one in found], none="No apps.", as_json=as_json
    )


def _row(one: Connection) -> tuple[str, str, str, str]:
    spent = f"{one.grant.spent_this_month} of {one.grant.monthly_cap}" if one.grant else ""
    allowed = ", ".join(one.grant.scopes) if one.grant else ""
    return one.app, ", ".join(one.scopes), allowed, spent
