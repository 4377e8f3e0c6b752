"""`lumiku studio projects` and `templates`: what is there."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Annotated

import typer

from lumiku_client._client import Client
from lumiku_client._photos import printable
from lumiku_client._studio_models import Item, Project, Template
from lumiku_client._templates import Sort

from . import flags, report
from .connecting import account_for, client_for
from .exits import agree, give_up, problems_told
from .studio_flags import Search, project_named

_MOST_AT_ONCE = 100


def projects(
    project: Annotated[
        str | None,
        typer.Argument(metavar="PROJECT", help="The items of this one, by its name or id."),
    ] = None,
    new: Annotated[
        str | None, typer.Option(metavar="NAME", help="Make a project of that name.")
    ] = None,
    template: Annotated[
        str | None, typer.Option(metavar="TEMPLATE", help="With --new: its usual template.")
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete PROJECT and all that is in it, for good.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")] = False,
    search: Search = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """List projects, newest first, or the items of one; make or delete one."""
    if new is not None and (project is not None or delete):
        give_up("Either make a project, or look at one or delete it.")
    if delete and project is None:
        give_up("Name the project to delete.")
    with problems_told(), client_for(account_for(api_url)) as client:
        if new is not None:
            made = client.studio.projects.create(new, default_template_id=template)
            _tell_made(made, as_json=as_json)
        elif project is None:
            size = min(limit, _MOST_AT_ONCE)
            listed = client.studio.projects.list(text=search, page_size=size)
            _tell_projects(list(islice(listed, limit)), as_json=as_json)
        elif delete:
            _delete(client, project_named(client, project), yes=yes, as_json=as_json)
        else:
            size, inside = min(limit, _MOST_AT_ONCE), project_named(client, project)
            items = client.studio.items.list(inside.project_id, text=search, page_size=size)
            _tell_items(list(islice(items, limit)), as_json=as_json)


def templates(
    template: Annotated[
        str | None, typer.Argument(metavar="TEMPLATE", help="Show this one.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="studio, lifestyle, ecommerce or seasonal.")
    ] = None,
    platform: Annotated[str | None, typer.Option(help="Made for it, as shopee.")] = None,
    featured: Annotated[bool, typer.Option("--featured", help="Only those.")] = False,
    own: Annotated[bool, typer.Option("--own", help="Only your own.")] = False,
    ratio: Annotated[str | None, typer.Option(help="Of that ratio, as 4:5.")] = None,
    sort: Annotated[Sort | None, typer.Option(help="popular, rating, new or name first.")] = None,
    rate: Annotated[
        int | None, typer.Option(min=1, max=5, metavar="STARS", help="Give TEMPLATE 1 to 5 stars.")
    ] = None,
    search: Search = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """List the looks that are ready, what they cost, and which plan has each; show or rate one."""
    if rate is not None and template is None:
        raise typer.BadParameter("name the template that gets the stars", param_hint="--rate")
    with problems_told(), client_for(account_for(api_url)) as client:
        if template is not None and rate is not None:
            client.studio.template_desk.rate(template, rate)
        if template is not None:
            _tell_template(client.studio.template(template), as_json=as_json)
            return
        found = client.studio.templates(
            category=category,
            platform=platform,
            aspect_ratio=ratio,
            featured=featured or None,
            own=own or None,
            text=search,
            sort=sort,
        )
    headings = ("Template", "Name", "Category", "Ratio", "Credits", "In your plan", "Uses", "Stars")
    report.print_answers(
        found, headings, _template_rows(found), none="No templates.", as_json=as_json
    )


def _tell_made(made: Project, *, as_json: bool) -> None:
    if as_json:
        report.print_json(report.answer_json(made))
    else:
        report.say(report.console_for(), f"Project {printable(made.name)}: {made.project_id}")


def _tell_projects(found: Sequence[Project], *, as_json: bool) -> None:
    rows = [
        (
            project.project_id,
            project.name,
            str(project.item_count),
            f"{project.size_bytes / 1e6:.1f} MB",
            report.moment_told(project.created_at),
        )
        for project in found
    ]
    headings = ("Project", "Name", "Photos", "Size", "Made")
    report.print_answers(found, headings, rows, none="No projects.", as_json=as_json)


def _tell_items(found: Sequence[Item], *, as_json: bool) -> None:
    rows = [
        (
            item.item_id,
            item.file_name,
            item.sku or "",
            ", ".join(item.tags),
            f"{item.width} x {item.height}",
            report.moment_told(item.created_at),
        )
        for item in found
    ]
    headings = ("Item", "File", "SKU", "Tags", "Size in px", "Made")
    report.print_answers(found, headings, rows, none="No items.", as_json=as_json)


def _delete(client: Client, project: Project, *, yes: bool, as_json: bool) -> None:
    told = f"{printable(project.name)} with {report.counted(project.item_count, 'photo')}"
    if not yes:
        agree(f"Delete {told} for good?", otherwise="Nothing was deleted")
    client.studio.projects.delete(project.project_id)
    if as_json:
        report.print_json({"deleted": project.project_id})
    else:
        report.say(report.console_for(), f"Deleted: {told}.")


def _tell_template(template: Template, *, as_json: bool) -> None:
    if as_json:
        report.print_json(report.answer_json(template))
        return
    screen = report.console_for()
    report.say(screen, f"{template.template_id}: {template.name}. {template.description}")
    size = f"{template.width} x {template.height} px"
    report.say(screen, f"{size}, {template.credits} credits a photo. {_plan(template)}")
    if template.my_rating is not None:
        report.say(screen, f"You gave it {report.counted(template.my_rating, 'star')}.")
    steps = [str(step.get("name", "")) for step in template.workflow or ()]
    report.say(screen, f"Steps behind the cut-out: {', '.join(steps)}.")


def _plan(template: Template) -> str:
    if template.in_plan:
        return "Your plan has it."
    return f"Your plan does not have it; the plan {template.available_in} does."


def _template_rows(templates: Iterable[Template]) -> Iterable[Sequence[str]]:
    for template in templates:
        yield (
            template.template_id,
            template.name,
            template.category,
            template.aspect_ratio,
            str(template.credits),
            "yes" if template.in_plan else f"no: {template.available_in}",
            str(template.uses),
            "" if template.rating is None else f"{template.rating:.1f} of {template.ratings}",
        )
