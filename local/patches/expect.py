"""How a patch says that upstream still is what it was written for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


class UpstreamChanged(Exception):
    """Ministack no longer looks as the patch expects: compare, then change or drop the patch."""


def expect(holds: bool, what: str) -> None:
    """Refuse to patch something that has changed."""
    if not holds:
        raise UpstreamChanged(f"ministack changed: {what}; see local/patches")


def expect_upstream(function: Callable[..., Any], what: str) -> None:
    """Refuse to wrap a function that is not ministack's own, or is no function."""
    code = getattr(function, "__code__", None)
    expect(code is not None and "ministack" in Path(code.co_filename).parts, what)
