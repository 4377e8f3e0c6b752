"""`lumiku studio preview`: how an item would look, for nothing."""

from pathlib import Path
from typing import Annotated

import typer

from lumiku_client._photos import printable
from lumiku_client._transfer import appearing

from . import flags, report, studio_flags
from .connecting import PATIENT_S, account_for, client_for
from .exits import problems_told
from .sentences import lacking_told


def preview(
    item: Annotated[
        str, typer.Argument(metavar="ITEM", help="As 'lumiku studio projects PROJECT' lists it.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", dir_okay=False, help="The WebP to write.")],
    template: studio_flags.Template = None,
    background: studio_flags.Background = None,
    prompt: studio_flags.Prompt = None,
    light: studio_flags.Light = None,
    shadow: studio_flags.Shadow = None,
    look: studio_flags.LookFile = None,
    api_url: flags.Server = None,
    as_json: flags.AsJson = False,
) -> None:
    """See how an item would look: a small picture, for nothing, also of what your plan lacks."""
    wanted = studio_flags.chosen(template, background, prompt, light, shadow, look)
    with problems_told(), client_for(account_for(api_url)) as client:
        client.be_patient(PATIENT_S)
        seen = client.studio.generations.preview(item, wanted)
        out.parent.mkdir(parents=True, exist_ok=True)
        with appearing(out) as partial:
            partial.write_bytes(seen.data)
    if as_json:
        told = report.answer_json(seen)
        report.print_json({**told, "image": None, "output": str(out)})
        return
    screen = report.console_for()
    report.say(screen, f"Written: {printable(str(out))}, {seen.width} x {seen.height} px")
    if seen.not_in_plan is not None:
        report.say(screen, lacking_told(seen.not_in_plan))
