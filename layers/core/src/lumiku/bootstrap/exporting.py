"""Pictures that leave the studio: downloads, exports, carousels."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.apps.studio.prices import APP, OrderKind
from lumiku.bootstrap import stores, studio, work
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.apps.studio.carousels import CarouselOrders
    from lumiku.apps.studio.downloads import Downloads, Render
    from lumiku.apps.studio.exports import ExportOrders
    from lumiku.services.projects.carousels import Carousels
    from lumiku.services.projects.exports import Exports


def downloads(render: "Render") -> "Downloads":
    """Downloads of single pictures, which `render` makes where they are not stored."""
    from lumiku.apps.studio.downloads import Downloads

    return Downloads(
        studio.items(),
        stores.variations(),
        stores.wallets(),
        stores.paces(),
        stores.photos(),
        render,
        utc_now,
    )


@cache
def export_orders() -> "ExportOrders":
    """Taking exports in."""
    from lumiku.apps.studio.exports import ExportOrders

    return ExportOrders(
        studio.items(),
        stores.variations(),
        studio.grouping(),
        studio.retrying(),
        studio.monthly_use(),
    )


@cache
def carousel_orders() -> "CarouselOrders":
    """Taking carousels in."""
    from lumiku.apps.studio.carousels import CarouselOrders

    return CarouselOrders(
        studio.items(), stores.variations(), studio.grouping(), studio.monthly_use()
    )


@cache
def carousels() -> "Carousels":
    """Looking at carousels."""
    from lumiku.services.projects.carousels import Carousels

    return Carousels(work.groups(APP), stores.photos(), OrderKind.CAROUSEL.product, utc_now)


@cache
def exports() -> "Exports":
    """Looking at exports."""
    from lumiku.services.projects.exports import Exports

    return Exports(work.groups(APP), stores.projects(), stores.photos(), utc_now)
