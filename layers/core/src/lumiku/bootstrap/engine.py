"""From an upload to its result."""

import random
import time
from functools import cache

from botocore.config import Config

from lumiku import settings
from lumiku.adapters.hosting.breaker import BreakerTable
from lumiku.adapters.hosting.slots import SlotTable
from lumiku.adapters.work.queues import SettleQueueSqs
from lumiku.bootstrap.aws import (
    dynamodb,
    groups,
    job_table,
    lanes,
    photo_bucket,
    sqs,
    table,
    transactions,
    waiting,
)
from lumiku.domain.hosting.models import HOSTED_MODELS
from lumiku.domain.hosting.routes import read_routes
from lumiku.domain.telling.webhooks import Reach
from lumiku.services.clock import utc_now
from lumiku.services.following import Follow
from lumiku.services.hosting.asking import Hosting
from lumiku.services.work.attempts import Develop
from lumiku.services.work.processing import Processing
from lumiku.services.work.settlement import Settlement
from lumiku.services.work.sweeping import Sweeping
from lumiku.trail import follow
from photo_steps import QUALITIES

ONE_QUICK_TRY = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
"""Of reading keys: within `MIN_CALL_S`, and `Hosting` is what repeats it."""


@cache
def _settle_queue() -> SettleQueueSqs:
    return SettleQueueSqs(sqs(), settings.read(settings.SettleSettings).SETTLE_QUEUE_URL)


@cache
def processing(develop: Develop) -> Processing:
    """Putting photos through their workflows; `develop` comes from the imaging side."""
    return Processing(
        job_table(),
        photo_bucket(),
        _settle_queue(),
        groups(),
        waiting(),
        develop,
        utc_now,
        follow,
    )


@cache
def hosting() -> Hosting | None:
    """Asking hosted providers; None, and nothing of them loaded, where everything is local."""
    found = settings.read(settings.ProviderSettings)
    reach = Reach(loopback=found.STAGE == "local")
    routes = read_routes(found.PROVIDER_ROUTES, QUALITIES, HOSTED_MODELS, reach)
    if not routes.hosted:
        return None
    if not found.PROVIDER_SECRET_ARN:
        raise ValueError("ProviderRoutes has hosted entries, but there is no ProviderSecretArn.")
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    from lumiku.adapters.hosting.keyed_providers import KeyedProviders, price_today

    secrets = SecretsProvider(boto_config=ONE_QUICK_TRY)
    keyed = KeyedProviders(secrets, found.PROVIDER_SECRET_ARN, routes.base_urls, reach)
    return Hosting(
        routes.hosted,
        keyed.provider,
        price_today,
        job_table(),
        BreakerTable(dynamodb(), table(), utc_now),
        SlotTable(dynamodb(), table(), routes.concurrency, utc_now),
        utc_now,
        time.sleep,
        random.random,
    )


@cache
def settlement() -> Settlement:
    """Refunds of failed jobs."""
    return Settlement(job_table(), transactions(), groups(), waiting(), utc_now, follow)


@cache
def sweeping(follow: Follow) -> Sweeping:
    """Jobs that were left behind."""
    return Sweeping(
        job_table(), photo_bucket(), _settle_queue(), lanes(), transactions(), utc_now, follow
    )
