"""What the studio's commands share: how projects are named and searched."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from lumiku_client._client import Client
from lumiku_client._photos import printable
from lumiku_client._studio_models import Project

from .exits import give_up

_PROJECT_ID = re.compile(r"project_[0-9a-f]{32}")
Search = Annotated[str | None, typer.Option(metavar="TEXT", help="Only with that in it.")]
InProject = Annotated[str, typer.Argument(metavar="PROJECT", help="Its name, or its id.")]


def project_named(client: Client, named: str) -> Project:
    """The project of that name or id; ends the command where none or several are meant."""
    if _PROJECT_ID.fullmatch(named):
        return client.studio.projects.show(named)
    found = [p for p in client.studio.projects.list(text=named) if p.name == named]
    if len(found) != 1:
        give_up(_unclear(printable(named), found))
    return found[0]


def _unclear(told: str, found: Sequence[Project]) -> str:
    if not found:
        return f"There is no project {told}. Make it with: lumiku studio projects --new '{told}'"
    ids = ", ".join(project.project_id for project in found)
    return f"{len(found)} projects are called {told}. Name one by its id: {ids}"
