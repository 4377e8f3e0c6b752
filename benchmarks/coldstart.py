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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from matplotlib import pyplot as plt

from benchmarks import laptop, plots
from local import stack
from local.layout import REGION, ROOT, Layout
from scripts.template import Function, functions, known

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


@dataclass(frozen=True)
class Candidate:
    """A function: the folders that hold its code and layers, and its environment."""

    name: str
    folders: list[Path]
    environment: Mapping[str, str]

    def init_s(self) -> float:
        """CPU seconds of importing it in a fresh process."""
        done = subprocess.run(
            [PYTHON, "-c", _MEASURE],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(map(str, self.folders)),
                # As on Lambda, where code folders cannot be written to.
                "PYTHONDONTWRITEBYTECODE": "1",
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "none",
                "AWS_SECRET_ACCESS_KEY": "none",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
                **self.environment,
            },
            cwd=self.folders[0],
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(f"{self.name} does not start:\n{done.stderr}")
        return float(done.stdout.splitlines()[-1])


def yardstick(name: str, options: str, folder: Path) -> Candidate:
    """Write the minimal handler."""
    folder.mkdir()
    (folder / "app.py").write_text(_HANDLER.format(options=options))
    layer = BUILD / "CoreLayer/python"
    return Candidate(name, [folder, layer], {"POWERTOOLS_SERVICE_NAME": "none"})


def candidate(function: Function) -> Candidate:
    """Find a built function; what its environment refers to gets made-up names."""
    layers = [layer["Ref"] for layer in function.properties["Layers"]]
    given = {name: known(value) for name, value in function.environment.items()}
    environment = {n: made_up(n) if value is None else value for n, value in given.items()}
    folders = [BUILD / function.name, *(BUILD / layer / "python" for layer in layers)]
    return Candidate(function.folder, folders, environment)


def made_up(name: str) -> str:
    """Something that looks like the value of that variable."""
    if name.endswith("_URL"):
        return "https://example.com/nothing"
    return f"arn:aws:any:{REGION}:123456789012:none" if name.endswith("_ARN") else "nothing"


def measure(rounds: int) -> dict[str, float]:
    """Median seconds by name, the yardsticks first. A first round only fills caches."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        candidates = [
            yardstick(YARDSTICK, "", folder / "plain"),
            yardstick(WITH_VALIDATION, "enable_validation=True", folder / "validating"),
            *(candidate(function) for function in functions()),
        ]
        taken = [{one.name: one.init_s() for one in candidates} for _ in range(1 + rounds)]
    return {one.name: statistics.median(turn[one.name] for turn in taken[1:]) for one in candidates}


def draw(ratios: Mapping[str, float]) -> None:
    """Plot each function as a multiple of the yardstick."""
    figure, axes = plt.subplots(figsize=(7.5, 0.32 * len(ratios) + 1.2))
    colours = ["#9aa5b1" if name in (YARDSTICK, WITH_VALIDATION) else "#2563eb" for name in ratios]
    bars = axes.barh(list(ratios), list(ratios.values()), color=colours)
    axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
    axes.axvline(TARGET, color="#dc2626", linestyle="--", linewidth=1)
    axes.set_title("CPU time before the first event, a minimal handler being 1", fontsize=10)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    plots.save(figure, "coldstart")


def main(
    rounds: Annotated[int, typer.Option(help="Starts of each function")] = 5,
    build: Annotated[bool, typer.Option(help="Build the functions first")] = True,
) -> None:
    """Measure how long each function takes to start."""
    if build or not BUILD.exists():
        stack.build(Layout(laptop.STATE))
    seconds = measure(rounds)
    ratios = {name: s / seconds[YARDSTICK] for name, s in seconds.items()}
    plots.print_table(
        ("function", "CPU ms", "ratio", "to the validating one"),
        [
            (name, f"{1000 * s:.0f}", f"{ratios[name]:.2f}", f"{s / seconds[WITH_VALIDATION]:.2f}")
            for name, s in seconds.items()
        ],
    )
    draw(ratios)
    ours = {n: round(r, 2) for n, r in ratios.items() if n not in (YARDSTICK, WITH_VALIDATION)}
    late = [name for name, ratio in ours.items() if ratio > TARGET]
    print(f"at most {TARGET}: {'yes' if not late else 'NOT ' + ', '.join(late)}")
    plots.print_figures(ours)


if __name__ == "__main__":
    typer.run(main)
