"""What administrators see and do."""

from functools import cache

import boto3

from lumiku import settings
from lumiku.adapters.money.business import BusinessTable
from lumiku.adapters.money.wallets import DeskTable
from lumiku.adapters.people.directory import CognitoDirectory
from lumiku.bootstrap.aws import CONFIG, dynamodb, table, transactions
from lumiku.bootstrap.credits import ledger
from lumiku.services.clock import utc_now
from lumiku.services.money.business import BusinessDesk
from lumiku.services.people.administration import Administration


@cache
def administration() -> Administration:
    """What administrators do to accounts."""
    pool_id = settings.read(settings.DirectorySettings).USER_POOL_ID
    directory = CognitoDirectory(boto3.client("cognito-idp", config=CONFIG), pool_id)
    desk = DeskTable(dynamodb(), table())
    return Administration(directory, desk, ledger(), transactions(), utc_now)


@cache
def business() -> BusinessDesk:
    """How the service does as a business."""
    return BusinessDesk(BusinessTable(dynamodb(), table()), utc_now)
