"""`lumiku remove`: photos one by one, several at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from lumiku_client._client import Client, OnProgress
from lumiku_client._models import Tier
from lumiku_client._options import Format, Options

from . import flags, report
from .carrying_out import carry_out
from .connecting import account_for
from .making import Make
from .out_folder import check_there, no_photos, targets_in
from .outcomes import waiting
from .photos import find


def remove(
    paths: flags.Photos,
    tier: flags.Quality = Tier.STANDARD,
    out: flags.Out = flags.OUT,
    format: flags.FileFormat = Format.PNG,
    background: flags.Background = None,
    crop: flags.Crop = None,
    mask: flags.Mask = False,
    max_size: flags.MaxSize = None,
    parallel: Annotated[
        int, typer.Option("--parallel", "-j", min=1, max=32, help="Photos under way at a time.")
    ] = 4,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """Remove the background of photos.

    Writes OUT/<stem>.png (.webp, .jpg) for each photo, OUT/<file name>.png where two share a stem,
    and OUT/contact-sheet.png. In a folder, every file that could be a photo by its content is
    tried.
    A photo that fails is reported, costs nothing, and the others go on. Ctrl-C keeps what is done.
    """
    options = flags.chosen(format, background, crop, mask, max_size)
    check_there(paths)
    found = find(paths, out)
    if not found.photos:
        no_photos(paths)
    targets = targets_in(out, found.photos, options.extension)

    report.say_skipped(report.console_for(stderr=True), found.skipped)
    carry_out(
        account_for(api_url),
        [waiting(photo, target) for photo, target in targets.items()],
        _cutting_out(tier, options),
        out=out,
        skipped=found.skipped,
        parallel=parallel,
        as_json=as_json,
    )


def _cutting_out(tier: Tier, options: Options) -> Make:
    def cut_out(
        client: Client, photo: Path, target: Path, on_progress: OnProgress
    ) -> Mapping[str, object]:
        job = client.remove(photo, tier, target, options=options, on_progress=on_progress).job
        return {
            "credits": job.credits_used,
            "width_px": job.metadata.width if job.metadata else None,
            "height_px": job.metadata.height if job.metadata else None,
            "warnings": job.warnings,
        }

    return cut_out
