"""Registering and logging in."""

from functools import cache

import boto3

from lumiku import settings
from lumiku.adapters.money.accounts import AccountTable
from lumiku.adapters.money.wallets import DeskTable
from lumiku.adapters.people.identity import CognitoIdentity
from lumiku.bootstrap.aws import CONFIG, dynamodb, table
from lumiku.services.clock import utc_now
from lumiku.services.people.identity import People


@cache
def people() -> People:
    """Registering and logging in."""
    client_id = settings.read(settings.IdentitySettings).USER_POOL_CLIENT_ID
    pool_id = settings.read(settings.DirectorySettings).USER_POOL_ID
    cognito = CognitoIdentity(boto3.client("cognito-idp", config=CONFIG), pool_id, client_id)
    accounts = AccountTable(dynamodb(), table())
    return People(cognito, accounts, DeskTable(dynamodb(), table()), utc_now)
