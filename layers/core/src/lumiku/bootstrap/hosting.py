"""Asking hosted providers."""

import random
import time
from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import rows
from lumiku.domain.hosting.models import HOSTED_MODELS
from lumiku.domain.hosting.routes import read_routes
from lumiku.domain.reach import Reach
from lumiku.services.clock import utc_now
from photo_steps import QUALITIES

if TYPE_CHECKING:
    from lumiku.services.hosting.asking import Hosting

ONE_QUICK_TRY = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
"""Of reading keys: within `MIN_CALL_S`, and `Hosting` is what repeats it."""


@cache
def hosting() -> "Hosting | None":
    """Asking hosted providers; None, and nothing of them loaded, where everything is local."""
    found = settings.read(settings.ProviderSettings)
    reach = Reach(loopback=found.STAGE == "local")
    routes = read_routes(found.PROVIDER_ROUTES, QUALITIES, HOSTED_MODELS, reach)
    if not routes.hosted:
        return None
    if not found.PROVIDER_SECRET_ARN:
        raise ValueError("ProviderRoutes has hosted entries, but there is no ProviderSecretArn.")
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    from lumiku.adapters.hosting.breaker import BreakerTable
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
        utc_now,
        time.sleep,
        random.random,
    )
