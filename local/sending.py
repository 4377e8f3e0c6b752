"""What `make run` sends, by the command line that everybody has."""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from local.layout import ROOT, LaptopCloudError, Outputs

_CLIENT_S = 3
_LUMIKU = ROOT / ".venv/bin/lumiku"


def cut_out(outputs: Outputs, photos: Path, *, tier: str, out: Path, is_batch: bool) -> int:
    """Send photos through the background remover; answers the command line's exit code."""
    way = ["batch", "--yes"] if is_batch else ["remove"]
    status = _lumiku(outputs, *way, photos, "--tier", tier, "--out", out)
    _lumiku(outputs, "credits")
    return status


def put_into_template(
    outputs: Outputs, photos: Path, *, template: str, out: Path, is_batch: bool, platforms: str
) -> int:
    """Keep photos in a new project of the studio and apply a template to each, or to all at once.

    Exports the pictures for `platforms`, if any are named. Answers the command line's exit code.
    """
    name = f"make run, {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
    made = subprocess.run(
        [_LUMIKU, "studio", "projects", "--new", name, "--json"],
        env=_as_demo(outputs),
        stdout=subprocess.PIPE,
    )
    if made.returncode != 0:
        raise LaptopCloudError("The project could not be made.")
    project = json.loads(made.stdout)["projectId"]
    uploaded = _lumiku(outputs, "studio", "upload", project, photos, "--yes")
    way = "batch" if is_batch else "process"
    applied = _lumiku(
        outputs, "studio", way, project, "--template", template, "--out", out, "--yes"
    )
    exported = 0
    if platforms:
        export = ["export", project, "--platforms", platforms, "--out", out, "--yes"]
        exported = _lumiku(outputs, "studio", *export)
    _lumiku(outputs, "credits")
    return uploaded or applied or exported


def _as_demo(outputs: Outputs) -> Mapping[str, str]:
    return os.environ | {
        "LUMIKU_API_URL": outputs.api_url,
        "LUMIKU_EMAIL": outputs.email,
        "LUMIKU_PASSWORD": outputs.password,
    }


def _lumiku(outputs: Outputs, *arguments: str | Path) -> int:
    command = [str(part) for part in (_LUMIKU, *arguments)]
    with subprocess.Popen(command, env=_as_demo(outputs)) as sending:
        try:
            return sending.wait()
        except KeyboardInterrupt:
            _let_end(sending)
            raise


def _let_end(sending: "subprocess.Popen[bytes]") -> None:
    """Let the client end in its own way. A terminal has sent it the same Ctrl-C; others did not."""
    for ending in (signal.SIGINT, signal.SIGKILL):
        with suppress(subprocess.TimeoutExpired):
            sending.wait(_CLIENT_S)
            return
        sending.send_signal(ending)
