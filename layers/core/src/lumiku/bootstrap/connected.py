"""Other apps of the platform: who they are, what accounts allow them, calling them."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import reach, rows
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.adapters.connected.apps import AppTable
    from lumiku.adapters.connected.grants import GrantTable
    from lumiku.services.connected.acting import Acting
    from lumiku.services.connected.apps import Apps
    from lumiku.services.connected.asking import Asking
    from lumiku.services.connected.connections import Connections


@cache
def app_table() -> "AppTable":
    """The administrator's apps."""
    from lumiku.adapters.connected.apps import AppTable

    return AppTable(rows())


@cache
def grant_table() -> "GrantTable":
    """What accounts allow them."""
    from lumiku.adapters.connected.grants import GrantTable

    return GrantTable(rows())


@cache
def apps() -> "Apps":
    """What administrators do."""
    from lumiku.services.connected.apps import Apps

    return Apps(app_table(), reach(), utc_now)


@cache
def connections() -> "Connections":
    """What accounts do."""
    from lumiku.services.connected.connections import Connections

    return Connections(app_table(), grant_table(), utc_now)


@cache
def acting() -> "Acting":
    """Who acts for whom."""
    from lumiku.services.connected.acting import Acting

    return Acting(app_table(), grant_table(), stores.is_leaving, utc_now)


@cache
def asking() -> "Asking":
    """What other apps are asked for."""
    from lumiku.adapters.connected.calls import HttpLine
    from lumiku.services.connected.asking import Asking

    return Asking(acting(), HttpLine(reach()))
