"""The composition root: which adapter stands behind which use case. Built once per sandbox."""

import random
import time
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from lumiku import settings
from lumiku.adapters import archives
from lumiku.adapters.accounts import AccountTable
from lumiku.adapters.breaker import BreakerTable
from lumiku.adapters.business import BusinessTable
from lumiku.adapters.desk import DeskTable
from lumiku.adapters.directory import CognitoDirectory
from lumiku.adapters.events import EventBus
from lumiku.adapters.executions import StateMachine
from lumiku.adapters.groups import GroupTable
from lumiku.adapters.identity import CognitoIdentity
from lumiku.adapters.invoices import InvoiceTable
from lumiku.adapters.jobs import JobTable
from lumiku.adapters.ledger import LedgerTable
from lumiku.adapters.mail import MailTable, SesMailer
from lumiku.adapters.photos import PhotoBucket
from lumiku.adapters.plans import PlanTable
from lumiku.adapters.sandbox_gateway import SandboxGateway
from lumiku.adapters.settle_queue import SettleQueueSqs
from lumiku.adapters.slots import SlotTable
from lumiku.adapters.transactions import TransactionTable
from lumiku.adapters.webhook_posts import HttpPoster
from lumiku.adapters.webhooks import DeliveryQueue, EndpointTable
from lumiku.domain.hosted_models import HOSTED_MODELS
from lumiku.domain.routes import read_routes
from lumiku.domain.webhooks import Reach
from lumiku.services.administration import Administration
from lumiku.services.announcing import Announcements
from lumiku.services.archiving import Archiving
from lumiku.services.auditing import Auditing
from lumiku.services.batch_retries import BatchRetries
from lumiku.services.batch_views import BatchDesk
from lumiku.services.batches import Batches
from lumiku.services.business import BusinessDesk
from lumiku.services.clock import utc_now
from lumiku.services.closing import Closing
from lumiku.services.credits import Credits
from lumiku.services.following import Follow
from lumiku.services.group_sweeping import GroupSweeping
from lumiku.services.hosting import Hosting
from lumiku.services.identity import People
from lumiku.services.jobs import Jobs
from lumiku.services.mailing import Mailing
from lumiku.services.overview import Overviews
from lumiku.services.payments import Payments
from lumiku.services.pricing import Pricing
from lumiku.services.processing import Develop, Processing
from lumiku.services.settlement import Settlement
from lumiku.services.statements import Statements
from lumiku.services.statistics import StatisticsDesk
from lumiku.services.submissions import Submissions
from lumiku.services.subscriptions import Subscriptions
from lumiku.services.sweeping import Sweeping
from lumiku.services.webhooks import Deliveries, WebhookDesk
from lumiku.trail import follow

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)


@cache
def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_CONFIG)


def _table() -> str:
    return settings.read(settings.TableSettings).TABLE_NAME


@cache
def job_table() -> JobTable:
    """Job rows."""
    return JobTable(_dynamodb(), _table())


@cache
def _transactions() -> TransactionTable:
    return TransactionTable(_dynamodb(), _table())


@cache
def photo_bucket() -> PhotoBucket:
    """Photos, results and weights."""
    bucket = settings.read(settings.PhotoSettings).PHOTOS_BUCKET
    # Presigned requests are signed with the old version unless told otherwise.
    config = _CONFIG.merge(Config(signature_version="s3v4"))
    return PhotoBucket(boto3.client("s3", config=config), bucket)


@cache
def _settle_queue() -> SettleQueueSqs:
    return SettleQueueSqs(sqs(), settings.read(settings.SettleSettings).SETTLE_QUEUE_URL)


@cache
def sqs() -> "SQSClient":
    """Queues, for functions that delay their own messages."""
    return boto3.client("sqs", config=_CONFIG)


@cache
def people() -> People:
    """Registering and logging in."""
    client_id = settings.read(settings.IdentitySettings).USER_POOL_CLIENT_ID
    pool_id = settings.read(settings.DirectorySettings).USER_POOL_ID
    cognito = CognitoIdentity(boto3.client("cognito-idp", config=_CONFIG), pool_id, client_id)
    accounts = AccountTable(_dynamodb(), _table())
    return People(cognito, accounts, DeskTable(_dynamodb(), _table()), utc_now)


@cache
def accounts() -> AccountTable:
    """Balances and settings."""
    return AccountTable(_dynamodb(), _table())


@cache
def administration() -> Administration:
    """What administrators do to accounts."""
    pool_id = settings.read(settings.DirectorySettings).USER_POOL_ID
    directory = CognitoDirectory(boto3.client("cognito-idp", config=_CONFIG), pool_id)
    desk = DeskTable(_dynamodb(), _table())
    return Administration(directory, desk, _ledger(), _transactions(), utc_now)


@cache
def business() -> BusinessDesk:
    """How the service does as a business."""
    return BusinessDesk(BusinessTable(_dynamodb(), _table()), utc_now)


@cache
def submissions() -> Submissions:
    """Taking photos in."""
    desk = DeskTable(_dynamodb(), _table())
    return Submissions(desk, _transactions(), photo_bucket(), utc_now)


@cache
def jobs() -> Jobs:
    """Looking at jobs."""
    return Jobs(job_table(), photo_bucket(), utc_now)


@cache
def credits() -> Credits:
    """Balances."""
    return Credits(AccountTable(_dynamodb(), _table()), _transactions(), utc_now)


@cache
def _ledger() -> LedgerTable:
    return LedgerTable(_dynamodb(), _table())


@cache
def pricing() -> Pricing:
    """Prices before anything is ordered."""
    return Pricing(DeskTable(_dynamodb(), _table()), utc_now)


@cache
def statements() -> Statements:
    """Ledgers as their owners read them."""
    return Statements(AccountTable(_dynamodb(), _table()), _ledger())


@cache
def statistics() -> StatisticsDesk:
    """What was ordered, and what it cost."""
    return StatisticsDesk(_ledger(), utc_now)


@cache
def overviews() -> Overviews:
    """Accounts at a glance."""
    desk = DeskTable(_dynamodb(), _table())
    return Overviews(desk, statistics(), _transactions(), utc_now)


@cache
def auditing() -> Auditing:
    """Whether ledgers and balances agree."""
    return Auditing(AccountTable(_dynamodb(), _table()), _ledger(), utc_now)


@cache
def _plans() -> PlanTable:
    return PlanTable(_dynamodb(), _table())


@cache
def _gateway() -> SandboxGateway | None:
    """Nobody takes money where nothing is set up, and the sandbox never does in production."""
    stage = settings.read(settings.StageSettings)
    may_play = stage.STAGE != "prod" and stage.PAYMENT_GATEWAY == "sandbox"
    return SandboxGateway() if may_play else None


@cache
def payments() -> Payments:
    """Invoices and what paying them does."""
    invoices = InvoiceTable(_dynamodb(), _table())
    return Payments(invoices, _plans(), _transactions(), _gateway(), utc_now)


@cache
def subscriptions() -> Subscriptions:
    """Plans of users."""
    return Subscriptions(_plans(), payments(), _transactions(), utc_now)


@cache
def _groups() -> GroupTable:
    return GroupTable(_dynamodb(), _table())


@cache
def _waiting() -> StateMachine:
    return StateMachine(boto3.client("stepfunctions", config=_CONFIG))


@cache
def batches() -> Batches:
    """Taking batches in."""
    arn = settings.read(settings.StateMachineSettings).BATCH_STATE_MACHINE
    executions = StateMachine(boto3.client("stepfunctions", config=_CONFIG), arn)
    desk = DeskTable(_dynamodb(), _table())
    return Batches(desk, _groups(), _transactions(), photo_bucket(), executions, utc_now)


@cache
def closing() -> Closing:
    """Ending batches."""
    return Closing(_groups(), photo_bucket(), _waiting(), _transactions(), utc_now)


@cache
def batch_desk() -> BatchDesk:
    """Looking at batches."""
    return BatchDesk(_groups(), batches(), closing(), photo_bucket(), utc_now)


@cache
def batch_retries() -> BatchRetries:
    """Trying failed photos again."""
    return BatchRetries(_groups(), batches(), photo_bucket(), utc_now)


@cache
def group_sweeping(follow: Follow) -> GroupSweeping:
    """Batches that were left behind."""
    return GroupSweeping(_groups(), batches(), closing(), utc_now, follow)


@cache
def announcements() -> Announcements:
    """Telling that a batch is closed."""
    bus = settings.read(settings.EventSettings).EVENT_BUS
    events = EventBus(boto3.client("events", config=_CONFIG), bus)
    return Announcements(_groups(), events)


@cache
def mailing() -> Mailing:
    """Writing to the owners of closed batches; a mail that may have gone out is not repeated."""
    sender = settings.read(settings.MailSettings).MAIL_SENDER
    config = _CONFIG.merge(Config(retries={"total_max_attempts": 1}))
    mailer = SesMailer(boto3.client("ses", config=config), sender) if sender else None
    marks = MailTable(_dynamodb(), _table())
    return Mailing(_groups(), accounts(), marks, mailer)


@cache
def archiving() -> Archiving:
    """Making ZIPs."""
    bucket = settings.read(settings.PhotoSettings).PHOTOS_BUCKET
    config = _CONFIG.merge(archives.CLIENT).merge(Config(read_timeout=60))
    return Archiving(_groups(), archives.ArchiveBucket(boto3.client("s3", config=config), bucket))


@cache
def processing(develop: Develop) -> Processing:
    """Putting photos through their workflows; `develop` comes from the imaging side."""
    return Processing(
        job_table(),
        photo_bucket(),
        _settle_queue(),
        _groups(),
        _waiting(),
        develop,
        utc_now,
        follow,
    )


@cache
def hosting() -> Hosting | None:
    """Asking hosted providers; None, and nothing of them loaded, where every tier is local."""
    found = settings.read(settings.ProviderSettings)
    reach = Reach(loopback=found.STAGE == "local")
    routes = read_routes(found.PROVIDER_ROUTES, HOSTED_MODELS, reach)
    if not routes.hosted:
        return None
    if not found.PROVIDER_SECRET_ARN:
        raise ValueError("ProviderRoutes has hosted entries, but there is no ProviderSecretArn.")
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    from lumiku.adapters.keyed_providers import KeyedProviders, price_today

    secrets = SecretsProvider(boto_config=_CONFIG)
    keyed = KeyedProviders(secrets, found.PROVIDER_SECRET_ARN, routes.base_urls, reach)
    return Hosting(
        routes.hosted,
        keyed.provider,
        price_today,
        job_table(),
        BreakerTable(_dynamodb(), _table(), utc_now),
        SlotTable(_dynamodb(), _table(), routes.concurrency, utc_now),
        utc_now,
        time.sleep,
        random.random,
    )


@cache
def settlement() -> Settlement:
    """Refunds of failed jobs."""
    return Settlement(job_table(), _transactions(), _groups(), _waiting(), utc_now, follow)


@cache
def sweeping(follow: Follow) -> Sweeping:
    """Jobs that were left behind."""
    return Sweeping(job_table(), photo_bucket(), _settle_queue(), _transactions(), utc_now, follow)


def _reach() -> Reach:
    """Only a laptop may call itself, and only if it was told to."""
    found = settings.read(settings.WebhookSettings)
    return Reach(loopback=found.STAGE == "local" and found.WEBHOOK_LOOPBACK == "allowed")


@cache
def webhook_desk() -> WebhookDesk:
    """Endpoints of webhooks."""
    return WebhookDesk(EndpointTable(_dynamodb(), _table()), _reach(), utc_now)


@cache
def deliveries() -> Deliveries:
    """Sending events to the endpoints of customers."""
    outbox = DeliveryQueue(sqs(), settings.read(settings.WebhookQueueSettings).WEBHOOK_QUEUE_URL)
    poster = HttpPoster(_reach())
    return Deliveries(EndpointTable(_dynamodb(), _table()), outbox, poster, utc_now)
