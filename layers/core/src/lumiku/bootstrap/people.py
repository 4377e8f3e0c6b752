"""Who there is: registering, logging in, and what administrators do."""

import hmac
from functools import cache
from typing import TYPE_CHECKING

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import bucket, client, rows
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.adapters.keys import Keys as SecretKeys
    from lumiku.adapters.people.belongings import BelongingTable
    from lumiku.adapters.people.directory import CognitoDirectory
    from lumiku.adapters.people.files import FileBucket
    from lumiku.adapters.people.identity import CognitoIdentity
    from lumiku.adapters.people.takeouts import TakeoutTable
    from lumiku.adapters.people.teams import TeamTable
    from lumiku.services.people.administration import Administration
    from lumiku.services.people.entering import Door
    from lumiku.services.people.erasing import Erasing
    from lumiku.services.people.identity import People
    from lumiku.services.people.keys import Keys
    from lumiku.services.people.leaving import AddressHash, Leaving
    from lumiku.services.people.packing import PackingTakeouts
    from lumiku.services.people.takeouts import TakingOut
    from lumiku.services.people.teams import Teams


def _pool_id() -> str:
    return settings.read(settings.DirectorySettings).USER_POOL_ID


@cache
def _identity() -> "CognitoIdentity":
    from lumiku.adapters.people.identity import CognitoIdentity

    client_id = settings.read(settings.IdentitySettings).USER_POOL_CLIENT_ID
    return CognitoIdentity(client("cognito-idp"), _pool_id(), client_id)


@cache
def _directory() -> "CognitoDirectory":
    from lumiku.adapters.people.directory import CognitoDirectory

    return CognitoDirectory(client("cognito-idp"), _pool_id())


@cache
def _takeouts() -> "TakeoutTable":
    from lumiku.adapters.people.takeouts import TakeoutTable

    return TakeoutTable(rows())


@cache
def _files() -> "FileBucket":
    from lumiku.adapters.people.files import FileBucket

    return FileBucket(client("s3"), bucket())


@cache
def _belongings() -> "BelongingTable":
    from lumiku.adapters.people.belongings import BelongingTable

    return BelongingTable(rows())


@cache
def _address_hash() -> "AddressHash":
    """By a key that only this deployment has, which is read when one is needed."""
    arn = settings.read(settings.AddressSettings).ADDRESS_KEY_ARN

    @cache
    def secret_keys() -> "SecretKeys":
        from aws_lambda_powertools.utilities.parameters import SecretsProvider

        from lumiku.adapters.keys import Keys

        return Keys(SecretsProvider(), arn)

    def hashed(email: str) -> str:
        return hmac.digest(secret_keys().key("addresses").encode(), email.encode(), "sha256").hex()

    return hashed


@cache
def people() -> "People":
    """Registering and logging in."""
    from lumiku.services.people.identity import People

    hashed = _address_hash()

    def former_month(email: str) -> str | None:
        return stores.leavers().free_month(hashed(email))

    return People(_identity(), stores.accounts(), stores.paces(), former_month, utc_now)


@cache
def keys() -> "Keys":
    """API keys."""
    from lumiku.adapters.people.keys import KeyTable
    from lumiku.services.people.keys import Keys

    return Keys(KeyTable(rows()), utc_now)


@cache
def door() -> "Door":
    """The way into workspaces."""
    from lumiku.adapters.people.doors import DoorTable
    from lumiku.services.people.entering import Door

    return Door(DoorTable(rows()), stores.is_leaving, utc_now)


@cache
def teams() -> "Teams":
    """Members of workspaces and invitations to them."""
    from lumiku.adapters.people.keys import KeyTable
    from lumiku.services.people.teams import Teams

    return Teams(team_table(), stores.accounts(), KeyTable(rows()), stores.paces(), utc_now)


@cache
def team_table() -> "TeamTable":
    """Rows of teams."""
    from lumiku.adapters.people.teams import TeamTable

    return TeamTable(rows())


@cache
def administration() -> "Administration":
    """What administrators do to accounts; they see the remover's plans."""
    from lumiku.apps.remover.prices import APP
    from lumiku.services.people.administration import Administration

    return Administration(
        APP, _directory(), stores.wallets(), stores.ledger(), stores.transactions(), utc_now
    )


@cache
def leaving() -> "Leaving":
    """Asking for an account to be deleted."""
    from lumiku.services.people.leaving import Leaving

    return Leaving(_identity(), _directory(), stores.leavers(), _address_hash(), utc_now)


@cache
def taking_out() -> "TakingOut":
    """Copies of all data of an account."""
    from lumiku.services.people.takeouts import TakingOut

    return TakingOut(_takeouts(), stores.paces(), stores.photos(), utc_now)


@cache
def packing_takeouts() -> "PackingTakeouts":
    """Making those copies."""
    from lumiku.services.people.packing import PackingTakeouts

    return PackingTakeouts(
        _takeouts(),
        stores.leavers(),
        _directory(),
        _belongings(),
        _files(),
        stores.archives(),
        utc_now,
    )


@cache
def erasing() -> "Erasing":
    """Erasing accounts."""
    from lumiku.bootstrap import work
    from lumiku.services.people.erasing import Erasing

    return Erasing(
        stores.leavers(),
        _directory(),
        stores.jobs(),
        stores.groups(),
        work.closing(),
        stores.transactions(),
        _files(),
        _belongings(),
        utc_now,
    )
