"""What the layers bring along: exactly what the lock says."""

import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.template import ROOT


def uv() -> str:
    """The uv that make sets up, or one on the path."""
    own = ROOT / ".uv" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        pytest.skip("there is no uv: run this test through make")
    return found


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the requirements of each layer, as the lock has them."""
    folder = tmp_path_factory.mktemp("requirements")
    subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "-s", f"UV={uv()}", f"REQUIREMENTS={folder}", "requirements"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.mark.parametrize("layer", ["core", "imaging"])
def test_a_layer_installs_what_the_lock_says(layer: str, locked: Path) -> None:
    committed = ROOT / "layers" / layer / "src" / "requirements.txt"

    assert committed.read_text() == (locked / f"{layer}.txt").read_text(), "run make lock"


@pytest.mark.parametrize("layer", ["core", "imaging"])
def test_a_layer_leaves_out_what_lambda_has(layer: str) -> None:
    lines = (ROOT / "layers" / layer / "src" / "requirements.txt").read_text().splitlines()

    assert all("==" in line for line in lines)
    assert not {line.split("==")[0] for line in lines} & {"boto3", "botocore", "s3transfer"}
