"""Telling that a batch is closed, and writing about it."""

from functools import cache

import boto3
from botocore.config import Config

from lumiku import settings
from lumiku.adapters.telling.events import EventBus
from lumiku.adapters.telling.mail import MailTable, SesMailer
from lumiku.bootstrap.aws import CONFIG, accounts, dynamodb, groups, table
from lumiku.services.telling.announcing import Announcements
from lumiku.services.telling.mailing import Mailing


@cache
def announcements() -> Announcements:
    """Telling that a batch is closed."""
    bus = settings.read(settings.EventSettings).EVENT_BUS
    events = EventBus(boto3.client("events", config=CONFIG), bus)
    return Announcements(groups(), events)


@cache
def mailing() -> Mailing:
    """Writing to the owners of closed batches; a mail that may have gone out is not repeated."""
    sender = settings.read(settings.MailSettings).MAIL_SENDER
    config = CONFIG.merge(Config(retries={"total_max_attempts": 1}))
    mailer = SesMailer(boto3.client("ses", config=config), sender) if sender else None
    marks = MailTable(dynamodb(), table())
    return Mailing(groups(), accounts(), marks, mailer)
