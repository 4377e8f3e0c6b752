"""Asking hosted providers."""

import random
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import rows
from lumiku.domain.hosting.models import HOSTED_MODELS, price_microusd
from lumiku.domain.hosting.routes import Names, Routes, read_routes
from lumiku.domain.reach import Reach
from lumiku.services.clock import utc_now
from photo_steps import QUALITIES

if TYPE_CHECKING:
    from lumiku.services.hosting.asking import Hosting
    from lumiku.services.hosting.sharing import Sharing

ROUTES: Names = {
    **dict.fromkeys(QUALITIES, ("cutout", "mask")),
    "ai-simple": ("backdrop",),
    "ai-complex": ("filled",),
    "relight": ("relit",),
}
"""What steps ask for."""
MOST_PIXELS = 1_000_000
"""No step asks for more."""
ONE_QUICK_TRY = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
"""Of reading keys: within `MIN_CALL_S`, and `Hosting` is what repeats it."""


@cache
def hosting() -> "Hosting | None":
    """Asking hosted providers; None, and nothing of them loaded, where everything is local."""
    found = settings.read(settings.ProviderSettings)
    routes, reach = _routes(found)
    if not routes.hosted:
        return None
    if not found.PROVIDER_SECRET_ARN:
        raise ValueError("ProviderRoutes has hosted entries, but there is no ProviderSecretArn.")
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    from lumiku.adapters.hosting.breaker import BreakerTable
    from lumiku.adapters.hosting.budgets import BudgetTable
    from lumiku.adapters.hosting.keyed_providers import KeyedProviders, price_today
    from lumiku.adapters.hosting.slots import SlotTable
    from lumiku.adapters.keys import Keys
    from lumiku.services.hosting.asking import Hosting

    keys = Keys(SecretsProvider(boto_config=ONE_QUICK_TRY), found.PROVIDER_SECRET_ARN)
    keyed = KeyedProviders(keys, routes.base_urls, reach)
    return Hosting(
        routes.hosted,
        keyed.provider,
        price_today,
        stores.jobs(),
        BreakerTable(rows(), utc_now),
        SlotTable(rows(), routes.concurrency, utc_now),
        BudgetTable(rows(), routes.budgets, utc_now),
        utc_now,
        time.sleep,
        random.random,
    )


@cache
def sharing() -> "Sharing":
    """Asking once for all jobs of a group."""
    from lumiku.adapters.hosting.shared_answers import SharedAnswerTable
    from lumiku.services.hosting.sharing import Sharing

    return Sharing(SharedAnswerTable(rows(), utc_now), stores.photos(), utc_now, time.sleep)


@cache
def dearest() -> Mapping[str, int]:
    """Routes with hosted entries, and what the dearest of these bills for one answer.

    In millionths of a dollar, for as many pixels as steps ask for.
    """
    routes, _ = _routes(settings.read(settings.RouteSettings))
    today = utc_now().date()
    return {
        name: max(price_microusd(entry, today, MOST_PIXELS) for entry in chain)
        for name, chain in routes.hosted.items()
    }


def _routes(found: settings.RouteSettings) -> tuple[Routes, Reach]:
    reach = Reach(loopback=found.STAGE == "local")
    return read_routes(found.PROVIDER_ROUTES, ROUTES, HOSTED_MODELS, reach), reach
