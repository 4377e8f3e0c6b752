"""What the layers bring along: exactly what the lock says, and not too much of it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from local import stack
from local.layout import Layout
from scripts.template import ROOT, Function, functions

LIMIT_MB = 240
"""Unzipped, of function and layers together; Lambda's own limit is 250 MB."""


def uv() -> str:
    """The uv that make sets up, or one on the path."""
    own = ROOT / ".uv" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        pytest.skip("there is no uv: run this test through make")
    return found


@pytest.mark.parametrize("layer", ["core", "imaging"])
def test_a_layer_installs_what_the_lock_says(layer: str, tmp_path: Path) -> None:
    subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "-s", f"UV={uv()}", f"REQUIREMENTS={tmp_path}", "requirements"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    )

    committed = ROOT / "layers" / layer / "src" / "requirements.txt"

    assert committed.read_text() == (tmp_path / f"{layer}.txt").read_text(), "run make lock"


@pytest.mark.parametrize("layer", ["core", "imaging"])
def test_a_layer_leaves_out_what_lambda_has(layer: str) -> None:
    lines = (ROOT / "layers" / layer / "src" / "requirements.txt").read_text().splitlines()

    assert all("==" in line for line in lines)
    assert not {line.split("==")[0] for line in lines} & {"boto3", "botocore", "s3transfer"}


def size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stack.build(Layout(tmp_path_factory.mktemp("build")))
    return ROOT / ".aws-sam" / "build"


@pytest.mark.parametrize("function", functions(), ids=lambda f: f.folder)
def test_function_and_layers_fit_into_lambda(function: Function, built: Path) -> None:
    parts = [function.name, *(layer["Ref"] for layer in function.properties["Layers"])]

    sizes = {part: size_mb(built / part) for part in parts}

    assert sum(sizes.values()) < LIMIT_MB, sizes
