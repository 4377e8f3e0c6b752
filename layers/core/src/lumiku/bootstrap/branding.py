"""White label."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.bootstrap import stores
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.apps.studio.branding import Branding, Logos, Redraw


@cache
def branding() -> "Branding":
    """Brands of accounts."""
    from lumiku.apps.studio.branding import Branding

    return Branding(stores.brands(), stores.wallets(), stores.photos(), utc_now)


def logos(redraw: "Redraw") -> "Logos":
    """Their logos, drawn by `redraw`."""
    from lumiku.apps.studio.branding import Logos

    return Logos(branding(), stores.paces(), redraw)
