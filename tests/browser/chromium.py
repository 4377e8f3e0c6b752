"""Chromium from npm, with its own libraries and fonts."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from local.layout import ROOT

_FOLDER = ROOT / ".cache/chromium"


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Have one running, unpacked at the first time; a missing one is an error."""
    if not (_FOLDER / "chromium").exists():
        node = ROOT / ".venvs/web/bin/node"
        unpack = [node, ROOT / "tests/browser/unpack.mjs", _FOLDER]
        subprocess.run(unpack, check=True, timeout=120)  # noqa: S603
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "LD_LIBRARY_PATH": str(_FOLDER / "lib"),
        "FONTCONFIG_FILE": str(_FOLDER / "fonts.conf"),
    }
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=_FOLDER / "chromium",
            env=environment,
            timeout=60_000,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", *arguments],
        )
        yield opened
        opened.close()
