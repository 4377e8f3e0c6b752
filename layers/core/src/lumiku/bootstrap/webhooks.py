"""Endpoints of customers, and what is sent there."""

from functools import cache

from lumiku import settings
from lumiku.adapters.telling.posts import HttpPoster
from lumiku.adapters.telling.webhooks import DeliveryQueue, EndpointTable
from lumiku.bootstrap.aws import dynamodb, sqs, table
from lumiku.domain.telling.webhooks import Reach
from lumiku.services.clock import utc_now
from lumiku.services.telling.webhooks import Deliveries, WebhookDesk


def _reach() -> Reach:
    """Only a laptop may call itself, and only if it was told to."""
    found = settings.read(settings.WebhookSettings)
    return Reach(loopback=found.STAGE == "local" and found.WEBHOOK_LOOPBACK == "allowed")


@cache
def webhook_desk() -> WebhookDesk:
    """Endpoints of webhooks."""
    return WebhookDesk(EndpointTable(dynamodb(), table()), _reach(), utc_now)


@cache
def deliveries() -> Deliveries:
    """Sending events to the endpoints of customers."""
    outbox = DeliveryQueue(sqs(), settings.read(settings.WebhookQueueSettings).WEBHOOK_QUEUE_URL)
    poster = HttpPoster(_reach())
    return Deliveries(EndpointTable(dynamodb(), table()), outbox, poster, utc_now)
