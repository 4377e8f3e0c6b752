"""Sandboxes of Lambda start with nothing built."""

import sys


def forget_what_was_built() -> None:
    """Let every part of bootstrap be built anew."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lumiku.bootstrap"):
            for made in vars(module).values():
                if hasattr(made, "cache_clear"):
                    made.cache_clear()
