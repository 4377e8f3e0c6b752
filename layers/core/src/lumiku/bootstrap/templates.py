"""Templates of the studio."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku.bootstrap import stores
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.apps.studio.authoring import Authoring, Render
    from lumiku.apps.studio.gallery import Gallery
    from lumiku.apps.studio.offers import Offers
    from lumiku.services.projects.telling_totals import TellingTotals


@cache
def gallery() -> "Gallery":
    """Templates, as accounts find them."""
    from lumiku.apps.studio.gallery import Gallery

    return Gallery(stores.wallets(), offers(), stores.photos(), utc_now)


@cache
def offers() -> "Offers":
    """Templates, as orders find them."""
    from lumiku.apps.studio.offers import Offers

    return Offers(stores.templates())


def authoring(render: "Render") -> "Authoring":
    """Templates as they are made, with pictures by `render`."""
    from lumiku.apps.studio.authoring import Authoring

    return Authoring(gallery(), stores.paces(), render)


@cache
def telling_totals() -> "TellingTotals":
    """What accounts did with templates, on its way to the totals."""
    from lumiku.services.projects.telling_totals import TellingTotals

    return TellingTotals(stores.templates(), utc_now)
