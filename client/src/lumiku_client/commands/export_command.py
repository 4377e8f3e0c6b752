"""`lumiku studio export` and `platforms`: pictures as files for marketplaces, in one ZIP."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from lumiku_client._client import Client
from lumiku_client._export_models import Export, ExportFiles, Platform
from lumiku_client._photos import printable

from . import flags, report, studio_flags
from .connecting import account_for, client_for
from .exits import SOME_FAILED, agree, give_up, problems_told
from .sentences import credits_missing, lacking_told

OUT = Path("exports")


def export(
    named: studio_flags.InProject,
    platforms: Annotated[
        str, typer.Option(metavar="PLACE,...", help="As 'lumiku studio platforms' lists them.")
    ] = "",
    formats: Annotated[str, typer.Option(metavar="png,jpeg,webp", help="Of the files.")] = "",
    sizes: Annotated[
        str, typer.Option(metavar="SIZE,...", help="original, 1080, 1200, 2400, or as 1200x800.")
    ] = "",
    items: Annotated[
        str, typer.Option(metavar="ITEM,...", help="Only these; otherwise all with a picture.")
    ] = "",
    name_pattern: Annotated[
        str | None, typer.Option(metavar="PATTERN", help="As '{sku}-{name}-{platform}-{n}'.")
    ] = None,
    folders: Annotated[
        str | None, typer.Option(metavar="none|format|platform|date", help="Inside the ZIP.")
    ] = None,
    watermark: Annotated[
        str, typer.Option(metavar="TEXT", help="Over every file, if the plan has it.")
    ] = "",
    out: flags.Out = OUT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask about the price.")] = False,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Make files of pictures for platforms, formats and sizes, and fetch them as one ZIP.

    Writes OUT/<export>.zip, and beside it OUT/<export>.html: what was measured of each file, and
    who asks for it. After an interruption 'lumiku download EXPORT' fetches the ZIP for 7 days.
    """
    files = ExportFiles(_listed(formats), _listed(sizes), _listed(platforms), watermark)
    if not (formats or sizes or platforms):
        give_up("Say which files to make: with --platforms, --formats or --sizes.")
    notes = report.console_for(stderr=True)
    with problems_told(), client_for(account_for(api_url)) as client:
        project = studio_flags.project_named(client, named)
        cost = _agree(notes, client, files, yes=yes)
        ordered = client.studio.exports.order(
            project.project_id,
            files,
            items=_listed(items) or None,
            name_pattern=name_pattern,
            folders=folders,
            expected_credits=cost,
        )
        report.say(notes, f"Export {ordered.export.export_id}")
        over = client.studio.exports.wait(ordered.export.export_id, on_look=_Progress(notes))
        fetched = _fetch(notes, client, over, out) if over.done_pictures else None
    _tell(over, fetched, as_json=as_json)
    if over.done_pictures < over.total_pictures:
        raise typer.Exit(SOME_FAILED)


def platforms(api_url: flags.Server = None, as_json: flags.AsJson = False) -> None:
    """List the places that pictures are exported for, and how sure their rules are."""
    with problems_told(), client_for(account_for(api_url)) as client:
        found = client.studio.exports.platforms()
    headings = ("Place", "Name", "Size in px", "Formats", "Rules", "Unconfirmed")
    report.print_answers(found, headings, _rows(found), none="No platforms.", as_json=as_json)


def _listed(text: str) -> Sequence[str]:
    return [part for part in (piece.strip() for piece in text.split(",")) if part]


def _agree(notes: Console, client: Client, files: ExportFiles, *, yes: bool) -> int:
    """What it costs, if it is agreed to."""
    quote = client.studio.price(export=files)
    if quote.not_in_plan is not None:
        give_up(lacking_told(quote.not_in_plan))
    report.say(notes, f"An export: {quote.total} credits, {quote.balance} available.")
    if not quote.affordable:
        give_up(credits_missing(quote.total, quote.balance))
    if not yes:
        agree("Go on?", otherwise="Nothing was ordered")
    return quote.total


class _Progress:
    """Says how many pictures are over, whenever that has changed."""

    def __init__(self, notes: Console) -> None:
        self._notes = notes
        self._told = 0

    def __call__(self, seen: Export) -> None:
        over = seen.done_pictures + seen.failed_pictures
        if over != self._told:
            self._told = over
            report.say(self._notes, f"{over} of {report.counted(seen.total_pictures, 'picture')}")


def _fetch(notes: Console, client: Client, over: Export, out: Path) -> tuple[Path, Path]:
    """The ZIP and its report, in `out`."""
    quarters = 0

    def on_bytes(done: int, total: int) -> None:
        nonlocal quarters
        if total and done * 4 // total > quarters:
            quarters = done * 4 // total
            report.say(notes, f"ZIP: {quarters * 25} % of {total / 1e6:.1f} MB")

    exports, name = client.studio.exports, Path(over.export_id).name
    archive = exports.download(over.export_id, out / f"{name}.zip", on_bytes)
    return archive, exports.report(over.export_id, out / f"{name}.html")


def _tell(over: Export, fetched: tuple[Path, Path] | None, *, as_json: bool) -> None:
    archive, page = map(str, fetched) if fetched else (None, None)
    if as_json:
        report.print_json({**report.answer_json(over), "output": archive, "report": page})
        return
    screen = report.console_for()
    for picture in over.pictures:
        if picture.error is not None:
            report.say(screen, f"{printable(picture.name)}: {picture.error.message}", style="red")
    done = f"{over.done_pictures} of {report.counted(over.total_pictures, 'picture')}"
    report.say(screen, f"{over.status}: {done}, {over.credits_used} credits")
    if archive and page:
        report.say(screen, f"Written: {printable(archive)}\nReport: {printable(page)}")


def _rows(platforms: Iterable[Platform]) -> Iterable[Sequence[str]]:
    for platform in platforms:
        for place in platform.destinations:
            unsure = [rule.name for rule in place.rules if not rule.is_confirmed]
            yield (
                place.id,
                place.name,
                f"{place.width} x {place.height}",
                ", ".join(place.formats),
                str(len(place.rules)),
                ", ".join(unsure),
            )
