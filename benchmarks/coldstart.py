"""What each function does before its first event, against a minimal handler of the same kind.

`python -m benchmarks.coldstart`: imports `app` of every function in fresh processes, from what SAM
built, on the interpreter that the laptop cloud uses. The yardstick is a Powertools resolver with
one route and one boto3 client, from the same layer. Seconds are of the CPU and functions take
turns, so that other work on the machine does not count. Lambda adds to both the start of the
sandbox and of Python.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import report
from local import stack
from local.layout import REGION, ROOT, Layout
from scripts.template import Function, functions, known
from tests.component.stack import SANDBOX

PYTHON = ROOT / ".venvs/cloud/bin/python"
BUILD = ROOT / ".aws-sam/build"
TARGET = 1.3
YARDSTICK = "resolver and client"
WITH_VALIDATION = "the same, validating"
_HANDLER = """\
import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

logger = Logger()
app = APIGatewayHttpResolver({options})
client = boto3.client("dynamodb")

@app.get("/nothing")
def nothing():
    return {{}}

@logger.inject_lambda_context
def handler(event, context):
    return app.resolve(event, context)
"""
_MEASURE = """\
import time
began = time.process_time()
import app
print(f"\\n{time.process_time() - began}")
"""

type Start = Callable[[], float]


def init_s(folders: Sequence[Path], environment: Mapping[str, str]) -> float:
    """CPU seconds of importing `app` in a fresh process, from the folders of code and layers."""
    done = subprocess.run(
        [PYTHON, "-c", _MEASURE],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, folders)),
            # As on Lambda, where code folders cannot be written to.
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **SANDBOX,
            **environment,
        },
        cwd=folders[0],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(f"{folders[0].name} does not start:\n{done.stderr}")
    return float(done.stdout.splitlines()[-1])


def minimal(options: str, folder: Path) -> Start:
    """Write the minimal handler."""
    folder.mkdir()
    (folder / "app.py").write_text(_HANDLER.format(options=options))
    return partial(init_s, [folder, layer("CoreLayer")], {"POWERTOOLS_SERVICE_NAME": "none"})


def built(function: Function) -> Start:
    """Find a built function; what its environment refers to gets made-up names."""
    layers = [layer(used["Ref"]) for used in function.properties["Layers"]]
    environment = {
        name: made_up(name) if (value := known(given)) is None else value
        for name, given in function.environment.items()
    }
    return partial(init_s, [BUILD / function.name, *layers], environment)


def layer(name: str) -> Path:
    """Where the modules of a layer are."""
    return BUILD / name / "python"


def made_up(name: str) -> str:
    """Something that looks like the value of that variable."""
    if name.endswith("_URL"):
        return "https://example.com/nothing"
    return f"arn:aws:any:{REGION}:123456789012:none" if name.endswith("_ARN") else "nothing"


def measure(rounds: int) -> dict[str, float]:
    """Median seconds by name, the yardsticks first. A first round only fills caches."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        starts = {
            YARDSTICK: minimal("", folder / "plain"),
            WITH_VALIDATION: minimal("enable_validation=True", folder / "validating"),
            **{function.folder: built(function) for function in functions()},
        }
        turns = report.take_turns(starts, 1 + rounds)
    return {name: statistics.median(taken[1:]) for name, taken in turns.items()}


def main(
    rounds: Annotated[int, typer.Option(help="Starts of each function")] = 5,
    build: Annotated[bool, typer.Option(help="Build the functions first")] = True,
) -> None:
    """Measure how long each function takes to start."""
    if build or not BUILD.exists():
        stack.build(Layout())
    seconds = measure(rounds)
    ratios = {name: s / seconds[YARDSTICK] for name, s in seconds.items()}
    report.table(
        {"function": "", "CPU ms": ".0f", "ratio": ".2f", "to the validating one": ".2f"},
        [(n, 1000 * s, ratios[n], s / seconds[WITH_VALIDATION]) for n, s in seconds.items()],
    )
    ours = {n: round(r, 2) for n, r in ratios.items() if n not in (YARDSTICK, WITH_VALIDATION)}
    late = [name for name, ratio in ours.items() if ratio > TARGET]
    report.verdict(f"at most {TARGET}", not late)
    if late:
        print("too late:", ", ".join(late))
    report.figures(**ours)


if __name__ == "__main__":
    typer.run(main)
