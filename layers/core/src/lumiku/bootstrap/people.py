"""Who there is: registering, logging in, and what administrators do."""

from functools import cache
from typing import TYPE_CHECKING

from lumiku import settings
from lumiku.bootstrap import stores
from lumiku.bootstrap.aws import client, rows
from lumiku.services.clock import utc_now

if TYPE_CHECKING:
    from lumiku.adapters.people.teams import TeamTable
    from lumiku.services.people.administration import Administration
    from lumiku.services.people.entering import Door
    from lumiku.services.people.identity import People
    from lumiku.services.people.keys import Keys
    from lumiku.services.people.teams import Teams


def _pool_id() -> str:
    return settings.read(settings.DirectorySettings).USER_POOL_ID


@cache
def people() -> "People":
    """Registering and logging in."""
    from lumiku.adapters.people.identity import CognitoIdentity
    from lumiku.services.people.identity import People

    client_id = settings.read(settings.IdentitySettings).USER_POOL_CLIENT_ID
    cognito = client("cognito-idp")
    identity = CognitoIdentity(cognito, _pool_id(), client_id)
    return People(identity, stores.accounts(), stores.paces(), utc_now)


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

    return Door(DoorTable(rows()), utc_now)


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
    from lumiku.adapters.people.directory import CognitoDirectory
    from lumiku.apps.remover.prices import APP
    from lumiku.services.people.administration import Administration

    directory = CognitoDirectory(client("cognito-idp"), _pool_id())
    return Administration(
        APP, directory, stores.wallets(), stores.ledger(), stores.transactions(), utc_now
    )
