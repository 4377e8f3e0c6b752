"""Sandboxes of Lambda start with nothing built."""

import sys
from types import ModuleType


def forget_what_was_built(*, but: ModuleType | None = None) -> None:
    """Let every part of bootstrap be built anew, or all but one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lumiku.bootstrap") and module is not but:
            for made in vars(module).values():
                if hasattr(made, "cache_clear"):
                    made.cache_clear()
