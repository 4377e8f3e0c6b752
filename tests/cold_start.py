"""Sandboxes of Lambda start with nothing built."""

import sys
from types import ModuleType


def forget_what_was_built(*, but: ModuleType | None = None) -> None:
    """Let every part of bootstrap be built anew, or all but one."""
    kept = but and but.__name__
    for name, module in list(sys.modules.items()):
        if name.startswith("lumiku.bootstrap"):
            for made in vars(module).values():
                if hasattr(made, "cache_clear") and made.__module__ != kept:
                    made.cache_clear()
