"""The arrows between the rooms are kept, and a planted arrow in the wrong direction is seen."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.template import ROOT

CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
]
PLANTED = {
    "layers/core/src/lumiku/services/money/credits.py": (
        "import lumiku.adapters.rows",
        "lumiku: arrows point one way",
    ),
    "layers/core/src/lumiku/services/work/closing.py": (
        "import lumiku.apps.remover.prices",
        "lumiku: arrows point one way",
    ),
    "layers/core/src/lumiku/apps/remover/ordering.py": (
        "import lumiku.adapters.work.jobs",
        "Apps and the API's surface know no adapter",
    ),
    "layers/core/src/lumiku/apps/studio/prices.py": (
        "import lumiku.apps.remover.prices",
        "Apps do not know each other",
    ),
    "layers/core/src/lumiku/domain/money/quotas.py": (
        "import os",
        "Rules and use cases know no cloud, no pixels, no environment",
    ),
    "layers/imaging/src/darkroom/decode.py": (
        "import lumiku.domain.work.photos",
        "lumiku, darkroom and lumiku_client do not know each other",
    ),
    "layers/core/src/photo_steps/kinds.py": (
        "import numpy",
        "The vocabulary of steps is pydantic's alone",
    ),
    "functions/zip_batch/app.py": (
        "import darkroom.decode",
        "Only process_photo and preview_api see both sides",
    ),
    "functions/sweep/app.py": (
        "import boto3",
        "Functions touch AWS through the adapters of bootstrap",
    ),
    "functions/batches_api/app.py": (
        "import functions.billing_api.app",
        "Functions do not know each other",
    ),
    "client/src/lumiku_client/_batches.py": (
        "import lumiku_client.commands.report",
        "The client's library knows nothing of its command line",
    ),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The code, in a copy that may be spoiled."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("functions", "layers", "client"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def verdicts(tree: Path) -> dict[str, str]:
    """KEPT or BROKEN by contract."""
    paths = [tree / "layers/core/src", tree / "layers/imaging/src", tree / "client/src", tree]
    done = subprocess.run(  # noqa: S603 - our own tree
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": ":".join(map(str, paths)), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(re.findall(r"^(.+) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))
    assert found.keys() == set(CONTRACTS), done.stdout + done.stderr
    assert done.returncode == int("BROKEN" in found.values())
    return found


def test_every_contract_is_kept(tree: Path) -> None:
    assert set(verdicts(tree).values()) == {"KEPT"}


def test_a_planted_import_breaks_its_contract(tree: Path) -> None:
    for name, (line, _) in PLANTED.items():
        file = tree / name
        file.write_text(f"{file.read_text()}\n{line}\n")

    found = verdicts(tree)

    assert {contract for _, contract in PLANTED.values()} == set(CONTRACTS)
    assert {name for name, verdict in found.items() if verdict == "BROKEN"} == set(CONTRACTS)
