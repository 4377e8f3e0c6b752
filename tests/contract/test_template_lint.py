"""The template as CloudFormation and SAM read it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.template import ROOT


def test_cfn_lint_finds_nothing() -> None:
    done = subprocess.run(  # noqa: S603 - our own template
        [str(Path(sys.executable).with_name("cfn-lint")), "template.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_sam_validate_finds_nothing() -> None:
    sam = ROOT / ".venvs" / "sam" / "bin" / "sam"
    if not sam.exists():
        pytest.skip("there is no SAM CLI in .venvs/sam: run this test through make")

    done = subprocess.run(  # noqa: S603 - our own template
        [str(sam), "validate", "--lint", "--region", "ap-southeast-1"],
        cwd=ROOT,
        env=os.environ | {"SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
