"""`lumiku studio process`: pictures of items, ordered one by one and fetched."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from rich.console import Console

from lumiku_client._client import Client, OnProgress
from lumiku_client._errors import ApiProblem
from lumiku_client._generation_models import Generation
from lumiku_client._looks import Look
from lumiku_client._studio_models import Item, Lacking

from . import flags, report, studio_flags
from .carrying_out import carry_out
from .connecting import account_for, client_for
from .exits import agree, give_up, problems_told
from .making import Make
from .out_folder import targets_in
from .outcomes import Outcome
from .sentences import GO_ON, credits_missing, lacking_told

OUT = Path("pictures")


def process(
    named: Annotated[
        list[str],
        typer.Argument(metavar="PROJECT|ITEM...", help="Items, or projects with all their items."),
    ],
    template: studio_flags.Template = None,
    background: studio_flags.Background = None,
    prompt: studio_flags.Prompt = None,
    light: studio_flags.Light = None,
    shadow: studio_flags.Shadow = None,
    look: studio_flags.LookFile = None,
    out: flags.Out = OUT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about the price.")] = False,
    parallel: Annotated[
        int, typer.Option("--parallel", "-j", min=1, max=32, help="Pictures under way at a time.")
    ] = 4,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Make a picture of each item by a template or by what you say, and fetch it.

    Writes OUT/<stem>.png for each item and OUT/contact-sheet.png, before and after.
    The same look of the same item is paid for once, however often the command is run, and the
    removal of its background once for all looks. What fails is reported and costs nothing.
    """
    wanted = studio_flags.chosen(template, background, prompt, light, shadow, look)
    account, notes = account_for(api_url), report.console_for(stderr=True)
    with problems_told(), client_for(account) as client:
        items = _items(client, named)
        if not items:
            give_up("There are no items. Upload photos with: lumiku studio upload PROJECT PHOTOS")
        begun = _begun(client, items, wanted)
        if begun:
            told = report.counted(len(begun), "picture")
            report.say(notes, f"Ordered by an earlier run, not ordered again: {told}.")
        _agree(notes, client, wanted, len(items), yes=yes)
    with tempfile.TemporaryDirectory(prefix="lumiku-") as folder:
        # Where the photo of each item will be, for the contact sheet.
        befores = {
            Path(folder, str(n), Path(item.file_name).name): item for n, item in enumerate(items)
        }
        targets = targets_in(out, list(befores), "png")
        carry_out(
            account,
            [
                Outcome(before, targets[before], item_id=item.item_id)
                for before, item in befores.items()
            ],
            _making(befores, begun, wanted),
            out=out,
            parallel=parallel,
            left_over=_left_over,
            as_json=as_json,
        )


def _items(client: Client, named: Sequence[str]) -> Sequence[Item]:
    """Each once, those of a project in the order in which they came."""
    found: dict[str, Item] = {}
    for name in named:
        if studio_flags.ITEM_ID.fullmatch(name):
            listed = [client.studio.items.show(name)]
        else:
            project = studio_flags.project_named(client, name)
            listed = list(client.studio.items.list(project.project_id))[::-1]
        found |= {item.item_id: item for item in listed}
    return list(found.values())


def _begun(client: Client, items: Sequence[Item], wanted: Look) -> Mapping[str, Generation]:
    """What an earlier run ordered of these items, and is not over."""
    projects = dict.fromkeys(item.project_id for item in items)
    return {
        generation.item_id: generation
        for project in projects
        for generation in client.studio.generations.underway(project)
        if generation.asked.is_for(wanted)
    }


def _agree(notes: Console, client: Client, wanted: Look, count: int, *, yes: bool) -> None:
    quote = client.studio.price(look=wanted)
    lacking = quote.not_in_plan or _lacking_template(client, wanted)
    if lacking is not None:
        give_up(lacking_told(lacking))
    cost = quote.total * count
    told = f"{report.counted(count, 'picture')}: at most {cost} credits ({quote.total} each)"
    report.say(notes, f"{told}, {quote.balance} available. What was made before costs nothing.")
    if quote.total > quote.balance:
        give_up(credits_missing(cost, quote.balance))
    if not yes:
        agree("Go on?", otherwise="Nothing was ordered")


def _lacking_template(client: Client, wanted: Look) -> Lacking | None:
    """That the plan does not have the template, which must be there."""
    if wanted.template_id is None:
        return None
    template = client.studio.template(wanted.template_id)
    if template.in_plan:
        return None
    return Lacking(missing=[f"the template {template.name}"], available_in=template.available_in)


def _making(
    befores: Mapping[Path, Item],
    begun: Mapping[str, Generation],
    wanted: Look,
) -> Make:
    def make(
        client: Client, before: Path, target: Path, on_progress: OnProgress
    ) -> Mapping[str, object]:
        item = befores[before]
        with suppress(ApiProblem):
            client.studio.items.fetch_view(item, before)
        made = client.studio.make(
            item.item_id,
            wanted,
            target,
            begun=begun.get(item.item_id),
            on_progress=on_progress,
        )
        with Image.open(target) as picture:
            width, height = picture.size
        return {
            "credits": made.credits,
            "width_px": width,
            "height_px": height,
            "warnings": made.warnings,
        }

    return make


def _left_over(outcomes: Iterable[Outcome]) -> Iterable[str]:
    if any(not outcome.is_done for outcome in outcomes):
        yield GO_ON
