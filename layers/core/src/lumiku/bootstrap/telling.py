"""Telling of closed groups: the bus, mails, webhooks."""

from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config

from lumiku import settings
from lumiku.bootstrap import aws, people, stores
from lumiku.bootstrap.aws import CONFIG, client, rows, sqs
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.adapters.telling.mail import SesMailer
    from lumiku.services.telling.announcing import Announcements
    from lumiku.services.telling.letters import Writing
    from lumiku.services.telling.mailing import Mailing
    from lumiku.services.telling.webhooks import Deliveries, Webhooks


@cache
def announcements() -> "Announcements":
    """Telling that a group is closed."""
    from lumiku.adapters.telling.events import EventBus
    from lumiku.services.telling.announcing import Announcements

    bus = settings.read(settings.EventSettings).EVENT_BUS
    events = EventBus(client("events"), bus)
    return Announcements(stores.groups(), events)


@cache
def mailing() -> "Mailing":
    """Writing to the owners of closed groups."""
    from lumiku.adapters.telling.mail import MailTable
    from lumiku.services.telling.mailing import Mailing

    return Mailing(
        stores.groups(),
        stores.accounts(),
        stores.brands(),
        MailTable(rows()),
        _mailer(),
        utc_now,
    )


@cache
def writing() -> "Writing":
    """Writing about renewals, payments and teams."""
    from lumiku.adapters.money.invoices import InvoiceTable
    from lumiku.adapters.telling.letters import LetterTable
    from lumiku.services.telling.letters import Writing

    return Writing(
        LetterTable(rows()),
        stores.accounts(),
        stores.brands(),
        InvoiceTable(rows()),
        stores.plans(),
        stores.ledger(),
        people.team_table(),
        settings.read(settings.PageSettings).PAGE_URL,
        _mailer(),
        utc_now,
    )


def _mailer() -> "SesMailer | None":
    """Sends once: a mail that may have gone out is not repeated."""
    from lumiku.adapters.telling.mail import SesMailer

    sender = settings.read(settings.MailSettings).MAIL_SENDER
    config = CONFIG.merge(Config(retries={"total_max_attempts": 1}))
    return SesMailer(client("ses", config), sender) if sender else None


@cache
def webhooks() -> "Webhooks":
    """Endpoints of webhooks."""
    from lumiku.adapters.telling.webhooks import EndpointTable
    from lumiku.services.telling.webhooks import Webhooks

    return Webhooks(EndpointTable(rows()), aws.reach(), utc_now)


@cache
def deliveries() -> "Deliveries":
    """Sending events to the endpoints of customers."""
    from lumiku.adapters.telling.posts import HttpPoster
    from lumiku.adapters.telling.webhooks import DeliveryQueue, EndpointTable
    from lumiku.services.telling.webhooks import Deliveries

    outbox = DeliveryQueue(sqs, settings.read(settings.WebhookQueueSettings).WEBHOOK_QUEUE_URL)
    return Deliveries(EndpointTable(rows()), outbox, HttpPoster(aws.reach()), utc_now)
