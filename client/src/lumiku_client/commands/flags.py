"""The flags that commands share."""

from pathlib import Path
from typing import Annotated

import typer

from lumiku_client._models import Tier
from lumiku_client._options import Format, Options, Output

from .exits import give_up

Photos = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES|FOLDERS...", help="Photos, or folders of photos (not their sub-folders)."
    ),
]
Quality = Annotated[Tier, typer.Option("--tier", help="Quality and price.")]
Out = Annotated[
    Path, typer.Option("--out", metavar="FOLDER", help="Where results go; made if missing.")
]
OUT = Path("cut-outs")
FileFormat = Annotated[Format, typer.Option("--format", help="Of the results; jpeg is opaque.")]
Background = Annotated[
    str | None,
    typer.Option(
        metavar="COLOUR",
        help="What the subject is laid on: white, black or #rrggbb. "
        "Without it: transparent, white for jpeg.",
    ),
]
Crop = Annotated[
    int | None,
    typer.Option(
        metavar="PERCENT",
        min=0,
        max=50,
        help="Crop to the subject, with so much of its longer side around it.",
    ),
]
Mask = Annotated[bool, typer.Option("--mask", help="The alpha in grey instead of the cut-out.")]
MaxSize = Annotated[
    int | None,
    typer.Option(metavar="PX", min=64, max=16383, help="Longest side of a result at most."),
]
Server = Annotated[
    str | None,
    typer.Option("--api-url", metavar="URL", help="The server. [env var: LUMIKU_API_URL]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def chosen(
    format: Format, background: str | None, crop: int | None, mask: bool, max_size: int | None
) -> Options:
    """The options that the flags ask for; ends the command where they do not go together."""
    output = Output.MASK if mask else Output.CUTOUT
    try:
        return Options(format, background, crop, output, max_size)
    except ValueError as error:
        give_up(str(error))
