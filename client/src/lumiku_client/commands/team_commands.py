"""`lumiku workspaces`: which accounts one may act for."""

from . import flags, report
from .connecting import account_for, client_for
from .exits import problems_told


def workspaces(api_url: flags.Server = None, as_json: flags.AsJson = False) -> None:
    """List the accounts that you may act for, your own first."""
    with problems_told(), client_for(account_for(api_url)) as client:
        found = client.workspaces()
    rows = [(one.workspace_id, one.owner or "", one.role) for one in found]
    headings = ("Workspace", "Owner", "Role")
    report.print_answers(found, headings, rows, none="No workspaces.", as_json=as_json)
