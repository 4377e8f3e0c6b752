"""What the studio's commands share: how projects are named, and looks are told."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from lumiku_client._client import Client
from lumiku_client._looks import Look
from lumiku_client._photos import printable
from lumiku_client._studio_models import Project

from .exits import give_up

ITEM_ID = re.compile(r"item_[0-9a-f]{32}_\w+")
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


Template = Annotated[
    str | None,
    typer.Option(metavar="TEMPLATE", help="As 'lumiku studio templates' lists it."),
]
Background = Annotated[
    str | None,
    typer.Option(metavar="remove|COLOUR", help="Without one, or white, black or #rrggbb."),
]
Prompt = Annotated[
    str | None, typer.Option(metavar="TEXT", help="A background as you describe it.")
]
Light = Annotated[
    str | None,
    typer.Option(metavar="auto|PRESET", help="Or studio, natural, dramatic, bright, moody."),
]
Shadow = Annotated[
    str | None, typer.Option(metavar="natural|drop|reflection", help="What the product throws.")
]
LookFile = Annotated[
    Path | None,
    typer.Option(
        "--look",
        metavar="FILE",
        dir_okay=False,
        exists=True,
        help="A workflow as JSON, in the words of the API.",
    ),
]
_COLOURS = {"white": "#ffffff", "black": "#000000"}


def chosen(
    template: str | None,
    background: str | None,
    prompt: str | None,
    light: str | None,
    shadow: str | None,
    look: Path | None,
) -> Look:
    """The look that the flags ask for; ends the command where they do not go together."""
    said = _said(background, prompt, light, shadow)
    if sum(map(bool, (template, look, said))) != 1:
        give_up(
            "Say how the pictures shall look: with --template, with --look, or with "
            "--background or --prompt, --light and --shadow."
        )
    if background and prompt:
        give_up("A background is a colour or described, not both.")
    if look is not None:
        said = _read(look)
    return Look(template_id=template) if template else Look(workflow=said)


def _said(
    background: str | None, prompt: str | None, light: str | None, shadow: str | None
) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if background == "remove":
        said["background"] = {"action": "remove"}
    elif background:
        said["background"] = {"action": "solid", "color": _COLOURS.get(background, background)}
    if prompt:
        said["background"] = {"action": "ai", "prompt": prompt}
    if light:
        is_auto = light == "auto"
        said["lighting"] = {"mode": "auto"} if is_auto else {"mode": "preset", "preset": light}
    if shadow:
        said["shadow"] = {"type": shadow}
    return said


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        give_up(f"{printable(str(path))} cannot be read as JSON: {printable(str(error))}")
    if not isinstance(said, dict):
        give_up(f"{printable(str(path))} is not a workflow: it has no fields.")
    return said
