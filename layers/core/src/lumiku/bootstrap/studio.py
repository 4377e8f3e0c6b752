"""AI Product Photo Studio."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.bootstrap import stores
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.services.projects.projects import Projects


@cache
def projects() -> "Projects":
    """Projects."""
    from lumiku.services.projects.projects import Projects

    return Projects(stores.projects(), stores.photos(), utc_now)
