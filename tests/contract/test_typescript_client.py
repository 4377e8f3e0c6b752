"""The TypeScript client's own tests, and that its types are those of the contract."""

import os
import subprocess
from pathlib import Path

from local.layout import ROOT

NODE = ROOT / ".venvs/web/bin"


def _node(*command: str | Path) -> None:
    """Run a program of node_modules with the Node that the project sets up."""
    program, *arguments = command
    subprocess.run(  # noqa: S603
        [NODE / "node", ROOT / "node_modules" / program, *arguments],
        cwd=ROOT / "client-ts",
        env=os.environ | {"PATH": f"{NODE}:{os.environ['PATH']}"},
        check=True,
        timeout=120,
    )


def test_the_client_s_own_tests_pass() -> None:
    _node("vitest/vitest.mjs", "run")


def test_the_client_s_types_are_those_of_the_contract(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    how: list[str | Path] = ["--default-non-nullable=false", "-o", made]

    _node("openapi-typescript/bin/cli.js", ROOT / "openapi.json", *how)

    committed = (ROOT / "client-ts/src/schema.d.ts").read_text("utf-8")
    assert committed == made.read_text("utf-8"), "run make openapi"
