"""Clients of AWS, and the table and bucket that all parts share.

Clients are botocore's: what boto3 adds nobody uses, and it takes a tenth of a small function's cold
start.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.credentials import Credentials
from botocore.session import get_session

from lumiku import settings
from lumiku.adapters.rows import Rows

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

    from lumiku.domain.reach import Reach

CONFIG = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}
)


SESSION = get_session()


def client(service: str, config: Config = CONFIG) -> Any:
    """A client of that service."""
    return SESSION.create_client(service, config=config)


def credentials() -> Credentials | None:
    """What requests are signed with at this moment."""
    return SESSION.get_credentials()


@cache
def rows() -> Rows:
    """The table."""
    table = settings.read(settings.TableSettings).TABLE_NAME
    return Rows(client("dynamodb"), table)


@cache
def sqs() -> "SQSClient":
    """Queues, for functions that delay their own messages."""
    made: SQSClient = client("sqs")
    return made


@cache
def state_machines() -> "SFNClient":
    """Step Functions."""
    made: SFNClient = client("stepfunctions")
    return made


def bucket() -> str:
    """Name of the bucket."""
    return settings.read(settings.PhotoSettings).PHOTOS_BUCKET


def reach() -> "Reach":
    """Only a laptop may call itself, and only if it was told to."""
    from lumiku.domain.reach import Reach

    found = settings.read(settings.WebhookSettings)
    return Reach(loopback=found.STAGE == "local" and found.WEBHOOK_LOOPBACK == "allowed")


def photos_host() -> str:
    """Host that links to photos name; the bucket's when empty."""
    return settings.read(settings.PhotoSettings).PHOTOS_HOST
